package dev.yaoku.access;

import static dev.yaoku.access.TestRequest.AK;
import static dev.yaoku.access.TestRequest.P;
import static dev.yaoku.access.TestRequest.SIGNED;
import static dev.yaoku.access.TestRequest.SK;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A request that is signed, changed in one place, is refused. */
class SignatureMutationsTest {
  private static final String SIGNATURE =
      "90bd25b50d978a715d9659ed928445915be24c21ef68902647124d3b780cc61e";
  private static final String PATH = "/v1.0/" + P + "/kms/create-key";
  private static final String BODY = "{\"key_alias\":\"密钥-é\",\"key_description\":\"x\"}";

  private final KnownPeople people = new KnownPeople().key(AK, SK, null);
  private final Checking checking = new Checking(people);

  @Test
  void everyBitOfTheSignatureCounts() {
    for (int bit = 0; bit < 256; bit++) {
      byte[] signature = HexFormat.of().parseHex(SIGNATURE);
      signature[bit / 8] ^= (byte) (1 << (bit % 8));
      checking.refuses(
          unsigned().signature(HexFormat.of().formatHex(signature)), Problem.BadSignature.class);
    }
  }

  @Test
  void everyCharacterOfTheTargetCounts() {
    checking.accepts(signed());
    for (int i = 1; i < PATH.length(); i++) {
      TestRequest changed = signed();
      changed.target = PATH.substring(0, i) + 'Q' + PATH.substring(i + 1);
      checking.refuses(changed, Problem.BadSignature.class);
    }
    TestRequest withQuery = signed();
    withQuery.target = PATH + "?a=b";
    checking.refuses(withQuery, Problem.BadSignature.class);
  }

  @Test
  void anotherSpellingOfTheSameTargetIsTheSameTarget() {
    for (String spelling : List.of(PATH + "/", PATH.replace("kms", "%6Bms"), PATH + "?")) {
      TestRequest same = signed();
      same.target = spelling;
      checking.accepts(same);
      assertThat(same.head().target()).isEqualTo(Target.parse(PATH));
    }
    TestRequest twice = signed();
    twice.target = PATH + "//";
    checking.refuses(twice, Problem.BadSignature.class);
  }

  @Test
  void everyByteOfTheBodyCounts() {
    byte[] body = signed().body;
    for (int i = 0; i < body.length; i++) {
      TestRequest changed = signed();
      changed.body[i] ^= 1;
      checking.refuses(changed, Problem.BadSignature.class);
    }
    checking.refuses(signed().body(""), Problem.BadSignature.class);
    checking.refuses(signed().body(BODY + "\n"), Problem.BadSignature.class);
  }

  @ParameterizedTest
  @CsvSource({
    "host, 127.0.0.1:8081",
    "host, 127.0.0.1",
    "user-agent, huaweicloud-usdk-java/3.1",
    "x-project-id, 1123456789abcdef0123456789abcdef",
    "x-sdk-date, 20260102T030406Z"
  })
  void everySignedHeaderCounts(String name, String value) {
    checking.refuses(signed().without(name).header(name, value), Problem.BadSignature.class);
    checking.refuses(signed().without(name), Problem.BadSignature.class);
  }

  @Test
  void headersThatAreNotSignedMayChange() {
    checking.accepts(signed().without("content-type").header("X-Domain-Id", "d"));
  }

  @Test
  void theMethodCounts() {
    TestRequest changed = signed();
    changed.method = "PUT";
    checking.refuses(changed, Problem.BadSignature.class);
  }

  @Test
  void blanksAroundASignedValueDoNotCount() {
    checking.accepts(signed().without("host").header("Host", " \t127.0.0.1:8080 "));
  }

  @ParameterizedTest
  @CsvSource({"900, true", "-900, true", "901, false", "-901, false", "899, true"})
  void theDateMayBeFifteenMinutesOff(long seconds, boolean accepted) {
    Checking then = new Checking(people, SignatureRules.USUAL, Checking.NOW.plusSeconds(seconds));
    if (accepted) {
      then.accepts(signed());
    } else {
      then.refuses(signed(), Problem.SignatureExpired.class);
    }
  }

