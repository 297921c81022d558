package dev.yaoku.access;

import static dev.yaoku.access.TestRequest.AK;
import static dev.yaoku.access.TestRequest.SK;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.huaweicloud.sdk.core.auth.AKSKSigner;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.http.HttpMethod;
import com.huaweicloud.sdk.core.http.HttpRequest;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;

/**
 * Bytes of strangers on their way to a decision: request targets and {@code Authorization} headers
 * (SECURITY_DESIGN H17). The oracle for the canonical form is the vendor's own signer.
 */
class SignatureFuzz {
  /** Which targets came to what they say last, with whatever was tried. */
  private static final Set<String> REACHED = ConcurrentHashMap.newKeySet();

  private final Checking checking = new Checking(new KnownPeople().key(AK, SK, null));

  /** What is replayed in every run is worth it; whoever looks for more runs one target alone. */
  @AfterAll
  static void eachTargetComesToItsPoint() {
    if (System.getenv("JAZZER_FUZZ") == null) {
      assertThat(REACHED)
          .containsExactlyInAnyOrder(
              "a target that is read",
              "a target that is refused",
              "a header where only the signature is wrong",
              "the target that was signed",
              "the same target, spelt otherwise",
              "another target");
    }
  }

  /** A target is refused, or read in one way: what it is signed as reads as itself. */
  @FuzzTest
  void aTargetHasOneReadingOrNone(byte[] bytes) {
    String raw = new String(bytes, StandardCharsets.ISO_8859_1);
    try {
      Target target = Target.parse(raw);
      Target again = Target.parse(target.canonicalUri());
      assertThat(again.segments()).isEqualTo(target.segments());
      assertThat(again.canonicalUri()).isEqualTo(target.canonicalUri());
      REACHED.add("a target that is read");
    } catch (KmsException refused) {
      assertThat(refused.problem()).isNotNull();
      REACHED.add("a target that is refused");
    }
  }

  /** Whatever stands in the header, it proves nobody and fails in the API's own way. */
  @FuzzTest
  void anAuthorizationHeaderOfAStrangerProvesNobody(FuzzedDataProvider data) {
    String header =
        data.pickValue(
                new String[] {
                  "",
                  "SDK-HMAC-SHA256 Access=" + AK + ", SignedHeaders=" + TestRequest.SIGNED + ", ",
                  "SDK-HMAC-SHA256 Credential=" + AK + "/20260102///sdk_request, ",
                  "V11-HMAC-SHA256 Credential=" + AK + "/20260102/r/kms, ",
                  "SDK-ECDSA-P256-SHA256 Access=" + AK + ", Signature=",
                  "SDK-SM2-SM3 Access=" + AK + ", Signature="
                })
            + data.consumeRemainingAsString();
    TestRequest request =
        TestRequest.of("POST", "/v1.0/" + TestRequest.P + "/kms/list-keys")
            .header("Authorization", header)
            .body("{}");
    Problem problem = checking.problemOf(request);
    assertThat(problem).isNotNull();
    if (problem instanceof Problem.BadSignature bad
        && bad.forTheLog().startsWith("wrong signature")) {
      REACHED.add("a header where only the signature is wrong");
    }
  }

  /** What the vendor signs is taken; the same signature over another target is not. */
  @FuzzTest
  void theVendorsSignatureIsGoodForItsTargetAndNoOther(FuzzedDataProvider data) {
    String tag = text(data, 12, "?#");
    String value = text(data, 8, "");
    byte[] edit = data.consumeRemainingAsBytes();
    if (tag.isEmpty()) {
      return;
    }
    TestRequest request = signed(tag, value);
    assertThat(checking.problemOf(request)).as(request.target).isNull();
    REACHED.add("the target that was signed");

    String before = request.target;
    request.target = edited(before, edit);
    if (checking.problemOf(request) == null) {
      assertThat(Target.parse(request.target).segments())
          .as(request.target)
          .isEqualTo(Target.parse(before).segments());
      if (!request.target.equals(before)) {
        REACHED.add("the same target, spelt otherwise");
      }
    } else {
      REACHED.add("another target");
    }
  }

  private static String text(FuzzedDataProvider data, int max, String without) {
    StringBuilder text = new StringBuilder();
    data.consumeString(max)
        .codePoints()
        .filter(c -> c > 0x1f && c != 0x7f && (c < 0xd800 || c > 0xdfff) && without.indexOf(c) < 0)
        .forEach(text::appendCodePoint);
    String made = text.toString();
    // The vendor's client ends a path where a segment is a dot or ends in a slash.
    return made.contains("/") || made.strip().matches("[.]*") || !made.equals(made.strip())
        ? ""
        : made;
  }

  private static TestRequest signed(String tag, String value) {
    HttpRequest official =
        HttpRequest.newBuilder()
            .withMethod(HttpMethod.GET)
            .withEndpoint("http://127.0.0.1:8080")
            .withPath("/v1.0/{project_id}/kms/{tag}")
            .withContentType("application/json")
            .addPathParam("project_id", TestRequest.P)
            .addPathParam("tag", tag)
            .addQueryParam("q", List.of(value))
            .addHeader("X-Sdk-Date", TestRequest.DATE)
            .addHeader("Host", "127.0.0.1:8080")
            .addHeader("User-Agent", "huaweicloud-usdk-java/3.0")
            .build();
    StringBuilder target = new StringBuilder("/v1.0/" + TestRequest.P + "/kms/");
    PercentEncoding.append(target, tag);
    target.append("?q=");
    PercentEncoding.append(target, value);
    TestRequest request = TestRequest.bare("GET", target.toString());
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    official.getHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    headers.putAll(
        AKSKSigner.getInstance().sign(official, new BasicCredentials().withAk(AK).withSk(SK)));
    headers.forEach(request::header);
    return request;
  }

  /** The first byte says where, the rest what is put there. */
  private static String edited(String target, byte[] edit) {
    if (edit.length < 2) {
      return target;
    }
    int at = Byte.toUnsignedInt(edit[0]) % target.length();
    String middle =
        new String(Arrays.copyOfRange(edit, 1, edit.length), StandardCharsets.ISO_8859_1);
    return target.substring(0, at) + middle + target.substring(Math.min(target.length(), at + 1));
  }
}
