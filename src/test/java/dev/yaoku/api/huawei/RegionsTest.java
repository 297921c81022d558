package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.service.KeyWorld;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of several regions, as clients see them. */
class RegionsTest {
  private static final String TARGET =
      "'replica_region':'%s','replica_project_id':'%s'"
          .formatted(KeyWorld.FAR_REGION, KeyWorld.FAR_PROJECT);

  @TempDir Path directory;
  private final AtomicInteger names = new AtomicInteger();
  private KeyWorld world;
  private Calls calls;

  @BeforeEach
  void open() {
    world = KeyWorld.in(directory);
    calls = new Calls(world);
  }

  @AfterEach
  void close() {
    world.close();
  }

  private String name() {
    return "'key_alias':'r-" + names.incrementAndGet() + "'";
  }

  private String key() {
    return world.key().id().text();
  }

  private Calls.Reply on(Caller caller, String operation, String key, String members) {
    byte[] body = Calls.json("{" + members + "}").getBytes(StandardCharsets.UTF_8);
    return calls.call(caller, operation, Map.of("key_id", key), List.of(), body);
  }

  private Calls.Reply replicate(String key, String members) {
    return on(world.alice(), "ReplicateKey", key, members);
  }

  private String replica(String key) {
    return replicate(key, TARGET + "," + name()).text("/key_id");
  }

  private Calls.Reply promote(String key, String members) {
    return on(world.alice(), "UpdatePrimaryRegion", key, members);
  }

  private String described(Caller caller, String key, String member) {
    return on(caller, "ListKeyDetail", key, "'key_id':'" + key + "'").text("/key_info/" + member);
  }

  @Test
  void theAnswersAreTheContracts() {
    String key = key();
    Calls.Reply made = replicate(key, "'key_id':'" + key + "'," + TARGET + "," + name());
    assertThat(made.status()).isEqualTo(200);
    assertThat(made.json().propertyNames()).containsExactly("key_id", "domain_id", "region");
    assertThat(made.text("/domain_id")).isEqualTo(KeyWorld.ACCOUNT);
    assertThat(made.text("/region")).isEqualTo(KeyWorld.FAR_REGION);
    assertThat(made.text("/key_id")).hasSize(36).isNotEqualTo(key);

    Calls.Reply swapped = promote(key, "'primary_region':'" + KeyWorld.FAR_REGION + "'");
    assertThat(swapped.body())
        .isEqualTo(
            Calls.json(
                "{'key_id':'%s','primary_region':'%s'}".formatted(key, KeyWorld.FAR_REGION)));
  }

  @Test
  void describeSaysWhatAKeyIsAmongItsLikes() {
    String key = key();
    assertThat(described(world.alice(), key, "multi_region_key_type")).isEqualTo("SINGLE");
    String replica = replica(key);
    assertThat(described(world.alice(), key, "multi_region_key_type")).isEqualTo("PRIMARY");
    assertThat(described(world.aliceFarAway(), replica, "multi_region_key_type"))
        .isEqualTo("REPLICA");
    assertThat(described(world.aliceFarAway(), replica, "realm")).isEqualTo(KeyWorld.FAR_REGION);
    assertThat(calls.call("ListKeys", "{}").text("/key_details/0/multi_region_key_type"))
        .isEqualTo("PRIMARY");
  }

