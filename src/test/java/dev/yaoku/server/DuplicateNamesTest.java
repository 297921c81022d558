package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The four choices of {@code contract.duplicate-names}, each as a client sees it (quirk D2). */
class DuplicateNamesTest {
  @TempDir Path scratch;

  private LiveServer with(String choice) throws IOException {
    return new LiveServer(
        scratch.resolve("data"), Map.of("contract.duplicate-names", choice, "quotas.keys", "50"));
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  private static String rename(String key, String name) {
    return about(key, ",'key_alias':'" + name + "'");
  }

  private static String doomed(Tenant tenant, String name) {
    String key = tenant.key(name, "");
    tenant.ok("schedule-key-deletion", about(key, ",'pending_days':'7'"));
    return key;
  }

  private static String create(Tenant tenant, String name) {
    return tenant.kms("create-key", "{'key_alias':'" + name + "'}").code();
  }

  @Test
  void aNameOfALivingKeyIsRefusedAndOneOfADoomedKeyIsFree() throws IOException {
    try (LiveServer server = with("refuse")) {
      Tenant tenant = Tenant.first(server);
      String other = tenant.key("other", "");
      String old = doomed(tenant, "name");
      tenant.ok("update-key-alias", rename(other, "name"));
      assertThat(create(tenant, "name")).isEqualTo("KMS.1104");
      assertThat(tenant.kms("update-key-alias", rename(tenant.key("x", ""), "name")).code())
          .isEqualTo("KMS.1104");
      assertThat(tenant.kms("cancel-key-deletion", about(old, "")).code()).isEqualTo("KMS.1104");
      // A key keeps its own name.
      tenant.ok("update-key-alias", rename(other, "name"));
    }
  }

  @Test
  void aNameOfADoomedKeyIsRefusedUntilTheKeyHasAnother() throws IOException {
    try (LiveServer server = with("refuse-also-deleted")) {
      Tenant tenant = Tenant.first(server);
      String other = tenant.key("other", "");
      String old = doomed(tenant, "name");
      assertThat(create(tenant, "name")).isEqualTo("KMS.1104");
      assertThat(tenant.kms("update-key-alias", rename(other, "name")).is(400).code())
          .isEqualTo("KMS.1104");
      assertThat(tenant.ok("describe-key", about(other, "")).text("/key_info/key_alias"))
          .isEqualTo("other");
      tenant.ok("cancel-key-deletion", about(old, ""));
      tenant.ok("update-key-alias", rename(old, "another"));
      tenant.ok("update-key-alias", rename(other, "name"));
    }
  }

  @Test
  void aNameOfADoomedKeyReturnsThatKey() throws IOException {
    try (LiveServer server = with("return-deleted")) {
      Tenant tenant = Tenant.first(server);
      String old = doomed(tenant, "name");
      assertThat(tenant.key("name", "")).isEqualTo(old);
      assertThat(tenant.ok("describe-key", about(old, "")).text("/key_info/key_state"))
          .isEqualTo("4");
      tenant.ok("cancel-key-deletion", about(old, ""));
      tenant.ok("enable-key", about(old, ""));
      assertThat(create(tenant, "name")).isEqualTo("KMS.1104");
    }
  }

  @Test
  void severalKeysMayHaveOneName() throws IOException {
    try (LiveServer server = with("allow")) {
      Tenant tenant = Tenant.first(server);
      String first = tenant.key("name", "");
      String second = tenant.key("name", "");
      assertThat(second).isNotEqualTo(first);
      String old = doomed(tenant, "name");
      tenant.ok("update-key-alias", rename(tenant.key("x", ""), "name"));
      tenant.ok("cancel-key-deletion", about(old, ""));
      assertThat(tenant.ok("list-keys", "{}").at("/total").intValue()).isEqualTo(4);
    }
  }
}
