package dev.yaoku.access;

import static dev.yaoku.access.TestRequest.AK;
import static dev.yaoku.access.TestRequest.P;
import static dev.yaoku.access.TestRequest.SIGNED;
import static dev.yaoku.access.TestRequest.SK;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.crypto.Hash;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The vectors of {@code contract/authentication.md}, section 3.5, each to the byte. */
class SignatureVectorsTest {
  private static final String TAGS =
      "/v1.0/" + P + "/kms/0d0466b0-e727-4d9c-b35d-f84bb474a37f/tags";
  private static final String CREATE_KEY = "/v1.0/" + P + "/kms/create-key";
  private static final String CREATE_KEY_BODY =
      "{\"key_alias\":\"密钥-é\",\"key_description\":\"x\"}";
  private static final String EMPTY_HASH =
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

  private static final String VECTOR_5 =
      "90d7e301c874a34c01ccaa6774dcf790f676195dcec0428e8b381ff87a326736";

  private static final String VECTOR_10 =
      "abf0c0fd9a4442577518523b97abccc314394864d778d73a708cebbba28d4e83";

  /** The request of vector 10 with the user agent {@code golangsdk /2.0.0}. */
  private static final String SCOPED_WITH_A_BLANK =
      "0b626bd116de58f3e85b67767ffa908fc7e278e20c21ab412ba2cd938e7186a0";

  private final KnownPeople people = new KnownPeople().key(AK, SK, null);
  private final Checking checking = new Checking(people);

  @Test
  void vector1GetWithoutQueryAndBody() {
    TestRequest request = TestRequest.of("GET", TAGS);
    assertThat(canonical(request, EMPTY_HASH))
        .isEqualTo(
            """
            GET
            %s/

            host:127.0.0.1:8080
            user-agent:huaweicloud-usdk-java/3.0
            x-project-id:%s
            x-sdk-date:20260102T030405Z

            host;user-agent;x-project-id;x-sdk-date
            %s\
            """
                .formatted(TAGS, P, EMPTY_HASH));
    assertThat(canonicalHash(request, EMPTY_HASH))
        .isEqualTo("8ff82e2f1c1b8cc7304bd6212f9dcfd988f6a461ab1029c9d9bff30171480de1");
    checking.accepts(
        request.signature("99816a6f1dd639bf0c20b422371b601781980dc3f68ffb0836bf42d10f8f173d"));
  }

  @Test
  void vector2GetWithQuery() {
    String target =
        "/v1.0/" + P + "/keystores?offset=0&limit=10&name=a%20b%2Bc%2F%E9%92%A5~%2A&empty=";
    TestRequest request = TestRequest.of("GET", target + "&multi=z&multi=a");
    List<Target.Parameter> query = new java.util.ArrayList<>(Target.parse(target).query());
    query.add(new Target.Parameter("multi", "z"));
    query.add(new Target.Parameter("multi", "a"));
    Target read = new Target(List.of("v1.0", P, "keystores"), query);

    assertThat(read.canonicalQuery())
        .isEqualTo("empty=&limit=10&multi=z&multi=a&name=a%20b%2Bc%2F%E9%92%A5~%2A&offset=0");
    String signature = "73cc8799a1f962079b51169f599a57c1157a63cc23de43f75ca1fb38a3c2ccfa";
    request.signature(signature);
    Authorization how = how(signature);
    RequestHead head = request.head(read);
    assertThat(hash(CanonicalRequest.of(how, head, read.canonicalQuery(), EMPTY_HASH)))
        .isEqualTo("97298a7bbfefd93ed2bf97397282c33d188053760bad74a80854d8aff1544867");
    checking.accepts(head, request.body);
    assertThatThrownBy(request::head)
        .as("no KMS route has a repeated parameter, so the listener never lets one in")
        .isInstanceOf(KmsException.class);
  }

  @Test
  void vector3PostWithUtf8Body() {
    TestRequest request = createKey();
    String bodyHash = hash(Hash.SHA_256, request.body);
    assertThat(bodyHash)
        .isEqualTo("eedefca53e625d6790adec4ce04576006123a7c59478e5ae34fa9468c1f28229");
    assertThat(canonicalHash(request, bodyHash))
        .isEqualTo("8ed39125f55afec189b43194aea39b660919b299a08e15af1595291a2ce35471");
    checking.accepts(
        request.signature("90bd25b50d978a715d9659ed928445915be24c21ef68902647124d3b780cc61e"));
  }

