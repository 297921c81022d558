package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * At its deletion date a key is gone, and with it what hangs on it, though for some days the
 * operator can still bring it back (SECURITY_DESIGN C3).
 */
class GoneKeysTest {
  @TempDir Path scratch;

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  private static void pass(Tenant tenant, Duration time) {
    String body = "{'forward_seconds':" + time.toSeconds() + "}";
    tenant.send("POST", "/dev/clock", body).is(200);
  }

  @Test
  void aliasesTagsAndGrantsGoWithTheirKey() throws IOException {
    try (LiveServer server =
        new LiveServer(scratch.resolve("data"), Map.of("dev.enabled", "true"))) {
      Tenant tenant = Tenant.first(server);
      String key = tenant.key("old", "");
      String other = tenant.key("stays", "");
      tenant.ok("aliases", about(key, ",'alias':'alias/orders'"));
      tenant.ok("aliases", about(key, ",'alias':'alias/bills'"));
      tenant.ok(key + "/tags", "{'tag':{'key':'only','value':'here'}}");
      tenant.ok(key + "/tags", "{'tag':{'key':'env','value':'old'}}");
      tenant.ok(key + "/tags", "{'tag':{'key':'both','value':'same'}}");
      tenant.ok(other + "/tags", "{'tag':{'key':'env','value':'new'}}");
      tenant.ok(other + "/tags", "{'tag':{'key':'both','value':'same'}}");
      tenant.ok(
          "create-grant",
          about(key, ",'grantee_principal':'someone','operations':['describe-key']"));
      tenant.ok("schedule-key-deletion", about(key, ",'pending_days':'7'"));

      pass(tenant, Duration.ofDays(7).minusMinutes(5));
      assertThat(tenant.call("GET", "/kms/aliases", "").at("/aliases")).hasSize(2);
      assertThat(tenant.call("GET", "/kms/tags", "").at("/tags")).hasSize(3);
      assertThat(tenant.ok("list-retirable-grants", "{}").at("/total").intValue()).isEqualTo(1);

      pass(tenant, Duration.ofMinutes(5));
      assertThat(tenant.call("GET", "/kms/aliases", "").is(200).at("/aliases")).isEmpty();
      assertThat(tenant.call("GET", "/kms/aliases?key_id=" + key, "").is(200).at("/aliases"))
          .isEmpty();
      assertThat(tenant.call("GET", "/kms/tags", "").at("/tags").toString())
          .isEqualTo(
              "[{\"key\":\"both\",\"values\":[\"same\"]},{\"key\":\"env\",\"values\":[\"new\"]}]");
      assertThat(tenant.ok("list-retirable-grants", "{}").at("/total").intValue()).isZero();
      assertThat(tenant.kms("list-grants", about(key, "")).code()).isEqualTo("KMS.0207");
      assertThat(tenant.kms("describe-key", about("alias/orders", "")).code())
          .isEqualTo("KMS.0207");
      assertThat(tenant.call("GET", "/kms/" + key + "/tags", "").code()).isEqualTo("KMS.0207");

      // The names are free again.
      tenant.ok("aliases", about(other, ",'alias':'alias/orders'")).is(201);
      String move = "{'alias':'alias/bills','target_key_id':'" + other + "'}";
      tenant.ok("alias/associate", move).is(200);
      assertThat(tenant.ok("describe-key", about("alias/orders", "")).text("/key_info/key_id"))
          .isEqualTo(other);
    }
  }
}
