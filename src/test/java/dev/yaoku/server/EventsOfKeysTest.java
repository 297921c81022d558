package dev.yaoku.server;

import static dev.yaoku.server.Staff.allow;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * What happened to a key is found in the log by its id alone: the event of a request names all keys
 * that it was about, also those that nobody told the caller of.
 */
class EventsOfKeysTest {
  private static final String FAR = "cn-south-1";

  @TempDir static Path folder;
  private static LiveServer server;
  private static RequestEvents events;
  private static Tenant owner;

  @BeforeAll
  static void start() throws IOException {
    Path data = folder.resolve("data");
    server = new LiveServer(data, Map.of("regions.others", FAR));
    events = new RequestEvents(data);
    owner = Tenant.first(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void assertAbout(Reply reply, String key, String... others) {
    JsonNode event = events.of(reply);
    assertThat(event.at("/resource_type").asString("")).as(event.toString()).isEqualTo("cmk");
    assertThat(event.at("/resource_id").asString("")).as(event.toString()).isEqualTo(key);
    assertThat(event.at("/other_keys"))
        .as(event.toString())
        .extracting(JsonNode::asString)
        .containsExactlyInAnyOrder(others);
  }

  private static String encrypted(String key) {
    return owner
        .ok("encrypt-data", "{'key_id':'" + key + "','plain_text':'x'}")
        .text("/cipher_text");
  }

  private static Reply moved(Tenant who, String ciphertext, String to) {
    return who.kms(
        "re-encrypt", "{'cipher_text':'" + ciphertext + "','destination_key_id':'" + to + "'}");
  }

  @Test
  void aReencryptionNamesTheKeyThatItOpened() {
    String from = owner.key("opened", "");
    String to = owner.key("closed", "");

    assertAbout(moved(owner, encrypted(from), to).is(200), to, from);
  }

  @Test
  void aReencryptionThatFindsNoDestinationNamesBoth() {
    String from = owner.key("opened-for-nothing", "");
    String nowhere = UUID.randomUUID().toString();

    assertAbout(moved(owner, encrypted(from), nowhere).is(404), nowhere, from);
  }

  @Test
  void aReencryptionByWhoMayNotOpenNamesTheKeyThatStaysClosed() {
    String from = owner.key("stays-closed", "");
    String to = owner.key("for-others", "");
    Tenant person = new Staff(owner).holding(allow("'kms:dek:crypto'"));

    assertAbout(moved(person, encrypted(from), to), from);
  }

  @Test
  void aKeyThatTheCallerMayNotSeeIsNamed() {
    String hidden = owner.key("hidden", "");
    owner.ok("aliases", "{'key_id':'" + hidden + "','alias':'alias/hidden'}");
    Tenant person =
        new Staff(owner)
            .holding(
                allow(
                    "'kms:cmk:get','kms:cmk:disable'",
                    "StringEquals",
                    "kms:RequestAlias",
                    "alias/other"));

    for (String name : List.of(hidden, "alias/hidden")) {
      assertAbout(person.kms("describe-key", "{'key_id':'" + name + "'}").is(404), hidden);
      assertAbout(person.kms("disable-key", "{'key_id':'" + name + "'}").is(404), hidden);
    }
  }

  @Test
  void theEventOfAForeignKeySaysNoMoreThanThatOfOneThatIsNowhere() {
    String foreign = owner.key("foreign", "");
    String nowhere = UUID.randomUUID().toString();
    Tenant other = Tenant.another(server);

    for (String operation : List.of("describe-key", "disable-key", "enable-key-rotation")) {
      JsonNode there = events.of(other.kms(operation, "{'key_id':'" + foreign + "'}").is(404));
      JsonNode none = events.of(other.kms(operation, "{'key_id':'" + nowhere + "'}").is(404));
      assertThat(there.at("/resource_id").asString("")).isEqualTo(foreign);
      assertThat(none.at("/resource_id").asString("")).isEqualTo(nowhere);
      assertThat(there.propertyNames()).isEqualTo(none.propertyNames());
      assertThat(there.at("/resource_name").isMissingNode()).isTrue();
    }
  }

  @Test
  void anAliasThatMovesNamesTheKeyThatItLeft() {
    String left = owner.key("left", "");
    String joined = owner.key("joined", "");
    owner.ok("aliases", "{'key_id':'" + left + "','alias':'alias/moves'}");

    assertAbout(
        owner
            .kms("alias/associate", "{'target_key_id':'" + joined + "','alias':'alias/moves'}")
            .is(200),
        joined,
        left);
  }

  @Test
  void anAttemptToTakeAnAliasFromAHiddenKeyNamesThatKey() {
    String hidden = owner.key("has-the-alias", "");
    owner.ok("aliases", "{'key_id':'" + hidden + "','alias':'alias/taken'}");
    String own = owner.key("wants-the-alias", "");
    Tenant person =
        new Staff(owner)
            .holding(
                allow("'kms:alias:*','kms:cmk:*'"),
                "{'Effect':'Deny','Action':['*'],'Resource':['kms:*:*:KeyId:" + hidden + "']}");

    String order = "{'target_key_id':'" + own + "','alias':'alias/taken'}";
    Reply refused = person.kms("alias/associate", order).is(404);
    assertAbout(refused, own, hidden);

    String request = refused.raw().headers().firstValue("X-Request-Id").orElseThrow();
    String explained =
        owner.send("GET", "/yaoku/v1/refusals/" + request, "").is(200).text("/resource");
    assertThat(explained).as("what the decision was about").isEqualTo("KeyId:" + hidden);
  }

  @Test
  void aListOfAKeysAliasesNamesTheKey() {
    String key = owner.key("named-by-others", "");
    String list = "/v1.0/" + owner.project + "/kms/aliases?key_id=" + key;

    assertAbout(owner.send("GET", list, "").is(200), key);
  }

  @Test
  void membersOfASetAreNamedWithEachOther() {
    String primary = owner.key("primary", "");
    String replicate = "/v2/" + owner.project + "/kms/keys/" + primary + "/replicate";
    String order =
        "{'replica_region':'%s','replica_project_id':'%s','key_alias':'r'}"
            .formatted(FAR, server.projectIn(FAR));
    Reply made = owner.send("POST", replicate, order).is(200);
    String replica = made.text("/key_id");
    assertAbout(made, primary, replica);

    Tenant there = owner.in(server.projectIn(FAR));
    String sealed = "{'cipher_text':'" + encrypted(primary) + "'}";
    assertAbout(there.kms("decrypt-data", sealed).is(200), replica, primary);
    String named = sealed.replace("{", "{'key_id':'" + replica + "',");
    assertAbout(there.kms("decrypt-data", named).is(200), replica, primary);
    Reply datakey =
        owner.ok("create-datakey", "{'key_id':'" + primary + "','datakey_length':'512'}");
    String wrapped =
        "{'key_id':'%s','cipher_text':'%s','datakey_cipher_length':'64'}"
            .formatted(replica, datakey.text("/cipher_text"));
    assertAbout(there.kms("decrypt-datakey", wrapped).is(200), replica, primary);
    String own = owner.in(server.projectIn(FAR)).key("own", "");
    String moved = "{'destination_key_id':'" + own + "'," + sealed.substring(1);
    assertAbout(there.kms("re-encrypt", moved).is(200), own, primary, replica);

    String promote = "/v2/" + owner.project + "/kms/keys/" + primary + "/update-primary-region";
    Reply promoted = owner.send("PUT", promote, "{'primary_region':'" + FAR + "'}").is(200);
    assertAbout(promoted, primary, replica);
  }
}