  @Test
  void vector4PathWithSpecialCharacters() {
    TestRequest request =
        TestRequest.of("DELETE", "/v1.0/" + P + "/kms/k1/tags/a%20b%E9%92%A5'(x)*~!");
    assertThat(request.head().target().segments()).last().isEqualTo("a b钥'(x)*~!");
    assertThat(request.head().target().canonicalUri())
        .isEqualTo("/v1.0/" + P + "/kms/k1/tags/a%20b%E9%92%A5%27%28x%29%2A~%21/");
    assertThat(canonicalHash(request, EMPTY_HASH))
        .isEqualTo("aa98b1c6c00dddb602a8e6cd6961d3a4ff70a0218f9a67094c64c60bd4f492e0");
    checking.accepts(
        request.signature("61b78ac6fe752d9c5eea219e031844e3561d1bfa0f439b517ef6faf025e8486f"));
  }

  @Test
  void vector5UnsignedPayloadIsCanonicalisedButRefused() {
    TestRequest request = vector5();
    String signature = VECTOR_5;
    Authorization how = Authorization.parse(request.headers.getLast().value());
    String canonical = CanonicalRequest.of(how, request.head(), "", "UNSIGNED-PAYLOAD");
    assertThat(hash(canonical))
        .isEqualTo("533fd7865917c9db1ca5dff5a363550155c4f3411cf6c629df0541fda4daabfe");
    String toSign = "SDK-HMAC-SHA256\n20260102T030405Z\n" + hash(canonical);
    assertThat(
            KnownPeople.signingKey(SK)
                .sign(how, toSign.getBytes(StandardCharsets.US_ASCII))
                .orElseThrow())
        .isEqualTo(HexFormat.of().parseHex(signature));
    checking.refuses(request, Problem.UnsignedBody.class);
  }

  @Test
  void vector5IsAcceptedWhereTheOperatorAllowsItAndNobodyCanReadIt() {
    Checking allowing = allowingUnsignedBodies();
    allowing.accepts(vector5());
    allowing.accepts(vector5().body("{'any':'other'}"));

    TestRequest readable = vector5();
    readable.secure = false;
    allowing.refuses(readable, Problem.UnsignedBody.class);
    allowing.refuses(
        vector5().without("x-sdk-date").header("X-Sdk-Date", "20260102T030406Z"),
        Problem.BadSignature.class);
  }

  @Test
  void aBodyIsLeftOutByASignedHeaderOnly() {
    TestRequest added =
        TestRequest.of("POST", CREATE_KEY)
            .header("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD")
            .signature(VECTOR_5);
    allowingUnsignedBodies().refuses(added, Problem.UnsignedBody.class);
  }

  private static TestRequest vector5() {
    return TestRequest.of("POST", CREATE_KEY)
        .header("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD")
        .body("{}")
        .authorization(
            "SDK-HMAC-SHA256 Access=" + AK,
            "host;user-agent;x-project-id;x-sdk-content-sha256;x-sdk-date",
            VECTOR_5);
  }

  private Checking allowingUnsignedBodies() {
    return new Checking(
        people, new SignatureRules(Duration.ofMinutes(15), false, true, false), Checking.NOW);
  }

  @Test
  void vector6TemporaryCredential() {
    String temporary = "AKEXAMPLE0000000001";
    Checking withToken = new Checking(new KnownPeople().key(temporary, SK, "TOKEN=="));
    TestRequest request =
        TestRequest.of("POST", "/v1.0/" + P + "/kms/list-keys")
            .header("X-Security-Token", "TOKEN==")
            .body("{}");
    request.authorization(
        "SDK-HMAC-SHA256 Access=" + temporary,
        SIGNED + ";x-security-token",
        "ba048c2aad38430c713d69ea1a85f8ff3f8ee1da9deacb3103c1bf7f4c9faa23");
    assertThat(hash(Hash.SHA_256, request.body))
        .isEqualTo("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a");
    withToken.accepts(request);
    checking.refuses(request, Problem.BadToken.class);
  }

