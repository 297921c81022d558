package dev.yaoku.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.core.auth.AKSKSigner;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.auth.DerivedAKSKSigner;
import com.huaweicloud.sdk.core.auth.P256SHA256Signer;
import com.huaweicloud.sdk.core.auth.SM2SM3Signer;
import com.huaweicloud.sdk.core.auth.SM3AKSKSigner;
import com.huaweicloud.sdk.core.http.HttpMethod;
import com.huaweicloud.sdk.core.http.HttpRequest;
import dev.yaoku.key.Problem;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The vendor's own signer signs random requests; what it signs is accepted, to the character. */
class OfficialSignerTest {
  static final String AK = "AKEXAMPLE00000000001";
  static final String SK = "SKexample/0000000000000000000000000000001";
  private static final String IN_VALUE = "abzAZ019-_.~ '()*!;:@,=+$钥é&?%#[]{}|^";

  /** The vendor's client builds a URL of the path as it is, so these two would end it. */
  private static final String IN_PATH = IN_VALUE.replace("?", "").replace("#", "");

  private final Checking checking = new Checking(new KnownPeople().key(AK, SK, null));

  enum Signer {
    PLAIN,
    DERIVED,
    SM3,
    ECDSA,
    SM2
  }

  @ParameterizedTest
  @EnumSource
  void whatTheOfficialSignerSignsIsAccepted(Signer signer) {
    Random random = new Random(3_1_143);
    for (int i = 0; i < 200; i++) {
      TestRequest request = signed(signer, random);
      assertThat(checking.problemOf(request)).as(request.method + " " + request.target).isNull();
      request.target = request.target.replace("/v1.0/", "/v1.1/");
      checking.refuses(request, Problem.BadSignature.class);
    }
  }

  /** Or the first wrong try of a second would tell by its time that there is such a key. */
  @ParameterizedTest
  @EnumSource(names = {"ECDSA", "SM2"})
  void aPairIsDerivedAnewUntilASignatureWasRight(Signer signer) {
    KnownPeople people = new KnownPeople().key(AK, SK, null);
    Checking once = new Checking(people);
    SigningKey key = people.accessKey(AK).orElseThrow().key();
    TestRequest request = signed(signer, new Random(7));
    String right = request.target;

    request.target = right.replace("/v1.0/", "/v1.1/");
    once.refuses(request, Problem.BadSignature.class);
    assertThat(key.keeps(Scheme.valueOf(signer.name()))).isFalse();
    request.target = right;
    once.accepts(request);
    assertThat(key.keeps(Scheme.valueOf(signer.name()))).isTrue();
  }

  static TestRequest signed(Signer signer, Random random) {
    HttpMethod method =
        List.of(HttpMethod.GET, HttpMethod.POST, HttpMethod.DELETE).get(random.nextInt(3));
    String tag = text(IN_PATH, random, 1 + random.nextInt(8));
    HttpRequest.HttpRequestBuilder building =
        HttpRequest.newBuilder()
            .withMethod(method)
            .withEndpoint("http://127.0.0.1:8080")
            .withPath("/v1.0/{project_id}/kms/{tag}")
            .withContentType("application/json")
            .addPathParam("project_id", TestRequest.P)
            .addPathParam("tag", tag)
            .addHeader("X-Sdk-Date", TestRequest.DATE)
            .addHeader("Host", "127.0.0.1:8080")
            .addHeader("User-Agent", "huaweicloud-usdk-java/3.0")
            .addHeader("X-Own", "v" + random.nextInt());
    StringBuilder target = new StringBuilder("/v1.0/" + TestRequest.P + "/kms/");
    PercentEncoding.append(target, tag);
    for (int n = random.nextInt(4); n > 0; n--) {
      String name = "q" + n;
      String value = text(IN_VALUE, random, random.nextInt(6));
      building.addQueryParam(name, List.of(value));
      target.append(target.indexOf("?") < 0 ? '?' : '&').append(name).append('=');
      PercentEncoding.append(target, value);
    }
    String body = method == HttpMethod.POST ? "{\"a\":\"" + random.nextInt() + "钥\"}" : "";
    if (!body.isEmpty()) {
      building.withBodyAsString(body);
    }
    HttpRequest official = building.build();
    TestRequest request = TestRequest.bare(method.name(), target.toString()).body(body);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    official.getHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    headers.putAll(sign(signer, official));
    headers.forEach(request::header);
    return request;
  }

  static Map<String, String> sign(Signer signer, HttpRequest request) {
    BasicCredentials credentials = new BasicCredentials().withAk(AK).withSk(SK);
    return switch (signer) {
      case PLAIN -> AKSKSigner.getInstance().sign(request, credentials);
      case SM3 -> SM3AKSKSigner.getInstance().sign(request, credentials);
      case ECDSA -> P256SHA256Signer.getInstance().sign(request, credentials);
      case SM2 -> SM2SM3Signer.getInstance().sign(request, credentials);
      case DERIVED -> {
        credentials.withDerivedPredicate(_ -> true);
        credentials.processDerivedAuthParams("kms", "cn-north-4");
        yield DerivedAKSKSigner.getInstance().sign(request, credentials);
      }
    };
  }

  private static String text(String alphabet, Random random, int length) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}
