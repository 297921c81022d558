package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** How much a project may own, what counts, and what is said about it (semantics.md 15, ADR 9). */
class QuotasTest {
  private static final String GRANTEE = "13gg44z4g2sglzk0egw0u726zoyzvrs8";

  @TempDir Path scratch;

  private LiveServer with(String... settings) throws IOException {
    Map<String, String> given = new HashMap<>(Map.of("dev.enabled", "true"));
    for (int i = 0; i < settings.length; i += 2) {
      given.put(settings[i], settings[i + 1]);
    }
    return new LiveServer(scratch.resolve("data"), given);
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  private static void used(Tenant tenant, int keys, int quota) {
    JsonNode quotas = tenant.call("GET", "/kms/user-quotas", "").is(200).at("/quotas/resources");
    assertThat(quotas).hasSize(2);
    assertThat(quotas.at("/0/type").stringValue()).isEqualTo("CMK");
    assertThat(quotas.at("/0/used").intValue()).isEqualTo(keys);
    assertThat(quotas.at("/0/quota").intValue()).isEqualTo(quota);
    assertThat(tenant.call("GET", "/kms/user-instances", "").at("/instance_num").intValue())
        .isEqualTo(keys);
  }

  @Test
  void keysOfEveryStateCountButNotThoseOfServicesNorThoseGone() throws IOException {
    try (LiveServer server = with("quotas.keys", "5")) {
      Tenant tenant = Tenant.first(server);
      tenant.defaultKey();
      tenant.key("enabled", "");
      tenant.ok("disable-key", about(tenant.key("disabled", ""), ""));
      tenant.key("pending-import", "'origin':'external'");
      String doomed = tenant.key("pending-deletion", "");
      tenant.ok("schedule-key-deletion", about(doomed, ",'pending_days':'7'"));
      used(tenant, 4, 5);
      tenant.key("fifth", "");
      used(tenant, 5, 5);

      Tenant.Reply refused = tenant.kms("create-key", "{'key_alias':'sixth'}").is(400);
      assertThat(refused.code()).isEqualTo("KMS.1105");
      assertThat(refused.text("/error/error_msg")).contains("5 keys");
      used(tenant, 5, 5);

      long days = Duration.ofDays(7).toSeconds();
      tenant.send("POST", "/dev/clock", "{'forward_seconds':" + days + "}").is(200);
      used(tenant, 4, 5);
      tenant.key("sixth", "");
    }
  }

  @Test
  void aQuotaIsTheProjectsOwn() throws IOException {
    try (LiveServer server = with("quotas.keys", "1")) {
      Tenant tenant = Tenant.first(server);
      tenant.key("one", "");
      assertThat(tenant.kms("create-key", "{'key_alias':'two'}").code()).isEqualTo("KMS.1105");
      Tenant elsewhere = tenant.elsewhere();
      used(elsewhere, 0, 1);
      elsewhere.key("one", "");
      Tenant.another(server).key("one", "");
    }
  }

  @Test
  void tagsAreLimitedPerKeyAndARefusalLeavesThemAlone() throws IOException {
    try (LiveServer server = with("quotas.tags", "2")) {
      Tenant tenant = Tenant.first(server);
      String key = tenant.key("tagged", "");
      tenant.ok(key + "/tags", "{'tag':{'key':'a','value':'1'}}");
      Tenant.Reply refused =
          tenant.kms(key + "/tags/action", "{'action':'create','tags':[{'key':'b'},{'key':'c'}]}");
      assertThat(refused.is(400).code()).isEqualTo("KMS.0409");
      tenant.ok(key + "/tags", "{'tag':{'key':'b','value':'2'}}");
      assertThat(tenant.kms(key + "/tags", "{'tag':{'key':'c'}}").code()).isEqualTo("KMS.0409");
      // A new value for a key that is there takes no room.
      tenant.ok(key + "/tags", "{'tag':{'key':'b','value':'3'}}");
      assertThat(tenant.call("GET", "/kms/" + key + "/tags", "").at("/tags")).hasSize(2);
    }
  }

  /** Clients replace tags by removing all of them and setting the new ones. */
  @Test
  void allTagsOfAKeyAreRemovedAtOnceHoweverManyItMayHave() throws IOException {
    String tags =
        IntStream.range(0, 30)
            .mapToObj(number -> "{'key':'k" + number + "','value':'v'}")
            .collect(Collectors.joining(","));
    try (LiveServer server = with("quotas.tags", "30")) {
      Tenant tenant = Tenant.first(server);
      String key = tenant.key("tagged", "");
      for (String action : List.of("create", "delete")) {
        tenant
            .kms(key + "/tags/action", "{'action':'" + action + "','tags':[" + tags + "]}")
            .is(204);
      }
      String more = "{'action':'delete','tags':[" + tags + ",{'key':'k30'}]}";
      assertThat(tenant.kms(key + "/tags/action", more).is(400).code()).isEqualTo("KMS.0407");
    }
  }

  /** An alias goes by its name with and without the prefix. */
  @Test
  void anAliasThatIsNamedTwiceIsRemovedOnce() throws IOException {
    try (LiveServer server = with("quotas.aliases", "2")) {
      Tenant tenant = Tenant.first(server);
      String key = tenant.key("named", "");
      tenant.ok("aliases", about(key, ",'alias':'alias/a'")).is(201);
      String twice = about(key, ",'aliases':['a','alias/a']");
      tenant.call("DELETE", "/kms/aliases", twice).is(204);
    }
  }

  @Test
  void aliasesAreLimitedPerKeyAlsoWhereTheyMoveTo() throws IOException {
    try (LiveServer server = with("quotas.aliases", "2")) {
      Tenant tenant = Tenant.first(server);
      String key = tenant.key("full", "");
      String other = tenant.key("other", "");
      tenant.ok("aliases", about(key, ",'alias':'alias/a'")).is(201);
      tenant.ok("aliases", about(key, ",'alias':'alias/b'")).is(201);
      assertThat(tenant.kms("aliases", about(key, ",'alias':'alias/c'")).is(400).code())
          .isEqualTo("KMS.1105");
      tenant.ok("aliases", about(other, ",'alias':'alias/c'")).is(201);
      String move = "{'alias':'alias/c','target_key_id':'" + key + "'}";
      assertThat(tenant.kms("alias/associate", move).is(400).code()).isEqualTo("KMS.1105");
      String fresh = "{'alias':'alias/d','target_key_id':'" + key + "'}";
      assertThat(tenant.kms("alias/associate", fresh).is(400).code()).isEqualTo("KMS.1105");
    }
  }

  @Test
  void grantsAreLimitedPerKeyAndPerGranteeAndTheQuotaSaysSo() throws IOException {
    try (LiveServer server = with("quotas.grants", "2")) {
      Tenant tenant = Tenant.first(server);
      JsonNode grants = tenant.call("GET", "/kms/user-quotas", "").at("/quotas/resources/1");
      assertThat(grants.at("/type").stringValue()).isEqualTo("grant_per_CMK");
      assertThat(grants.at("/quota").intValue()).isEqualTo(2);

      String key = tenant.key("granted", "");
      tenant.ok("create-grant", grant(key, GRANTEE));
      tenant.ok("create-grant", grant(key, GRANTEE));
      Tenant.Reply ofGrantee = tenant.kms("create-grant", grant(key, GRANTEE)).is(400);
      assertThat(ofGrantee.code()).isEqualTo("KMS.2405");
      assertThat(ofGrantee.text("/error/error_msg")).contains("A grantee can have at most 2");
      Tenant.Reply ofKey = tenant.kms("create-grant", grant(key, "another")).is(400);
      assertThat(ofKey.code()).isEqualTo("KMS.2404");
      assertThat(ofKey.text("/error/error_msg")).contains("A key can have at most 2");
      tenant.ok("create-grant", grant(tenant.key("room", ""), GRANTEE));
    }
  }

  @Test
  void accessPointsAndKeyPoliciesAreLimitedByOneSettingAndRefusedWithOneCode() throws IOException {
    try (LiveServer server = with("quotas.access-points", "1")) {
      Tenant tenant = Tenant.first(server);
      String inSpace = "{'keyspace_id':'" + KeySpaces.space() + "',";
      for (String call :
          List.of(
              "access-points|'access_point_name':'%s','type':3}|access points",
              "key-policies|'policy_name':'%s','policy':'{}'}|key policies")) {
        String[] parts = call.split("\\|", -1);
        String order = inSpace + parts[1];
        tenant.call("POST", "/kms/" + parts[0], order.formatted("one")).is(201);
        Tenant.Reply refused = tenant.kms(parts[0], order.formatted("two")).is(400);
        assertThat(refused.code()).isEqualTo("KMS.1105");
        assertThat(refused.text("/error/error_msg")).contains("1 " + parts[2]);
      }
    }
  }

  private static String grant(String key, String grantee) {
    return about(key, ",'grantee_principal':'" + grantee + "','operations':['describe-key']");
  }
}