  @ParameterizedTest
  @CsvSource({"60, true", "61, false", "-61, false"})
  void theWindowMayBeNarrower(long seconds, boolean accepted) {
    SignatureRules narrow = new SignatureRules(Duration.ofMinutes(1), false, false, false);
    Checking then = new Checking(people, narrow, Checking.NOW.plusSeconds(seconds));
    assertThat(then.problemOf(signed()) == null).isEqualTo(accepted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "20260102T030405",
        "20260102t030405Z",
        "2026-01-02T03:04:05Z",
        "20260102T030405Z0",
        "20261302T030405Z",
        "20260230T030405Z",
        "20260102T240405Z",
        "20260102T036005Z",
        "20260102T030460Z",
        "٢0260102T030405Z"
      })
  void aMalformedDateIsRefused(String date) {
    checking.refuses(
        signed().without("x-sdk-date").header("X-Sdk-Date", date), Problem.BadSignature.class);
  }

  @Test
  void theDateMustBeSigned() {
    checking.refuses(
        unsigned()
            .authorization(
                "SDK-HMAC-SHA256 Access=" + AK, "host;user-agent;x-project-id", SIGNATURE),
        Problem.BadSignature.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "host",
        "user-agent",
        "x-sdk-date",
        "x-project-id",
        "authorization",
        "x-auth-token",
        "x-domain-id",
        "x-security-token",
        "content-type",
        "x-sdk-content-sha256"
      })
  void aHeaderThatIsSignedOrReadMayNotOccurTwice(String name) {
    TestRequest request = signed();
    String value =
        request.headers.stream()
            .filter(h -> h.name().equals(name))
            .map(RequestHead.Header::value)
            .findFirst()
            .orElse("x");
    request.without(name).header(name, value).header(name, value);
    checking.refuses(request, Problem.BadRequest.class);
  }

  @Test
  void anySignedHeaderMayNotOccurTwice() {
    TestRequest request = unsigned().header("x-own", "1").header("x-own", "1");
    request.authorization("SDK-HMAC-SHA256 Access=" + AK, SIGNED + ";x-own", SIGNATURE);
    checking.refuses(request, Problem.BadRequest.class);
    checking.accepts(signed().header("x-own", "1").header("x-own", "2"));
  }