  @Test
  void vector7Root() {
    TestRequest request = TestRequest.of("GET", "/");
    assertThat(request.head().target().canonicalUri()).isEqualTo("/");
    assertThat(canonicalHash(request, EMPTY_HASH))
        .isEqualTo("dd9378a5e6c33a323d12ab9ef43bb91b22d802c2ecaa03cfc5aba630df56ba94");
    checking.accepts(
        request.signature("9a8a903e62be57d524ae0cc1b12653c87a522052756f8105b875966bc3692d96"));
  }

  @Test
  void vector8Derived() {
    checking.accepts(
        createKey()
            .authorization(
                "V11-HMAC-SHA256 Credential=" + AK + "/20260102/cn-north-4/kms",
                SIGNED,
                "d832d936dead9871c79861c0b0bc6386d24b3df0c08642618a420c2d8774365e"));
  }

  @Test
  void vector9Sm3() {
    TestRequest request = createKey();
    String bodyHash = hash(Hash.SM3, request.body);
    assertThat(bodyHash)
        .isEqualTo("0119bad0d12c2acea66d4cf0e593e37677e93dc6fdde04b31b39102e04f0f6a2");
    String canonical = CanonicalRequest.of(how("0".repeat(64)), request.head(), "", bodyHash);
    assertThat(hash(Hash.SM3, canonical.getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo("5cd89381f280cde0f6e1415a8a153094f27aeb9ddc00333335f2889e42d19024");
    checking.accepts(
        request.authorization(
            "SDK-HMAC-SM3 Access=" + AK,
            SIGNED,
            "27a56c55a83476ecf79bf45c7f8afe5be52a392bcce9a6979f2dd025ac914bd9"));
  }

  @Test
  void vector10Scoped() {
    TestRequest request = scoped();
    assertThat(hash(Hash.SHA_256, request.body))
        .isEqualTo("3196fcb87ec59c791239e49ebbd3c6f04f85eccb99a9bfe2d0e80e1de82acbef");
    checking.accepts(request);
  }

  @Test
  void theScopedFormMakesOneBlankOfARunOfBlanks() {
    checking.accepts(scoped().without("accept").header("Accept", "  application/json "));
    for (String run : List.of(" ", "  ", " \t ", "\t")) {
      checking.accepts(scoped("golangsdk" + run + "/2.0.0", SCOPED_WITH_A_BLANK));
    }
    checking.refuses(scoped("golangsdk/2.0.0", SCOPED_WITH_A_BLANK), Problem.BadSignature.class);
    checking.refuses(scoped("golangsdk /2.0.0", VECTOR_10), Problem.BadSignature.class);
  }

  static TestRequest scoped() {
    return scoped("golangsdk/2.0.0", VECTOR_10);
  }

  private static TestRequest scoped(String userAgent, String signature) {
    return TestRequest.bare("POST", "/v1.0/" + P + "/kms/describe-key")
        .header("Accept", "application/json")
        .header("Content-Type", "application/json")
        .header("Host", "127.0.0.1:8080")
        .header("User-Agent", userAgent)
        .header("X-Sdk-Date", TestRequest.DATE)
        .body("{\"key_id\":\"0d0466b0-e727-4d9c-b35d-f84bb474a37f\"}\n")
        .authorization(
            "SDK-HMAC-SHA256 Credential=" + AK + "/20260102///sdk_request",
            "accept;content-type;host;user-agent;x-sdk-date",
            signature);
  }

  private static TestRequest createKey() {
    return TestRequest.of("POST", CREATE_KEY)
        .header("Content-Type", "application/json;charset=UTF-8")
        .body(CREATE_KEY_BODY);
  }

  private static Authorization how(String signature) {
    return Authorization.parse(
        "SDK-HMAC-SHA256 Access=" + AK + ", SignedHeaders=" + SIGNED + ", Signature=" + signature);
  }

  private static String canonical(TestRequest request, String payloadHash) {
    RequestHead head = request.head();
    String query = head.target().canonicalQuery();
    return CanonicalRequest.of(how("0".repeat(64)), head, query, payloadHash);
  }

  private static String canonicalHash(TestRequest request, String payloadHash) {
    return hash(canonical(request, payloadHash));
  }

  private static String hash(String text) {
    return hash(Hash.SHA_256, text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hash(Hash hash, byte[] bytes) {
    return HexFormat.of().formatHex(hash.digest(bytes));
  }
}