  @Test
  void replicaTakesNamesAndTagsOfItsOwn() {
    String key = key();
    String replica =
        replicate(
                key,
                TARGET
                    + ",'key_alias':'own','key_description':'words','enterprise_project_id':"
                    + "'0d0466b0-e727-4d9c-b35d-f84bb474a37f','tags':[{'key':'env','value':'p'}]")
            .text("/key_id");
    Caller there = world.aliceFarAway();
    assertThat(described(there, replica, "key_alias")).isEqualTo("own");
    assertThat(described(there, replica, "key_description")).isEqualTo("words");
    assertThat(described(there, replica, "sys_enterprise_project_id"))
        .isEqualTo("0d0466b0-e727-4d9c-b35d-f84bb474a37f");
    assertThat(on(there, "ShowKmsTags", replica, "").text("/tags/0/value")).isEqualTo("p");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "KMS.0205 | 'key_id':'0d0466b0-e727-4d9c-b35d-f84bb474a37f',$target,$name",
        "KMS.0204 | 'replica_project_id':'x',$name",
        "KMS.0204 | 'replica_region':'cn-south-1',$name",
        "KMS.0204 | $target",
        "KMS.1101 | $target,'key_alias':''",
        "KMS.1101 | $target,'key_alias':'no name'",
        "KMS.1101 | $target,'key_alias':'obs/default'",
        "KMS.1104 | $target,'key_alias':'taken'",
        "KMS.1103 | $target,$name,'key_description':'$long'",
        "KMS.0308 | $target,$name,'enterprise_project_id':'nothing'",
        "KMS.0308 | $target,$name,'key_description':{}",
        "KMS.0308 | 'replica_region':'nowhere','replica_project_id':'x',$name",
        "KMS.0308 | 'replica_region':'cn-north-4','replica_project_id':'$second',$name",
        "KMS.0308 | 'replica_region':'cn-south-1','replica_project_id':'$second',$name",
        "KMS.0308 | 'replica_region':'cn-south-1','replica_project_id':'$foreign',$name",
        "KMS.0308 | 'replica_region':'cn-south-1','replica_project_id':'\\u0000',$name",
        "KMS.0308 | 'replica_region':'cn-south-1','replica_project_id':'$long',$name",
        "KMS.0411 | $target,$name,'tags':[{'key':''}]",
        "KMS.0412 | $target,$name,'tags':[{'key':'a'},{'key':'a'}]",
        "KMS.0414 | $target,$name,'tags':'a'",
        "KMS.0409 | $target,$name,'tags':[$tags]",
      })
  void badMembersOfAReplicationChangeNothing(String code, String members) {
    world.services().creation().create(world.aliceFarAway(), KeyWorld.order("taken"));
    String key = key();
    StringBuilder tags = new StringBuilder();
    for (int i = 0; i < 21; i++) {
      tags.append(i == 0 ? "" : ",").append("{'key':'k" + i + "'}");
    }
    String filled =
        members
            .replace("$target", TARGET)
            .replace("$name", name())
            .replace("$second", KeyWorld.SECOND_PROJECT)
            .replace("$foreign", KeyWorld.OTHER_FAR_PROJECT)
            .replace("$long", "x".repeat(256))
            .replace("$tags", tags);

    assertThat(replicate(key, filled).code()).isEqualTo(code);
    assertThat(described(world.alice(), key, "multi_region_key_type")).isEqualTo("SINGLE");
    assertThat(world.services().queries().customKeys(world.aliceFarAway())).isEqualTo(1);
  }

  @Test
  void foreignAndUnknownProjectsAreRefusedAlike() {
    String key = key();
    String foreign = replicate(key, replaced(KeyWorld.OTHER_FAR_PROJECT)).body();
    assertThat(replicate(key, replaced("f".repeat(32))).body()).isEqualTo(foreign);
    assertThat(replicate(key, replaced(KeyWorld.SECOND_PROJECT)).body()).isEqualTo(foreign);
  }

  private String replaced(String project) {
    return TARGET.replace(KeyWorld.FAR_PROJECT, project) + "," + name();
  }

  @Test
  void quotaAndRegionAreSaid() {
    String key = key();
    for (int i = 0; i < 99; i++) {
      world.services().creation().create(world.aliceFarAway(), KeyWorld.order("far-" + i));
    }
    replica(key);
    assertThat(replicate(key, TARGET + "," + name()).code()).isEqualTo("KMS.0308");
    assertThat(replicate(key(), TARGET + "," + name()).code()).isEqualTo("KMS.1105");
  }

  @Test
  void everyRefusalOfARole() {
    String key = key();
    String far = "'primary_region':'" + KeyWorld.FAR_REGION + "'";
    assertThat(promote(key, far).code()).isEqualTo("KMS.3803");
    String replica = replica(key);
    assertThat(promote(key, "").code()).isEqualTo("KMS.0204");
    assertThat(promote(key, far + ",'key_id':'" + replica + "'").code()).isEqualTo("KMS.0205");
    assertThat(promote(key, "'primary_region':'cn-north-4'").code()).isEqualTo("KMS.0308");
    assertThat(promote(key, "'primary_region':'nowhere'").code()).isEqualTo("KMS.0308");
    assertThat(promote(replica, far).code()).isEqualTo("KMS.0207");
    assertThat(promote("no-id", far).code()).isEqualTo("KMS.0205");
    Caller there = world.aliceFarAway();
    on(there, "DisableKey", replica, "'key_id':'" + replica + "'");
    assertThat(promote(key, far).code()).isEqualTo("KMS.3801");
    on(there, "EnableKey", replica, "'key_id':'" + replica + "'");
    on(world.alice(), "DisableKey", key, "'key_id':'" + key + "'");
    assertThat(promote(key, far).code()).isEqualTo("KMS.0209");
    assertThat(on(there, "UpdatePrimaryRegion", replica, far).code()).isEqualTo("KMS.3802");
    on(world.alice(), "DeleteKey", key, "'key_id':'" + key + "','pending_days':'7'");
    assertThat(promote(key, far).code()).isEqualTo("KMS.0210");
    assertThat(described(there, replica, "multi_region_key_type")).isEqualTo("REPLICA");
  }

  @Test
  void keysInAKeystoreStayThere() {
    String keystore =
        calls
            .call(
                "CreateKeyStore",
                Calls.json("{'keystore_alias':'vault','hsm_cluster_id':'c-1','hsm_ca_cert':'PEM'}"))
            .text("/keystore/keystore_id");
    calls.call("EnableKeyStore", Map.of("keystore_id", keystore), "");
    String key =
        calls
            .call("CreateKey", Calls.json("{'key_alias':'filed','keystore_id':'" + keystore + "'}"))
            .text("/key_info/key_id");
    assertThat(replicate(key, TARGET + "," + name()).code()).isEqualTo("KMS.3801");
  }

  @Test
  void aReplicaIsRefusedWhatIsThePrimarys() {
    String replica = replica(key());
    Caller there = world.aliceFarAway();
    String third =
        "'replica_region':'%s','replica_project_id':'%s',%s"
            .formatted(KeyWorld.THIRD_REGION, KeyWorld.THIRD_PROJECT, name());
    assertThat(on(there, "ReplicateKey", replica, third).code()).isEqualTo("KMS.0106");
    String about = "'key_id':'" + replica + "'";
    assertThat(on(there, "EnableKeyRotation", replica, about).code()).isEqualTo("KMS.0106");
    String parameters = about + ",'wrapping_algorithm':'RSAES_OAEP_SHA_256'";
    assertThat(on(there, "CreateParametersForImport", replica, parameters).code())
        .isEqualTo("KMS.1404");
  }

  @Test
  void theRegionsAreAPageOfTheList() {
    assertThat(calls.query("ListSupportRegions").body())
        .isEqualTo(Calls.json("{'regions':['cn-north-4','cn-south-1','ap-southeast-3']}"));
    assertThat(calls.query("ListSupportRegions", "limit", "1", "offset", "1").body())
        .isEqualTo(Calls.json("{'regions':['cn-south-1']}"));
    assertThat(calls.query("ListSupportRegions", "limit", "50", "offset", "3").body())
        .isEqualTo(Calls.json("{'regions':[]}"));
    assertThat(calls.query("ListSupportRegions", "limit", "999999").status()).isEqualTo(200);
    assertThat(calls.query("ListSupportRegions", "limit", "0").code()).isEqualTo("KMS.1601");
    assertThat(calls.query("ListSupportRegions", "offset", "x").code()).isEqualTo("KMS.0417");
  }

  @Test
  void theUrnOfAnAliasNamesTheRegionOfItsProject() {
    String replica = replica(key());
    Calls.Reply made =
        on(
            world.aliceFarAway(),
            "CreateAlias",
            replica,
            "'key_id':'" + replica + "','alias':'alias/far'");
    String urn = made.text("/alias_urn");
    assertThat(urn).isEqualTo("kms:" + KeyWorld.FAR_REGION + ":" + KeyWorld.ACCOUNT + ":alias:far");
    assertThat(
            on(world.aliceFarAway(), "ListKeyDetail", "", "'key_id':'" + urn + "'")
                .text("/key_info/key_id"))
        .isEqualTo(replica);
  }
}