  @Test
  void aSignedHeaderMayNotBeNamedTwice() {
    TestRequest request =
        unsigned().authorization("SDK-HMAC-SHA256 Access=" + AK, "host;host;x-sdk-date", SIGNATURE);
    checking.refuses(request, Problem.BadRequest.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SDK-HMAC-SHA256 Access=$A,SignedHeaders=$H,Signature=$S",
        "SDK-HMAC-SHA256 Access=$A , SignedHeaders=$H ,  Signature=$S",
        "SDK-HMAC-SHA256  Signature=$S, SignedHeaders=$H, Access=$A"
      })
  void blanksAndOrderOfTheItemsDoNotCount(String form) {
    checking.accepts(unsigned().header("Authorization", filled(form)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SDK-HMAC-SHA256",
        "SDK-HMAC-SHA256 ",
        "SDK-HMAC-SHA256 Access=$A, SignedHeaders=$H",
        "SDK-HMAC-SHA256 Access=$A, Signature=$S",
        "SDK-HMAC-SHA256 SignedHeaders=$H, Signature=$S",
        "SDK-HMAC-SHA256 access=$A, SignedHeaders=$H, Signature=$S",
        "SDK-HMAC-SHA256 Access=$A, SignedHeaders=$H, Signature=$S, Signature=$S",
        "SDK-HMAC-SHA256 Access=$A, SignedHeaders=$H, Signature=$S, More=1",
        "SDK-HMAC-SHA256 Access=$A, SignedHeaders=$H, Signature=$S0",
        "SDK-HMAC-SHA256 Access=$A, SignedHeaders=$H, Signature=",
        "SDK-HMAC-SHA256 Access=$A, SignedHeaders=$H;, Signature=$S",
        "SDK-HMAC-SHA256 Access=$A, SignedHeaders=Host;x-sdk-date, Signature=$S",
        "SDK-HMAC-SHA256 Access=, SignedHeaders=$H, Signature=$S",
        "SDK-HMAC-SHA256 Access=short, SignedHeaders=$H, Signature=$S",
        "SDK-HMAC-SHA256 Access=../../../../etc/passwd, SignedHeaders=$H, Signature=$S",
        "SDK-HMAC-SHA256 Credential=$A, SignedHeaders=$H, Signature=$S",
        "SDK-HMAC-SHA256 Credential=$A/20260102/sdk_request, SignedHeaders=$H, Signature=$S",
        "SDK-HMAC-SHA256 Credential=$A/20260103///sdk_request, SignedHeaders=$H, Signature=$S",
        "SDK-HMAC-SHA256 Credential=$A/2026010///sdk_request, SignedHeaders=$H, Signature=$S",
        "V11-HMAC-SHA256 Access=$A, SignedHeaders=$H, Signature=$S",
        "V11-HMAC-SHA256 Credential=$A/20260103/r/kms, SignedHeaders=$H, Signature=$S",
        "SDK-HMAC-SM3 Credential=$A/20260102/r/kms, SignedHeaders=$H, Signature=$S",
        "SDK-ECDSA-P256-SHA256 Access=$A, SignedHeaders=$H, Signature=$S",
        "SDK-SM2-SM3 Access=$A, SignedHeaders=$H, Signature=$S",
        "Basic YTpi",
        "Bearer yk1_x"
      })
  void anAuthorizationThatIsNoneIsRefused(String form) {
    checking.refuses(unsigned().header("Authorization", filled(form)), Problem.BadSignature.class);
  }

  @Test
  void anAuthorizationWithoutAValueOffersNothing() {
    checking.refuses(unsigned().header("Authorization", ""), Problem.NoCredentials.class);
  }

  @Test
  void anUpperCaseSignatureIsRefused() {
    checking.refuses(
        unsigned().signature(SIGNATURE.toUpperCase(java.util.Locale.ROOT)),
        Problem.BadSignature.class);
  }

  @Test
  void anUnknownAccessKeyAnswersAsAWrongSignature() {
    TestRequest unknown =
        unsigned().authorization("SDK-HMAC-SHA256 Access=AKEXAMPLE0000000002", SIGNED, SIGNATURE);
    checking.refuses(unknown, Problem.BadSignature.class);
  }

  @Test
  void aKeyDroppedWhileTheBodyIsOnItsWayIsRefused() {
    TestRequest request = signed();
    Credentials credentials = checking.authenticator.read(request.head());
    people.drop(AK);
    assertThat(problemOf(() -> credentials.prove(request.body)))
        .isInstanceOf(Problem.BadSignature.class);
  }

  @Test
  void aKeyReplacedInMemoryWhileTheBodyIsOnItsWayIsLookedUpAgain() {
    TestRequest request = signed();
    Credentials credentials = checking.authenticator.read(request.head());
    people.drop(AK);
    people.key(AK, SK, null);
    assertThat(credentials.prove(request.body)).isEqualTo(KnownPeople.ALICE);
  }

  @Test
  void aKeyThatIsDroppedAgainAndAgainIsNoWrongSignature() {
    TestRequest request = signed();
    Credentials credentials = checking.authenticator.read(request.head());
    people.dropEachTime(AK);
    assertThat(problemOf(() -> credentials.prove(request.body)))
        .isInstanceOf(Problem.Throttled.class);
  }

  @Test
  void theContentHashMustBeTheBodys() {
    String right = "eedefca53e625d6790adec4ce04576006123a7c59478e5ae34fa9468c1f28229";
    checking.accepts(signed().header("X-Sdk-Content-Sha256", right));
    List<String> wrong = new ArrayList<>(List.of("unsigned-payload", "", "x"));
    wrong.add(right.replace('e', 'f'));
    for (String hash : wrong) {
      checking.refuses(signed().header("X-Sdk-Content-Sha256", hash), Problem.BadSignature.class);
    }
  }

  @Test
  void theEchoIsOffUnlessWantedAndThenShowsNoHeaderThatMayHoldASecret() {
    TestRequest request = unsigned().header("X-Auth-Token", "a secret token");
    request.authorization("SDK-HMAC-SHA256 Access=" + AK, SIGNED + ";x-auth-token", SIGNATURE);
    Problem quiet = checking.refuses(request, Problem.BadSignature.class);
    assertThat(((Problem.BadSignature) quiet).echo()).isEmpty();

    Checking inDevelopment =
        new Checking(
            people, new SignatureRules(Duration.ofMinutes(15), false, false, true), Checking.NOW);
    Problem loud = inDevelopment.refuses(request, Problem.BadSignature.class);
    assertThat(((Problem.BadSignature) loud).echo())
        .startsWith("POST|" + PATH + "/||host:127.0.0.1:8080|")
        .contains("|x-auth-token:(14)|")
        .doesNotContain("secret");
  }

  @Test
  void aMarkIsKeptOnlyWhereReplaysAreRefused() {
    assertThat(checking.authenticator.read(signed().head()).mark()).isEmpty();
    Checking strict =
        new Checking(
            people, new SignatureRules(Duration.ofMinutes(15), true, false, false), Checking.NOW);
    SignatureMark mark = strict.authenticator.read(signed().head()).mark().orElseThrow();
    assertThat(mark.sha256()).hasSize(64);
    assertThat(mark.forgetAtMillis())
        .isGreaterThan(Checking.NOW.plus(Duration.ofMinutes(15)).toEpochMilli());
    assertThat(strict.authenticator.read(signed().header("x-own", "1").head()).mark())
        .as("a header that is not signed does not make it another request")
        .contains(mark);
  }

  @Test
  void theMirrorImageOfASignatureIsTheSameSignature() {
    KnownPeople others = new KnownPeople().key(OfficialSignerTest.AK, OfficialSignerTest.SK, null);
    Checking strict =
        new Checking(
            others, new SignatureRules(Duration.ofMinutes(15), true, false, false), Checking.NOW);
    Random random = new Random(1);
    Set<SignatureMark> marks = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      TestRequest request = OfficialSignerTest.signed(OfficialSignerTest.Signer.ECDSA, random);
      SignatureMark mark = markOf(strict, request);
      TestRequest mirrored = mirrored(request);
      assertThat(markOf(strict, mirrored)).isEqualTo(mark);
      assertThat(markOf(strict, mirrored(mirrored))).isEqualTo(mark);
      marks.add(mark);
    }
    assertThat(marks).hasSize(20);
  }

  private static SignatureMark markOf(Checking checking, TestRequest request) {
    checking.accepts(request);
    return checking.authenticator.read(request.head()).mark().orElseThrow();
  }

  private static TestRequest mirrored(TestRequest request) {
    String said =
        request.headers.stream()
            .filter(h -> h.name().equals("authorization"))
            .map(RequestHead.Header::value)
            .findFirst()
            .orElseThrow();
    request.without("authorization");
    return request.header("authorization", MirroredSignature.in("ECDSA", said));
  }

  private static TestRequest unsigned() {
    return TestRequest.of("POST", PATH)
        .header("Content-Type", "application/json;charset=UTF-8")
        .body(BODY);
  }

  private static TestRequest signed() {
    return unsigned().signature(SIGNATURE);
  }

  private static String filled(String form) {
    return form.replace("$A", AK).replace("$H", SIGNED).replace("$S", SIGNATURE);
  }

  private static @org.jspecify.annotations.Nullable Problem problemOf(Runnable work) {
    try {
      work.run();
      return null;
    } catch (dev.yaoku.key.KmsException e) {
      return e.problem();
    }
  }
}
