package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.store.EventTail;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * Somebody edits the database while the server is down. What he edited is refused and recorded; all
 * else goes on (SECURITY_DESIGN C1).
 */
class ForgedRowsTest {
  private static final String ENTERPRISE_PROJECT = "11111111-2222-4333-8444-555555555501";

  @TempDir Path scratch;
  private String victim = "";
  private String other = "";
  private String ciphertext = "";
  private int filed;

  private LiveServer start() throws IOException {
    return new LiveServer(scratch.resolve("data"), Map.of());
  }

  @BeforeEach
  void makesTwoKeys() throws IOException {
    try (LiveServer server = start()) {
      victim = server.kms("create-key", "{'key_alias':'victim'}", "/key_info/key_id");
      other = server.kms("create-key", "{'key_alias':'other'}", "/key_info/key_id");
      server.kms("disable-key", "{'key_id':'" + victim + "'}", "/key_info/key_id");
      String encrypted = "{'key_id':'" + other + "','plain_text':'hello'}";
      ciphertext = server.kms("encrypt-data", encrypted, "/cipher_text");
    }
  }

  private int sql(String statement) throws SQLException {
    try (Connection connection = open();
        Statement sql = connection.createStatement()) {
      return sql.executeUpdate(statement.replace("{victim}", victim).replace("{other}", other));
    }
  }

  private Connection open() throws SQLException {
    return DriverManager.getConnection("jdbc:sqlite:" + scratch.resolve("data/yaoku.db"));
  }

  private List<String> audited() {
    return EventTail.all(scratch.resolve("data/yaoku.db")).stream()
        .map(event -> new String(event.entry(), StandardCharsets.ISO_8859_1).substring(16))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "UPDATE \"key\" SET state = 'enabled' WHERE id = '{victim}'",
        "UPDATE \"key\" SET deletion_at = 1 WHERE id = '{victim}'",
        "UPDATE \"key\" SET usage = 'SIGN_VERIFY' WHERE id = '{victim}'",
        "UPDATE \"key\" SET project = 'ffffffffffffffffffffffffffffffff' WHERE id = '{victim}'",
        "UPDATE \"key\" SET row_mac = (SELECT row_mac FROM \"key\" WHERE id = '{other}') WHERE id ="
            + " '{victim}'",
      })
  void aKeyThatWasEditedIsRefusedByEveryOperationAndTheOthersWork(String edit)
      throws IOException, SQLException {
    assertThat(sql(edit)).isEqualTo(1);
    try (LiveServer server = start()) {
      for (String operation :
          List.of(
              "describe-key",
              "enable-key",
              "disable-key",
              "schedule-key-deletion",
              "cancel-key-deletion",
              "encrypt-data",
              "create-datakey",
              "create-datakey-without-plaintext",
              "update-key-alias",
              "update-key-description",
              "enable-key-rotation",
              "get-key-rotation-status",
              "create-grant",
              "list-grants")) {
        String body =
            "{'key_id':'%s','plain_text':'x','pending_days':'7','key_alias':'n','key_description':'d',"
                    .formatted(victim)
                + "'datakey_length':'256','grantee_principal':'0123456789abcdef0123456789abcdef',"
                + "'operations':['describe-key']}";
        JsonNode answer = server.kms(operation, body);
        assertThat(answer.at("/error/error_code").asString())
            .as(operation + " answered " + answer)
            .isEqualTo("KMS.0101");
      }
      JsonNode listed = server.kms("list-keys", "{'limit':'10'}");
      assertThat(listed.toString()).contains(other).doesNotContain(victim);
      String opened = "{'cipher_text':'" + ciphertext + "'}";
      assertThat(server.kms("decrypt-data", opened, "/plain_text")).isEqualTo("hello");
    }
    assertThat(audited())
        .anySatisfy(entry ->
            assertThat(entry)
                .contains("rowNotGenuine", "\"resource_type\":\"key\"", victim, "incident"));
  }

  @Test
  void materialOfAnotherKeyIsNotUsed() throws IOException, SQLException {
    assertThat(
            sql(
                "UPDATE key_version SET wrapped = (SELECT wrapped FROM key_version WHERE key_id ="
                    + " '{other}') WHERE key_id = '{victim}'"))
        .isEqualTo(1);
    try (LiveServer server = start()) {
      server.kms("enable-key", "{'key_id':'" + victim + "'}", "/key_info/key_id");
      JsonNode answer = server.kms("encrypt-data", "{'key_id':'" + victim + "','plain_text':'x'}");
      assertThat(answer.at("/error/error_code").asString()).isEqualTo("KMS.0101");
    }
    assertThat(audited())
        .anySatisfy(entry -> assertThat(entry).contains("rowNotGenuine", "key_version", victim));
  }

  @Test
  void anAccessKeyMovedToAnotherUserProvesNobody() throws IOException, SQLException {
    assertThat(sql("UPDATE access_key SET user = 'somebodyelse'")).isEqualTo(1);
    try (LiveServer server = start()) {
      assertThat(server.kms("list-keys", "{}").toString()).doesNotContain(other);
    }
    assertThat(audited())
        .anySatisfy(entry -> assertThat(entry).contains("rowNotGenuine", "access_key"));
  }

  @Test
  void anEditedRowIsRecordedOnceAMinuteHoweverOftenItIsAskedFor() throws Exception {
    sql("UPDATE \"key\" SET state = 'enabled' WHERE id = '{victim}'");
    try (LiveServer server = start()) {
      for (int i = 0; i < 50; i++) {
        server.kms("describe-key", "{'key_id':'" + victim + "'}");
      }
    }
    assertThat(audited().stream().filter(entry -> entry.contains("rowNotGenuine"))).hasSize(1);
  }

  @Test
  void aForgedRowHidesNoOtherInAListOverSeveralProjects() throws Exception {
    List<String> made = new ArrayList<>();
    try (LiveServer server = start()) {
      Tenant tenant = Tenant.first(server);
      made.add(filed(tenant.elsewhere()));
      made.addAll(List.of(filed(tenant), filed(tenant), filed(tenant)));
    }
    victim = made.removeLast();
    assertThat(sql("UPDATE \"key\" SET description = 'edited' WHERE id = '{victim}'")).isOne();

    try (LiveServer server = start()) {
      List<String> seen = new ArrayList<>();
      for (int offset = 0; offset < 6; offset += 2) {
        seen.addAll(page(Tenant.first(server), offset));
      }
      assertThat(seen).containsExactlyInAnyOrderElementsOf(made);
    }
  }

  private String filed(Tenant owner) {
    return owner.key("filed-" + filed++, "'enterprise_project_id':'" + ENTERPRISE_PROJECT + "'");
  }

  private static List<String> page(Tenant tenant, int offset) {
    String filter = "/v1.0/enterprise-projects/" + ENTERPRISE_PROJECT + "/resources/filter";
    return tenant
        .send("POST", filter, "{'limit':2,'offset':" + offset + "}")
        .is(200)
        .at("/resources")
        .valueStream()
        .map(resource -> resource.at("/resource_id").stringValue())
        .toList();
  }
}
