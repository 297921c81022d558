package dev.yaoku.api.huawei;

import static dev.yaoku.api.huawei.Calls.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.audit.Rating;
import dev.yaoku.key.Key;
import dev.yaoku.service.KeyWorld;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AliasTest {
  @TempDir Path directory;
  private KeyWorld world;
  private Calls calls;
  private Key key;

  @BeforeEach
  void open() {
    world = KeyWorld.in(directory);
    calls = new Calls(world);
    key = world.key();
  }

  @AfterEach
  void close() {
    world.close();
  }

  private Calls.Reply create(Key of, String alias) {
    return calls.call("CreateAlias", json("{'key_id':'" + of.id() + "','alias':'" + alias + "'}"));
  }

  private Calls.Reply associate(String alias, Key to) {
    return calls.call(
        "AssociateAlias", json("{'alias':'" + alias + "','target_key_id':'" + to.id() + "'}"));
  }

  private Calls.Reply encrypt(Caller caller, String keyId) {
    String body = json("{'key_id':'" + keyId + "','plain_text':'hello'}");
    return calls.call(
        caller, "EncryptData", Map.of(), List.of(), body.getBytes(StandardCharsets.UTF_8));
  }

  private Calls.Reply encrypt(String keyId) {
    return encrypt(world.alice(), keyId);
  }

  private Key ofSpec(String name, String more) {
    Calls.Reply made = calls.call("CreateKey", json("{'key_alias':'" + name + "'," + more + "}"));
    return world.store.read(
        tx -> tx.key(new dev.yaoku.key.KeyId(made.text("/key_info/key_id"))).orElseThrow());
  }

  @Test
  void anAliasIsAnsweredAsItWasSent() {
    Calls.Reply made = create(key, "alias/prod");

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.body())
        .isEqualTo(
            json(
                "{'domain_id':'"
                    + KeyWorld.ACCOUNT
                    + "','key_id':'"
                    + key.id()
                    + "','alias':'alias/prod','alias_urn':'kms:cn-north-4:"
                    + KeyWorld.ACCOUNT
                    + ":alias:prod','create_time':'2026-11-22T10:00:00Z',"
                    + "'update_time':'2026-11-22T10:00:00Z'}"));
  }

  @Test
  void anAliasAndItsUrnStandForTheKey() {
    create(key, "prod");

    assertThat(encrypt("alias/prod").text("/key_id")).isEqualTo(key.id().text());
    assertThat(encrypt("kms:cn-north-4:" + KeyWorld.ACCOUNT + ":alias:prod").text("/key_id"))
        .isEqualTo(key.id().text());
    assertThat(encrypt("kms:cn-north-4:" + KeyWorld.ACCOUNT + ":KeyId:" + key.id()).status())
        .isEqualTo(200);
    for (String account : List.of(KeyWorld.OTHER_ACCOUNT, "f".repeat(32), "nonsense")) {
      assertThat(encrypt("kms:cn-north-4:" + account + ":KeyId:" + key.id()).code())
          .isEqualTo("KMS.0207");
    }
    assertThat(encrypt("kms:eu-1:" + KeyWorld.ACCOUNT + ":alias:prod").code())
        .isEqualTo("KMS.0205");
    assertThat(encrypt("alias/other").code()).isEqualTo("KMS.0207");
  }

  @Test
  void anAliasIsUnknownOutsideItsProjectAndAccount() {
    create(key, "prod");

    assertThat(encrypt(world.aliceElsewhere(), "alias/prod").code()).isEqualTo("KMS.0207");
    assertThat(encrypt(world.mallory(), "alias/prod").code()).isEqualTo("KMS.0207");
    assertThat(
            encrypt(world.mallory(), "kms:cn-north-4:" + KeyWorld.ACCOUNT + ":alias:prod").code())
        .isEqualTo("KMS.0207");
  }

  @Test
  void withAndWithoutPrefixItIsTheSameAlias() {
    create(key, "alias/prod");

    assertThat(create(world.key(), "prod").code()).isEqualTo("KMS.1104");
  }

  @ParameterizedTest
  @ValueSource(strings = {"alias/", "a b", "ä", "alias/a*"})
  void anAliasHasPlainCharacters(String alias) {
    assertThat(create(key, alias).code()).isEqualTo("KMS.1101");
  }

  @Test
  void aKeyHasFiftyAliasesAtMost() {
    for (int i = 0; i < 50; i++) {
      assertThat(create(key, "a" + i).status()).isEqualTo(201);
    }

    assertThat(create(key, "one-more").code()).isEqualTo("KMS.1105");
    assertThat(associate("one-more", key).code()).isEqualTo("KMS.1105");
  }

  @Test
  void aMovedAliasStandsForTheOtherKeyAtOnce() {
    Key other = world.key();
    create(key, "prod");
    encrypt("alias/prod");
    world.jump(Duration.ofSeconds(5));

    Calls.Reply moved = associate("alias/prod", other);

    assertThat(moved.text("/key_id")).isEqualTo(other.id().text());
    assertThat(moved.text("/alias")).as("as it was sent last").isEqualTo("alias/prod");
    assertThat(moved.text("/create_time")).isEqualTo("2026-11-22T10:00:00Z");
    assertThat(moved.text("/update_time")).isEqualTo("2026-11-22T10:00:05Z");
    assertThat(encrypt("alias/prod").text("/key_id")).isEqualTo(other.id().text());
  }

  @Test
  void aMoveIsAWarningThatNamesBothKeys() {
    Key other = world.key();
    create(key, "prod");

    associate("prod", other);

    assertThat(world.recorded)
        .filteredOn(event -> event.trace().equals("moveAlias"))
        .singleElement()
        .satisfies(event -> {
          assertThat(event.rating()).isEqualTo(Rating.WARNING);
          assertThat(event.detail()).contains(key.id().text(), other.id().text());
        });
  }

  @Test
  void anAliasThatIsNotThereIsMadeByAssociating() {
    assertThat(associate("alias/new", key).status()).isEqualTo(200);
    assertThat(encrypt("alias/new").status()).isEqualTo(200);
  }

  @Test
  void anAliasDoesNotMoveToAKeyWhoseBytesSomebodyKnows() {
    create(key, "prod");

    assertThat(associate("prod", ofSpec("known", "'origin':'external'")).code())
        .isEqualTo("KMS.0308");
    assertThat(encrypt("alias/prod").text("/key_id")).isEqualTo(key.id().text());
  }

  @Test
  void withoutTheRightNothingMoves() {
    Key other = world.key();
    create(key, "prod");
    world.denied.add(Action.ASSOCIATE_ALIAS);

    assertThat(associate("prod", other).status()).isEqualTo(403);
    assertThat(encrypt("alias/prod").text("/key_id")).isEqualTo(key.id().text());
  }

  @Test
  void aDeletedAliasStandsForNothing() {
    create(key, "prod");
    encrypt("alias/prod");

    assertThat(
            calls
                .call("DeleteAlias", json("{'key_id':'" + key.id() + "','aliases':['prod']}"))
                .status())
        .isEqualTo(204);
    assertThat(encrypt("alias/prod").code()).isEqualTo("KMS.0207");
  }

  @Test
  void onlyTheKeysOwnAliasesAreDeletedAndAllOrNone() {
    create(key, "mine");
    create(world.key(), "theirs");

    assertThat(
            calls
                .call(
                    "DeleteAlias",
                    json("{'key_id':'" + key.id() + "','aliases':['mine','theirs']}"))
                .code())
        .isEqualTo("KMS.0207");
    assertThat(encrypt("alias/mine").status()).isEqualTo(200);
  }

  @Test
  void keysThatWaitForDeletionAndDefaultKeysGetNoAlias() {
    calls.call("DeleteKey", json("{'key_id':'" + key.id() + "','pending_days':'7'}"));

    assertThat(create(key, "prod").code()).isEqualTo("KMS.0210");
    assertThat(create(world.defaultKey(), "obs").code()).isEqualTo("KMS.0211");
  }

  @Test
  void aPurgedKeyTakesItsAliasesAlong() {
    create(key, "prod");
    calls.call("DeleteKey", json("{'key_id':'" + key.id() + "','pending_days':'7'}"));
    world.pass(Duration.ofDays(15));
    world.services().deletions().purgeDue();

    assertThat(create(world.key(), "prod").status()).isEqualTo(201);
  }

  @Test
  void othersThanTheSdksGetAnObject() {
    create(key, "a1");
    create(key, "a2");

    Calls.Reply first = calls.query("ListAliases", "limit", "1");

    assertThat(first.headers()).containsEntry("Vary", "User-Agent");
    assertThat(first.json().at("/aliases").size()).isEqualTo(1);
    assertThat(first.text("/page_info/next_marker")).isEqualTo("1");
    assertThat(first.json().at("/page_info/current_count").isInt()).isTrue();
    Calls.Reply second = calls.query("ListAliases", "limit", "1", "marker", "1");
    assertThat(second.text("/page_info/next_marker")).isEmpty();
  }

  @Test
  void anUnknownKeyHasNoAliasesAndThatIsNoError() {
    Calls.Reply none = calls.query("ListAliases", "key_id", "00000000-0000-4000-8000-000000000000");

    assertThat(none.body())
        .isEqualTo(json("{'aliases':[],'page_info':{'next_marker':'','current_count':0}}"));
    assertThat(calls.query("ListAliases", "key_id", "what").code()).isEqualTo("KMS.0205");
  }

  @Test
  void anArrayCanBeHadForAll() {
    HuaweiOptions array =
        new HuaweiOptions(false, false, false, false, HuaweiOptions.AliasList.ARRAY);

    assertThat(new Calls(world, array).query("ListAliases").body()).startsWith("[{");
  }
}
