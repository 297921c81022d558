package dev.yaoku.access.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.yaoku.access.Action;
import dev.yaoku.access.policy.Decision.Outcome;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PolicyTest {
  private static final String ID = "0d0466b0-e727-4d9c-b35d-f84bb474a37f";
  private static final Resource KEY = Resource.key("region-1", "account-1", ID);

  /** The example of authentication.md, section 7.1. */
  private static final String DOCUMENTED =
      """
      {"Version":"1.1","Statement":[
        {"Effect":"Allow","Action":["kms:cmk:get","kms:cmk:crypto","kms:dek:*"],
         "Resource":["KMS:*:*:KeyId:0d0466b0-e727-4d9c-b35d-f84bb474a37f"],
         "Condition":{"StringEquals":{"g:UserName":["alice"]}}}]}
      """;

  private static CompiledPolicies of(String json) {
    return CompiledPolicies.of(List.of(PolicyReader.read("id", "name", json)));
  }

  private static String identity(String statements) {
    return "{\"Version\":\"5.0\",\"Statement\":[" + statements + "]}";
  }

  private static String allow(String rest) {
    return identity("{\"Effect\":\"Allow\"," + rest + "}");
  }

  private static Circumstances with(String key, String... values) {
    ConditionKey known = ConditionKey.parse(key).orElseThrow();
    Map<ConditionKey, List<String>> all = Map.of(known, List.of(values));
    return asked -> all.getOrDefault(asked, List.of());
  }

  private static Outcome outcome(String json, Action action) {
    return of(json).decide(action, KEY, Circumstances.NONE).outcome();
  }

  @ParameterizedTest
  @CsvSource({
    "DESCRIBE_KEY, alice, true",
    "ENCRYPT_DATA, alice, true",
    "DECRYPT_DATA, alice, true",
    "CREATE_DATA_KEY, alice, true",
    "DECRYPT_DATA_KEY, alice, true",
    "DESCRIBE_KEY, Alice, false",
    "DESCRIBE_KEY, bob, false",
    "SIGN, alice, false",
    "DISABLE_KEY, alice, false",
  })
  void theDocumentedPolicyAllowsWhatItSays(Action action, String user, boolean allowed) {
    Circumstances circumstances = with("g:UserName", user);
    assertEquals(allowed, of(DOCUMENTED).decide(action, KEY, circumstances).allowed());
    Resource other = Resource.key("region-1", "account-1", ID.replace('0', '1'));
    assertFalse(of(DOCUMENTED).decide(action, other, circumstances).allowed());
  }

  @ParameterizedTest
  @CsvSource({
    "kms:cmk:encryptData, ENCRYPT_DATA, ALLOWED",
    "KMS:CMK:ENCRYPTDATA, ENCRYPT_DATA, ALLOWED",
    "kms:cmk:encryptData, DECRYPT_DATA, NOT_ALLOWED",
    "kms:cmk:encrypt, ENCRYPT_DATA, ALLOWED",
    "kms:cmk:encrypt, DECRYPT_DATA, NOT_ALLOWED",
    "kms:cmk:createDataKey, CREATE_DATA_KEY, ALLOWED",
    "kms:cmk:createDataKey, CREATE_DATA_KEY_WITHOUT_PLAINTEXT, NOT_ALLOWED",
    "kms:dek:decrypt, DECRYPT_DATA_KEY, ALLOWED",
    "kms:cmk:crypto, RE_ENCRYPT_TO, ALLOWED",
    "kms:cmk:updateRotation, ROTATE_ON_DEMAND, ALLOWED",
    "kms:cmk:retireGrant, RETIRE_GRANT, ALLOWED",
    "kms::generateRandom, CREATE_RANDOM, ALLOWED",
    "kms:*:list, LIST_KEYS, ALLOWED",
    "kms:*:list, DESCRIBE_KEY, NOT_ALLOWED",
    "kms:cmk:get*, GET_PUBLIC_KEY, ALLOWED",
    "*, DISABLE_KEY, ALLOWED",
    "kms:partition:*, DISABLE_KEY, NOT_ALLOWED",
    "obs:*:*, LIST_KEYS, NOT_ALLOWED",
  })
  void eitherGenerationsNamesServe(String name, Action action, Outcome expected) {
    assertEquals(expected, outcome(allow("\"Action\":[\"" + name + "\"]"), action));
  }

  @Test
  void denialGoesBeforeAllowanceAndIsNamed() {
    Policy broad =
        PolicyReader.read("p1", "broad", allow("\"Sid\":\"all\",\"Action\":[\"kms:*:*\"]"));
    Policy strict =
        PolicyReader.read(
            "p2",
            "strict",
            identity(
                "{\"Effect\":\"Allow\",\"Action\":[\"kms:cmk:get\"]},"
                    + "{\"Sid\":\"no\",\"Effect\":\"Deny\",\"Action\":[\"kms:cmk:encryptData\"]}"));
    CompiledPolicies both = CompiledPolicies.of(List.of(broad, strict));
    Decision denied = both.decide(Action.ENCRYPT_DATA, KEY, Circumstances.NONE);
    assertEquals(new Decision(Outcome.DENIED, new Decision.By("p2", "strict", 2, "no")), denied);
    assertEquals("Denied by statement 2 (no) of policy strict.", denied.sentence());
    assertTrue(denied.overridesGrants());
    Decision allowed = both.decide(Action.DECRYPT_DATA, KEY, Circumstances.NONE);
    assertEquals("Allowed by statement 1 (all) of policy broad.", allowed.sentence());
  }

  @Test
  void aSessionOnlyNarrows() {
    CompiledPolicies own = of(allow("\"Action\":[\"kms:cmk:get\",\"kms:cmk:list\"]"));
    Policy session =
        PolicyReader.read("s", "s", allow("\"Action\":[\"kms:cmk:get\",\"kms:cmk:disable\"]"));
    CompiledPolicies narrowed = own.narrowedBy(session);
    assertTrue(narrowed.decide(Action.DESCRIBE_KEY, KEY, Circumstances.NONE).allowed());
    Decision outside = narrowed.decide(Action.LIST_KEYS, KEY, Circumstances.NONE);
    assertEquals(Outcome.OUTSIDE_SESSION, outside.outcome());
    assertTrue(outside.overridesGrants());
    assertEquals(
        Outcome.NOT_ALLOWED,
        narrowed.decide(Action.DISABLE_KEY, KEY, Circumstances.NONE).outcome());
  }

  @Test
  void whatIsNotNamedCanBeMeant() {
    String but = "\"NotAction\":[\"kms:cmk:disable\"],\"NotResource\":[\"kms:*:*:alias:*\"]";
    assertEquals(Outcome.ALLOWED, outcome(allow(but), Action.ENABLE_KEY));
    assertEquals(Outcome.NOT_ALLOWED, outcome(allow(but), Action.DISABLE_KEY));
    Resource alias = Resource.alias("r", "a", "name");
    assertFalse(of(allow(but)).decide(Action.ENABLE_KEY, alias, Circumstances.NONE).allowed());
  }

  @ParameterizedTest
  @CsvSource({
    "*, true",
    "kms:*:*:KeyId:*, true",
    "kms:region-1:account-1:keyid:*, true",
    "kms:region-1:account-2:KeyId:*, false",
    "kms:region-?:*:KeyId:0d0466b0-*-f84bb474a37f, true",
    "kms:*:*:alias:*, false",
    "kms:*:*:KeyId:0D0466B0*, false",
  })
  void resourcesMatchByPart(String pattern, boolean allowed) {
    String json = allow("\"Action\":[\"*\"],\"Resource\":[\"" + pattern + "\"]");
    assertEquals(allowed, of(json).decide(Action.SIGN, KEY, Circumstances.NONE).allowed());
  }

  @Test
  void whoMayUseOneKeyMayNotListAllOrCreateOne() {
    Circumstances alice = with("g:UserName", "alice");
    Resource keys = Resource.keys("region-1", "account-1");
    assertFalse(of(DOCUMENTED).decide(Action.DESCRIBE_KEY, keys, alice).allowed());
    assertFalse(of(DOCUMENTED).decide(Action.DESCRIBE_KEY, Resource.NONE, alice).allowed());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "StringEquals | g:UserName | a | a | true",
        "StringNotEquals | g:UserName | a | a | false",
        "StringNotEquals | g:UserName | a | b | true",
        "StringEqualsIgnoreCase | g:UserName | Bob | bOB | true",
        "StringMatch | kms:KeySpec | RSA_* | RSA_4096 | true",
        "StringNotMatch | kms:KeySpec | RSA_* | RSA_4096 | false",
        "StringStartWith | g:UserName | ab | abc | true",
        "StringEndWith | g:UserName | bc | abc | true",
        "StringNotEndWith | g:UserName | bc | abc | false",
        "NumberLessThan | g:MFAAge | 300 | 299 | true",
        "NumberLessThan | g:MFAAge | 300 | 300 | false",
        "NumberGreaterThanEquals | g:MFAAge | 300 | 300.0 | true",
        "NumberEquals | g:MFAAge | 300 | nonsense | false",
        "DateLessThan | g:CurrentTime | 2026-01-01T00:00:00Z | 2025-12-31T23:59:59Z | true",
        "DateGreaterThan | g:CurrentTime | 2026-01-01T00:00:00Z | 2025-12-31T23:59:59Z | false",
        "Bool | g:SecureTransport | true | true | true",
        "Bool | g:MFAPresent | true | false | false",
        "IpAddress | g:SourceIp | 10.1.0.0/16 | 10.1.255.1 | true",
        "IpAddress | g:SourceIp | 10.1.0.0/16 | 10.2.0.1 | false",
        "IpAddress | g:SourceIp | 10.1.128.0/17 | 10.1.127.1 | false",
        "IpAddress | g:SourceIp | 2001:db8::/33 | 2001:db8:7fff::1 | true",
        "IpAddress | g:SourceIp | 0.0.0.0/0 | 2001:db8::1 | false",
        "NotIpAddress | g:SourceIp | 10.1.0.0/16 | 10.2.0.1 | true",
        "Null | g:MFAAge | true | 5 | false",
        "Null | g:MFAAge | false | 5 | true",
        "StringEquals | g:ResourceTag/team | red | red | true",
        "StringEquals | G:RESOURCETAG/team | red | red | true",
        "StringEquals | g:RequestTag/team | red | blue | false",
        "StringMatch | kms:RequestAlias | e* | east | true",
        "StringMatch | kms:RequestAlias | alias/e* | east | true",
        "StringNotEquals | kms:RequestAlias | alias/east | east | false",
        "StringEquals | kms:ResourceAliases | alias/east | east | true",
        "StringEquals | kms:ResourceAliases | alias/east | west | false",
      })
  void operatorsCompare(String operator, String key, String value, String asked, boolean holds) {
    String json = conditional(operator, key, value);
    assertEquals(holds, of(json).decide(Action.SIGN, KEY, with(key, asked)).allowed());
  }

  @ParameterizedTest
  @CsvSource({
    "StringEquals, false",
    "StringEqualsIfExists, true",
    "StringNotEquals, true",
    "ForAnyValue:StringEquals, false",
    "ForAllValues:StringEquals, true",
    "ForAnyValue:StringEqualsIfExists, true",
    "ForAnyValue:StringNotEquals, false",
  })
  void anAbsentKeyIsTreatedAsDocumented(String operator, boolean holds) {
    assertEquals(
        holds ? Outcome.ALLOWED : Outcome.NOT_ALLOWED,
        outcome(conditional(operator, "g:TagKeys", "a"), Action.SIGN));
  }

  @ParameterizedTest
  @CsvSource({
    "ForAnyValue:StringEquals, true",
    "ForAllValues:StringEquals, false",
    "ForAnyValue:StringNotEquals, true",
    "ForAllValues:StringNotEquals, false",
    "StringNotEquals, false",
  })
  void ofSeveralValuesAnyOrAllCount(String operator, boolean holds) {
    CompiledPolicies policies = of(conditional(operator, "g:TagKeys", "a"));
    Circumstances two = with("g:TagKeys", "a", "b");
    assertEquals(holds, policies.decide(Action.SIGN, KEY, two).allowed());
  }

  private static String conditional(String operator, String key, String value) {
    String condition = "{\"%s\":{\"%s\":[\"%s\"]}}".formatted(operator, key, value);
    return allow("\"Action\":[\"kms:cmk:*\"],\"Condition\":" + condition);
  }

  @ParameterizedTest
  @CsvSource({
    "KMS Administrator, DELETE_KEYSTORE, true",
    "KMS CMKFullAccess, SCHEDULE_KEY_DELETION, true",
    "KMS CMKFullAccess, DELETE_KEYSTORE, false",
    "KMS CMKReadOnlyAccess, DESCRIBE_KEY, true",
    "KMS CMKReadOnlyAccess, LIST_GRANTS, true",
    "KMS CMKReadOnlyAccess, SHOW_KEY_TAGS, true",
    "KMS CMKReadOnlyAccess, ENCRYPT_DATA, false",
    "KMS CMKReadOnlyAccess, CREATE_TAG, false",
    "KMS Administrator, MOVE_CLOCK, false",
    "Tenant Guest, CREATE_KEY, true",
    "Tenant Guest, SCHEDULE_KEY_DELETION, false",
    "DEW KeypairFullAccess, LIST_KEYS, false",
  })
  void systemPoliciesAllowWhatTheirNamesSay(String name, Action action, boolean allowed) {
    CompiledPolicies one = CompiledPolicies.of(List.of(SystemPolicies.named(name).orElseThrow()));
    assertEquals(allowed, one.decide(action, KEY, Circumstances.NONE).allowed());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[] | The policy must be a JSON object.",
        "{\"Version\":\"1.0\",\"Statement\":[]} | Version must be 1.1 or 5.0.",
        "{\"Version\":\"1.1\"} | The policy has no Statement.",
        "{\"Version\":\"1.1\",\"Statement\":[]} | Statement must have 1 to 8 entries.",
        "{\"Version\":\"1.1\",\"Version\":\"1.1\"} | The policy is not valid JSON, has a member"
            + " twice, or is nested more than 6 deep.",
        "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"allow\",\"Action\":[\"*\"]}]} |"
            + " Statement[0].Effect must be Allow or Deny.",
        "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"Deny\"}]} | Statement[0] has no Action.",
        "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":[\"kms:cmk\"]}]} |"
            + " Statement[0].Action[0] must be service:type:operation or *.",
        "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"Deny\",\"NotAction\":[\"*\"]}]} |"
            + " Statement[0] has a member that is none of Action, Condition, Effect, Resource.",
        "{\"Version\":\"5.0\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":[\"*\"],\"NotAction\":[\"*\"]}]}"
            + " | Statement[0] has both Action and NotAction.",
        "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":[\"*\"],\"Resource\":[\"kms:*:x\"]}]}"
            + " | Statement[0].Resource[0] must be service:region:account:type:id or *, at most 128"
            + " characters.",
        "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":[\"*\"],\"Condition\":{\"Same\":{\"g:UserId\":[\"a\"]}}}]}"
            + " | Statement[0].Condition, operator 0 is not known. Known are StringEquals,"
            + " StringNotEquals, StringEqualsIgnoreCase, StringNotEqualsIgnoreCase, StringMatch,"
            + " StringNotMatch, StringStartWith, StringNotStartWith, StringEndWith,"
            + " StringNotEndWith, NumberEquals, NumberNotEquals, NumberLessThan,"
            + " NumberLessThanEquals, NumberGreaterThan, NumberGreaterThanEquals, DateLessThan,"
            + " DateLessThanEquals, DateGreaterThan, DateGreaterThanEquals, Bool, IpAddress,"
            + " NotIpAddress, Null; all but Null also with IfExists behind and with ForAllValues:"
            + " or ForAnyValue: before.",
        "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":[\"*\"],\"Condition\":{\"Bool\":{\"g:MfaPresnt\":[\"true\"]}}}]}"
            + " | Statement[0].Condition, operator 0 (Bool), key 0: there is no such condition key,"
            + " or its tag is missing.",
        "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"Deny\",\"Action\":[\"*\"],\"Condition\":{\"NumberEquals\":{\"g:MFAAge\":[\"1e9\"]}}}]}"
            + " | Statement[0].Condition, operator 0 (NumberEquals), key 0[0] is no value that"
            + " NumberEquals compares.",
      })
  void refusalsNameFaultAndPlace(String json, String sentence) {
    assertEquals(new Problem.BadRequest(sentence), refusal(json));
  }

  @Test
  void depthAndLengthAreLimited() {
    refusal("[".repeat(100_000));
    refusal("{\"a\":".repeat(5_000));
    refusal(" ".repeat(PolicyReader.CHARACTERS_MAX) + DOCUMENTED);
    refusal(DOCUMENTED + "{}");
    refusal("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"Action\":[\"*\"],\"Sid\":\"\\ud800\"",
        "\"Action\":[\"*\"],\"Resource\":[\"kms:*:*:alias:\\udc00\\ud800\"]",
        "\"Action\":[\"*\"],\"Condition\":{\"StringEquals\":{\"g:UserName\":[\"\\ud800\"]}}",
        "\"Action\":[\"*\"],\"Condition\":{\"StringEquals\":{\"g:ResourceTag/\\udc00\":\"x\"}}",
      })
  void halfASurrogatePairIsRefused(String statement) {
    assertInstanceOf(Problem.BadRequest.class, refusal(allow(statement)));
    PolicyReader.read(
        "id", "name", allow(statement.replaceAll("\\\\u[^\"]*", "\\\\ud83d\\\\ude00")));
  }

  private static Problem refusal(String json) {
    return assertThrows(KmsException.class, () -> PolicyReader.read("id", "name", json)).problem();
  }
}
