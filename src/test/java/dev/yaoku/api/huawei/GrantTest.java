package dev.yaoku.api.huawei;

import static dev.yaoku.api.huawei.Calls.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.key.Key;
import dev.yaoku.key.Waiting;
import dev.yaoku.service.KeyWorld;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrantTest {
  private static final String BOB = "bob0000000000000000000000000000b";
  private static final String CAROL = "carol00000000000000000000000000c";

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

  private Caller alice() {
    return world.alice();
  }

  /** A user of another account. */
  private Caller bob() {
    return world.caller(KeyWorld.OTHER_ACCOUNT, KeyWorld.OTHER_PROJECT, BOB);
  }

  private Caller carol() {
    return world.caller(KeyWorld.OTHER_ACCOUNT, KeyWorld.OTHER_PROJECT, CAROL);
  }

  private Calls.Reply call(Caller caller, String operation, String body) {
    return calls.call(
        caller, operation, Map.of(), List.of(), json(body).getBytes(StandardCharsets.UTF_8));
  }

  private Calls.Reply grant(Caller caller, String to, String more) {
    return call(
        caller,
        "CreateGrant",
        "{'key_id':'" + key.id() + "','grantee_principal':'" + to + "'," + more + "}");
  }

  private String granted(String to, String more) {
    return grant(alice(), to, more).text("/grant_id");
  }

  private Calls.Reply encrypt(Caller caller) {
    return call(caller, "EncryptData", "{'key_id':'" + key.id() + "','plain_text':'hello'}");
  }

  private Calls.Reply about(Caller caller, String operation, String more) {
    return call(caller, operation, "{'key_id':'" + key.id() + "'" + more + "}");
  }

  private Calls.Reply end(Caller caller, String operation, String grant) {
    return about(caller, operation, ",'grant_id':'" + grant + "'");
  }

  @Test
  void aGrantHasAnIdOf64HexadecimalCharacters() {
    assertThat(granted(BOB, "'operations':['encrypt-data']")).matches("[0-9a-f]{64}");
  }

  @Test
  void whatWasNotGrantedAnywhereIsUnknown() {
    assertThat(encrypt(bob()).code()).isEqualTo("KMS.0207");
  }

  @Test
  void aGranteeOfAnotherAccountMayDoWhatTheGrantSaysAndNoMore() {
    granted(BOB, "'operations':['encrypt-data','describe-key']");

    assertThat(encrypt(bob()).status()).isEqualTo(200);
    assertThat(about(bob(), "ListKeyDetail", "").status()).isEqualTo(200);
    String blob = encrypt(bob()).text("/cipher_text");
    assertThat(call(bob(), "DecryptData", "{'cipher_text':'" + blob + "'}").code())
        .isEqualTo("KMS.0306");
    assertThat(about(bob(), "CreateDatakey", "").code()).isEqualTo("KMS.0306");
    assertThat(about(bob(), "DisableKey", "").code()).isEqualTo("KMS.0306");
    assertThat(about(bob(), "ListGrants", "").code()).isEqualTo("KMS.0306");
    assertThat(encrypt(carol()).code()).isEqualTo("KMS.0207");
  }

  @ParameterizedTest
  @CsvSource({
    "create-datakey, CreateDatakey",
    "create-datakey-without-plaintext, CreateDatakeyWithoutPlaintext",
    "encrypt-data, EncryptData",
    "describe-key, ListKeyDetail"
  })
  void eachOperationIsGrantedByItsOwnName(String operation, String call) {
    granted(BOB, "'operations':['" + operation + "']");

    for (String other :
        List.of("CreateDatakey", "CreateDatakeyWithoutPlaintext", "EncryptData", "ListKeyDetail")) {
      String more = other.equals("EncryptData") ? ",'plain_text':'x'" : "";
      assertThat(about(bob(), other, more).status())
          .as(other)
          .isEqualTo(other.equals(call) ? 200 : 403);
    }
  }

  @Test
  void aGrantToAnAccountIsForAllOfItsUsers() {
    granted(
        KeyWorld.OTHER_ACCOUNT, "'grantee_principal_type':'domain','operations':['encrypt-data']");

    assertThat(encrypt(bob()).status()).isEqualTo(200);
    assertThat(encrypt(carol()).status()).isEqualTo(200);
  }

  @Test
  void aGrantToAUserIsNotForAnAccountOfThatName() {
    granted(KeyWorld.OTHER_ACCOUNT, "'operations':['encrypt-data']");

    assertThat(encrypt(bob()).code()).isEqualTo("KMS.0207");
  }

  @Test
  void aRevokedGrantAllowsNothing() {
    String id = granted(BOB, "'operations':['encrypt-data']");
    assertThat(encrypt(bob()).status()).isEqualTo(200);

    assertThat(end(alice(), "CancelGrant", id).body()).isEqualTo("{}");

    assertThat(encrypt(bob()).code()).isEqualTo("KMS.0207");
    assertThat(end(alice(), "CancelGrant", id).code()).isEqualTo("KMS.2501");
  }

  @Test
  void onlyTheOwnerRevokes() {
    String id = granted(BOB, "'operations':['encrypt-data','retire-grant']");

    assertThat(end(bob(), "CancelGrant", id).code()).isEqualTo("KMS.0306");
    assertThat(end(carol(), "CancelGrant", id).code()).isEqualTo("KMS.0207");
    assertThat(encrypt(bob()).status()).isEqualTo(200);
  }

  @Test
  void aGrantOfAnotherKeyIsTold() {
    String id = granted(BOB, "'operations':['encrypt-data']");
    Key other = world.key();

    assertThat(
            call(alice(), "CancelGrant", "{'key_id':'" + other.id() + "','grant_id':'" + id + "'}")
                .code())
        .isEqualTo("KMS.2502");
  }

  @Test
  void issuerRetiringPrincipalAndGranteeWhoMayRetire() {
    String byIssuer = granted(BOB, "'operations':['encrypt-data']");
    assertThat(end(bob(), "CancelSelfGrant", byIssuer).code()).isEqualTo("KMS.0306");
    assertThat(end(carol(), "CancelSelfGrant", byIssuer).code()).isEqualTo("KMS.0207");
    assertThat(end(alice(), "CancelSelfGrant", byIssuer).status()).isEqualTo(200);

    String byNamed =
        granted(BOB, "'operations':['encrypt-data'],'retiring_principal':'" + CAROL + "'");
    assertThat(end(carol(), "CancelSelfGrant", byNamed).status()).isEqualTo(200);

    String byGrantee = granted(BOB, "'operations':['encrypt-data','retire-grant']");
    assertThat(end(bob(), "CancelSelfGrant", byGrantee).status()).isEqualTo(200);
    assertThat(encrypt(bob()).code()).isEqualTo("KMS.0207");
  }

  @Test
  void aGranteeGrantsNoMoreThanItHas() {
    granted(BOB, "'operations':['encrypt-data','create-grant']");

    assertThat(grant(bob(), CAROL, "'operations':['encrypt-data']").status()).isEqualTo(200);
    assertThat(encrypt(carol()).status()).isEqualTo(200);
    assertThat(grant(bob(), CAROL, "'operations':['decrypt-data']").code()).isEqualTo("KMS.2403");
    assertThat(
            grant(
                    bob(),
                    KeyWorld.OTHER_ACCOUNT,
                    "'grantee_principal_type':'domain','operations':['encrypt-data']")
                .code())
        .isEqualTo("KMS.2403");
    assertThat(grant(bob(), CAROL, "'operations':['encrypt-data'],'retiring_principal':'x'").code())
        .isEqualTo("KMS.2403");
    assertThat(grant(carol(), BOB, "'operations':['encrypt-data']").code()).isEqualTo("KMS.0306");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'operations':[] | KMS.0308",
        "'operations':['sign'] | KMS.0308",
        "'operations':['create-grant'] | KMS.2401",
        "'operations':['encrypt-data'],'retiring_principal':'a-b' | KMS.2402",
        "'operations':['encrypt-data'],'grantee_principal_type':'group' | KMS.0308",
        "'operations':['encrypt-data'],'name':'a b' | KMS.0308",
        "'operations':'encrypt-data' | KMS.0308"
      },
      quoteCharacter = '\0')
  void badGrantsAreRefused(String members, String code) {
    assertThat(grant(alice(), BOB, members.strip()).code()).isEqualTo(code.strip());
  }

  @Test
  void aBadGranteeIsRefused() {
    assertThat(grant(alice(), "a b", "'operations':['encrypt-data']").code()).isEqualTo("KMS.2402");
  }

  @Test
  void aKeyHasAHundredGrantsAtMost() {
    for (int i = 0; i < 100; i++) {
      granted("user" + i, "'operations':['encrypt-data']");
    }

    assertThat(grant(alice(), "user100", "'operations':['encrypt-data']").code())
        .isEqualTo("KMS.2404");
  }

  @Test
  void grantsAreListedPageByPageNewestFirst() {
    List<String> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      world.jump(Duration.ofSeconds(1));
      made.addFirst(granted("user" + i, "'operations':['encrypt-data'],'name':'g" + i + "'"));
    }

    Calls.Reply first = about(alice(), "ListGrants", ",'limit':2");
    Calls.Reply last = about(alice(), "ListGrants", ",'limit':'1000','marker':'2'");

    assertThat(first.json().at("/grants").size()).isEqualTo(2);
    assertThat(first.text("/grants/0/grant_id")).isEqualTo(made.getFirst());
    assertThat(first.text("/next_marker")).isEqualTo("2");
    assertThat(first.text("/truncated")).isEqualTo("true");
    assertThat(first.json().at("/total").isInt()).isTrue();
    assertThat(last.json().at("/grants").size()).isEqualTo(3);
    assertThat(last.text("/next_marker")).isEmpty();
    assertThat(last.text("/truncated")).isEqualTo("false");
  }

  @Test
  void whatWasNeverSetIsLeftOut() {
    String id = granted(BOB, "'operations':['retire-grant','encrypt-data']");

    assertThat(about(alice(), "ListGrants", "").body())
        .isEqualTo(
            json(
                "{'grants':[{'key_id':'"
                    + key.id()
                    + "','grant_id':'"
                    + id
                    + "','grantee_principal':'"
                    + BOB
                    + "','grantee_principal_type':'user','operations':['retire-grant',"
                    + "'encrypt-data'],'issuing_principal':'user-1','creation_date':'"
                    + KeyWorld.START.toEpochMilli()
                    + "'}],'next_marker':'','truncated':'false','total':1}"));
  }

  @Test
  void retirableGrantsAreThoseThatOneMayRetire() {
    granted(BOB, "'operations':['encrypt-data']");
    Caller other = world.caller(KeyWorld.ACCOUNT, KeyWorld.PROJECT, CAROL);

    assertThat(call(alice(), "ListRetirableGrants", "{}").json().at("/total").intValue())
        .isEqualTo(1);
    assertThat(call(other, "ListRetirableGrants", "{}").json().at("/total").intValue()).isZero();
  }

  @Test
  void disabledAndDefaultKeysTakeNoGrant() {
    about(alice(), "DisableKey", "");
    assertThat(grant(alice(), BOB, "'operations':['encrypt-data']").code()).isEqualTo("KMS.0209");
    key = world.defaultKey();
    assertThat(grant(alice(), BOB, "'operations':['encrypt-data']").code()).isEqualTo("KMS.0211");
  }

  @Test
  void grantsSurviveARestartAndGoWithTheirKey() {
    granted(BOB, "'operations':['encrypt-data']");
    world.restart();
    calls = new Calls(world);
    assertThat(encrypt(bob()).status()).isEqualTo(200);

    about(alice(), "DeleteKey", ",'pending_days':'7'");
    assertThat(encrypt(bob()).code()).isEqualTo("KMS.0210");
    world.pass(Duration.ofDays(15));
    assertThat(encrypt(bob()).code()).isEqualTo("KMS.0207");
    world.services().deletions().purgeDue();
    assertThat(world.store.<Integer>read(tx -> tx.grantsOf(key.id()).size())).isZero();
  }

  @Test
  void reEncryptingNeedsAGrantForEachHalf() {
    String blob = encrypt(alice()).text("/cipher_text");
    String body = "{'cipher_text':'" + blob + "','destination_key_id':'" + key.id() + "'}";
    granted(BOB, "'operations':['decrypt-data']");
    assertThat(call(bob(), "ReEncrypt", body).code()).isEqualTo("KMS.0306");

    granted(BOB, "'operations':['encrypt-data']");

    assertThat(call(bob(), "ReEncrypt", body).status()).isEqualTo(200);
  }

  @Test
  void whatAPolicyForbidsNoGrantAllows() {
    String id = granted(BOB, "'operations':['encrypt-data','retire-grant']");
    assertThat(encrypt(bob()).status()).isEqualTo(200);

    world.forbidden.add(Action.ENCRYPT_DATA);
    world.forbidden.add(Action.RETIRE_GRANT);

    assertThat(encrypt(bob()).code()).isEqualTo("KMS.0306");
    assertThat(end(bob(), "CancelSelfGrant", id).code()).isEqualTo("KMS.0306");
    assertThat(end(alice(), "CancelSelfGrant", id).code()).isEqualTo("KMS.0306");
    assertThat(about(alice(), "ListGrants", "").json().at("/total").intValue()).isEqualTo(1);
  }

  @Test
  void whereNoPolicyAllowsAGrantDoes() {
    Caller home = world.caller(KeyWorld.ACCOUNT, KeyWorld.PROJECT, CAROL);
    world.denied.add(Action.ENCRYPT_DATA);
    assertThat(encrypt(home).code()).isEqualTo("KMS.0306");

    granted(CAROL, "'operations':['encrypt-data']");

    assertThat(encrypt(world.caller(KeyWorld.ACCOUNT, KeyWorld.PROJECT, CAROL)).status())
        .isEqualTo(200);
  }

  @Test
  void decryptionIsGrantedByItsOwnName() {
    String data = encrypt(alice()).text("/cipher_text");
    String wrapped = about(alice(), "CreateDatakey", "").text("/cipher_text");
    String decrypt = "{'cipher_text':'" + data + "'}";
    String unwrap = ",'cipher_text':'" + wrapped + "','datakey_cipher_length':'32'";

    granted(BOB, "'operations':['decrypt-data']");
    assertThat(call(bob(), "DecryptData", decrypt).text("/plain_text")).isEqualTo("hello");
    assertThat(about(bob(), "DecryptDatakey", unwrap).code()).isEqualTo("KMS.0306");

    granted(CAROL, "'operations':['decrypt-datakey']");
    assertThat(about(carol(), "DecryptDatakey", unwrap).status()).isEqualTo(200);
    assertThat(call(carol(), "DecryptData", decrypt).code()).isEqualTo("KMS.0306");
  }

  @Test
  void reEncryptingADataKeyNeedsGrantsForDataKeys() {
    String wrapped = about(alice(), "CreateDatakey", "").text("/cipher_text");
    String body = "{'cipher_text':'" + wrapped + "','destination_key_id':'" + key.id() + "'}";
    granted(BOB, "'operations':['encrypt-data','decrypt-data']");
    granted(CAROL, "'operations':['encrypt-datakey','decrypt-datakey']");

    assertThat(call(bob(), "ReEncrypt", body).code()).isEqualTo("KMS.0306");
    assertThat(call(carol(), "ReEncrypt", body).status()).isEqualTo(200);
  }

  @Test
  void encryptingDataKeysIsGrantedByItsOwnName() {
    String zeros = "00".repeat(32);
    String wrap =
        ",'datakey_plain_length':'32','plain_text':'"
            + zeros
            + "66687AADF862BD776C8FC18B8E9F8E20089714856EE233B3902A591D0D5F2925'";
    granted(BOB, "'operations':['create-datakey','encrypt-data']");
    granted(CAROL, "'operations':['encrypt-datakey']");

    assertThat(about(bob(), "EncryptDatakey", wrap).code()).isEqualTo("KMS.0306");
    assertThat(about(carol(), "EncryptDatakey", wrap).status()).isEqualTo(200);
  }

  @Test
  void severalGrantsAddUp() {
    granted(BOB, "'operations':['encrypt-data']");
    granted(BOB, "'operations':['describe-key']");

    assertThat(encrypt(bob()).status()).isEqualTo(200);
    assertThat(about(bob(), "ListKeyDetail", "").status()).isEqualTo(200);
  }

  @Test
  void aGrantedKeyInMemoryIsServedWithoutWaiting() {
    granted(BOB, "'operations':['encrypt-data']");
    assertThat(encrypt(bob()).status()).isEqualTo(200);

    assertThat(Waiting.forbidden(() -> encrypt(bob())).status()).isEqualTo(200);
  }

  @Test
  void whatAGranteeGaveInHisTurnStaysWhenHisGrantEnds() {
    String own = granted(BOB, "'operations':['encrypt-data','create-grant']");
    assertThat(grant(bob(), CAROL, "'operations':['encrypt-data']").status()).isEqualTo(200);

    assertThat(end(alice(), "CancelGrant", own.toUpperCase(Locale.ROOT)).status()).isEqualTo(200);

    assertThat(encrypt(bob()).code()).isEqualTo("KMS.0207");
    assertThat(encrypt(carol()).status()).isEqualTo(200);
  }

  @Test
  void aGranteeHasAHundredGrantsOnAKeyAtMost() {
    for (int i = 0; i < 100; i++) {
      granted(BOB, "'operations':['encrypt-data']");
    }

    assertThat(grant(alice(), BOB, "'operations':['encrypt-data']").code()).isEqualTo("KMS.2405");
  }

  @Test
  void operationsMustBeNamed() {
    assertThat(grant(alice(), BOB, "'name':'a'").code()).isEqualTo("KMS.0204");
  }

  @Test
  void grantsEndWhileTheirKeyAwaitsDeletion() {
    String first = granted(BOB, "'operations':['encrypt-data']");
    String second = granted(BOB, "'operations':['encrypt-data']");
    about(alice(), "DeleteKey", ",'pending_days':'7'");

    assertThat(end(alice(), "CancelGrant", first).status()).isEqualTo(200);
    assertThat(end(alice(), "CancelSelfGrant", second).status()).isEqualTo(200);
    assertThat(about(alice(), "ListGrants", "").json().at("/total").intValue()).isZero();
  }

  @Test
  void retirableGrantsOfMoreThanOneKeyComeOnOnePage() {
    for (int i = 0; i < 101; i++) {
      if (i == 100) {
        key = world.key();
      }
      granted("user" + i, "'operations':['encrypt-data']");
    }

    Calls.Reply all = call(alice(), "ListRetirableGrants", "{'limit':'2000'}");

    assertThat(all.json().at("/grants").size()).isEqualTo(101);
    assertThat(all.text("/next_marker")).isEmpty();
  }

  @Test
  void aKeyThatIsGoneTakesItsGrantsOutOfTheListAtOnce() {
    granted(BOB, "'operations':['encrypt-data']");
    about(alice(), "DeleteKey", ",'pending_days':'7'");
    assertThat(call(alice(), "ListRetirableGrants", "{}").json().at("/total").intValue())
        .isEqualTo(1);

    world.pass(Duration.ofDays(7));

    assertThat(call(alice(), "ListRetirableGrants", "{}").json().at("/total").intValue()).isZero();
  }
}
