package dev.yaoku.api.huawei;

import static dev.yaoku.api.huawei.Calls.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.key.Grant;
import dev.yaoku.key.Key;
import dev.yaoku.service.KeyWorld;
import dev.yaoku.service.Rules;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of grants that grantees gave (SECURITY_DESIGN M17). */
@SuppressWarnings("NullAway.Init") // each test opens its own world first
class GrantTreeTest {
  private static final String BOB = "b".repeat(32);
  private static final String CAROL = "c".repeat(32);
  private static final String DAVE = "d".repeat(32);
  private static final String ALL = "'operations':['encrypt-data','create-grant','retire-grant']";

  @TempDir Path directory;
  private KeyWorld world;
  private Calls calls;
  private Key key;
  private String toBob;
  private String toCarol;
  private String toDave;

  private void open(boolean cascade) {
    world = KeyWorld.in(directory, rules(cascade));
    calls = new Calls(world);
    key = world.key();
    toBob = granted(world.alice(), BOB);
    toCarol = granted(user(BOB), CAROL);
    toDave = granted(user(CAROL), DAVE);
  }

  private static Rules rules(boolean cascade) {
    Rules usual = KeyWorld.roomy();
    return new Rules(
        usual.regions(),
        usual.names(),
        usual.keysPerProjectMax(),
        usual.tagsPerKeyMax(),
        usual.aliasesPerKeyMax(),
        usual.grantsPerKeyMax(),
        cascade,
        usual.purgeGrace(),
        usual.cachedKeysMax(),
        usual.cachedBytesMax(),
        usual.cachedFor(),
        usual.chineseAlgorithms(),
        usual.freeAliasMoves(),
        0,
        usual.keySpaces());
  }

  @AfterEach
  void close() {
    world.close();
  }

  private Caller user(String id) {
    return world.caller(KeyWorld.OTHER_ACCOUNT, KeyWorld.OTHER_PROJECT, id);
  }

  private Calls.Reply about(Caller caller, String operation, String more) {
    String body = "{'key_id':'" + key.id() + "'" + more + "}";
    return calls.call(
        caller, operation, Map.of(), List.of(), json(body).getBytes(StandardCharsets.UTF_8));
  }

  private String granted(Caller caller, String to) {
    return about(caller, "CreateGrant", ",'grantee_principal':'" + to + "'," + ALL)
        .text("/grant_id");
  }

  private int encrypts(String user) {
    return about(user(user), "EncryptData", ",'plain_text':'hello'").status();
  }

  private Calls.Reply end(Caller caller, String operation, String grant) {
    return about(caller, operation, ",'grant_id':'" + grant + "'");
  }

  private List<String> present() {
    return world.store.read(tx -> tx.grantsOf(key.id()).stream().map(Grant::id).toList());
  }

  @Test
  void aRevokedGranteesGrantsStayAsTheContractSays() {
    open(false);

    end(world.alice(), "CancelGrant", toBob);

    assertThat(encrypts(BOB)).isEqualTo(404);
    assertThat(encrypts(CAROL)).isEqualTo(200);
    assertThat(encrypts(DAVE)).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTreeIsRevokedAtOnceAndNothingElse(boolean cascade) {
    open(cascade);
    String own = granted(world.alice(), DAVE);

    Calls.Reply ended = end(world.alice(), "CancelGrantTree", toCarol);

    assertThat(ended.status()).isEqualTo(200);
    assertThat(ended.json().at("/grant_ids").valueStream().map(id -> id.asString()).toList())
        .containsExactlyInAnyOrder(toCarol, toDave);
    assertThat(present()).containsExactlyInAnyOrder(toBob, own);
    assertThat(encrypts(BOB)).isEqualTo(200);
    assertThat(encrypts(CAROL)).isEqualTo(404);
    assertThat(encrypts(DAVE)).isEqualTo(200);
  }

  @Test
  void onlyTheOwnerRevokesATree() {
    open(false);

    assertThat(end(user(BOB), "CancelGrantTree", toCarol).code()).isEqualTo("KMS.0306");
    assertThat(end(world.mallory(), "CancelGrantTree", toCarol).code()).isEqualTo("KMS.0207");
    assertThat(end(world.alice(), "CancelGrantTree", "0".repeat(64)).code()).isEqualTo("KMS.2501");
    assertThat(present()).hasSize(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"CancelGrant", "CancelSelfGrant"})
  void whereTheOperatorWantsItWhatAGranteeGaveEndsWithHisOwn(String operation) {
    open(true);

    end(operation.equals("CancelGrant") ? world.alice() : user(BOB), operation, toBob);

    assertThat(encrypts(CAROL)).isEqualTo(404);
    assertThat(encrypts(DAVE)).isEqualTo(404);
    assertThat(present()).isEmpty();
  }

  @Test
  void whatWasLeftBehindCountsNoMoreOnceTheOperatorWantsIt() {
    open(true);
    // As a revocation leaves them while grants do not cascade.
    world.store.write(tx -> {
      tx.remove(tx.grant(toBob).orElseThrow());
      return true;
    });
    world.services().keys().changedAll();

    assertThat(encrypts(CAROL)).isEqualTo(404);
    assertThat(encrypts(DAVE)).isEqualTo(404);
    Calls.Reply more =
        about(user(CAROL), "CreateGrant", ",'grantee_principal':'" + DAVE + "'," + ALL);
    assertThat(more.code()).isEqualTo("KMS.0207");
  }
}
