package dev.yaoku.server;

import static dev.yaoku.server.Staff.allow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Whatever a request calls a key, the event of its refusal names the key itself (SECURITY_DESIGN
 * H12).
 */
class RefusedKeysTest {
  @TempDir static Path folder;
  private static LiveServer server;
  private static RequestEvents events;
  private static Tenant person;
  private static String key = "";
  private static List<String> names = List.of();

  @BeforeAll
  static void start() throws IOException {
    Path data = folder.resolve("data");
    server = new LiveServer(data, Map.of("audit.refusals-in-full", "10000"));
    events = new RequestEvents(data);
    Tenant owner = Tenant.first(server);
    person = new Staff(owner).holding(allow("'kms:cmk:get','kms:cmk:list'"));
    key = owner.key("seen", "");
    owner.ok("aliases", "{'key_id':'" + key + "','alias':'alias/seen'}");
    String urn = "kms:" + server.known("region") + ":" + owner.account + ":";
    names = List.of(key, "alias/seen", urn + "alias:seen", urn + "KeyId:" + key);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "encrypt-data {'key_id':'$key','plain_text':'x'}",
        "create-datakey {'key_id':'$key','datakey_length':'512'}",
        "create-ec-datakey-pair {'key_id':'$key','key_spec':'ECC_NIST_P256'}",
        "disable-key {'key_id':'$key'}",
        "schedule-key-deletion {'key_id':'$key','pending_days':'7'}",
        "update-key-alias {'key_id':'$key','key_alias':'renamed'}",
        "enable-key-rotation {'key_id':'$key'}",
        "create-grant {'key_id':'$key','grantee_principal':'a','operations':['describe-key']}",
        "aliases {'key_id':'$key','alias':'alias/further'}",
        "alias/associate {'target_key_id':'$key','alias':'alias/further'}",
      })
  void theEventOfARefusalNamesTheKeyByItsIdWhateverTheRequestCalledIt(String request) {
    String[] parts = request.split(" ", 2);
    for (String name : names) {
      Reply refused = person.kms(parts[0], parts[1].replace("$key", name)).is(403);

      JsonNode event = events.of(refused);
      assertThat(event.at("/error_code").asString()).as(name).isEqualTo(refused.code());
      assertThat(event.at("/resource_type").asString()).as(name).isEqualTo("cmk");
      assertThat(event.at("/resource_id").asString("")).as(name).isEqualTo(key);
      assertThat(event.at("/resource_name").asString("")).as(name).isEqualTo("seen");
    }
  }
}
