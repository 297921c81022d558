package dev.yaoku.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.core.http.HttpMethod;
import com.huaweicloud.sdk.core.http.HttpRequest;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A POST that the vendor's client signed, by each of its schemes, is changed in one place. Whatever
 * is still accepted means exactly what was signed (SECURITY_DESIGN H17).
 */
class EverySchemeHasOneReadingTest {
  private static final String PATH =
      "/v1.0/" + TestRequest.P + "/kms/0d0466b0-e727-4d9c-b35d-f84bb474a37f/tags";
  private static final String BODY = "{\"tag\":{\"key\":\"k\",\"value\":\"v\"}}";

  private final Checking checking =
      new Checking(
          new KnownPeople()
              .key(TestRequest.AK, TestRequest.SK, null)
              .key(OfficialSignerTest.AK, OfficialSignerTest.SK, null));

  @ParameterizedTest
  @EnumSource
  void whateverIsEditedIsRefusedOrMeansTheSame(OfficialSignerTest.Signer signer) {
    mustHaveOneReading(signed(signer));
  }

  @Test
  void thatHoldsForTheScopedForm() {
    mustHaveOneReading(SignatureVectorsTest.scoped());
  }

  private void mustHaveOneReading(TestRequest request) {
    checking.accepts(request);
    targets(request);
    bodies(request);
    methods(request);
    signatures(request);
  }

  private void targets(TestRequest request) {
    String target = request.target;
    Target meant = Target.parse(target);
    Set<String> edits = TargetEdits.of(target);
    int accepted = 0;
    for (String edited : edits) {
      request.target = edited;
      if (isAccepted(request)) {
        assertThat(Target.parse(edited)).as(edited).isEqualTo(meant);
        accepted++;
      }
    }
    assertThat(accepted).as("other spellings of the same").isBetween(1, edits.size() / 4);
    request.target = target;
  }

  private void bodies(TestRequest request) {
    byte[] body = request.body;
    for (int i = 0; i < body.length; i++) {
      byte[] flipped = body.clone();
      flipped[i] ^= 0x20;
      request.body = flipped;
      assertThat(isAccepted(request)).as("byte %d of the body", i).isFalse();
    }
    Stream.of(new byte[0], new byte[1], java.util.Arrays.copyOf(body, body.length + 1))
        .forEach(other -> {
          request.body = other;
          assertThat(isAccepted(request)).isFalse();
        });
    request.body = body;
  }

  private void methods(TestRequest request) {
    String method = request.method;
    for (String other : new String[] {"GET", "PUT", "DELETE", "PATCH", "post", "POS", ""}) {
      request.method = other;
      assertThat(isAccepted(request)).as(other).isFalse();
    }
    request.method = method;
  }

  /** Each character of what says who signed, and how, is exchanged, doubled and left out. */
  private void signatures(TestRequest request) {
    String genuine =
        request.headers.stream()
            .filter(header -> header.name().equals("authorization"))
            .map(RequestHead.Header::value)
            .findFirst()
            .orElseThrow();
    int digits = genuine.indexOf("Signature=") + "Signature=".length();
    for (int i = digits; i < genuine.length(); i++) {
      char digit = genuine.charAt(i) == '0' ? '1' : '0';
      for (String edited :
          new String[] {
            genuine.substring(0, i) + digit + genuine.substring(i + 1),
            genuine.substring(0, i) + genuine.substring(i + 1),
            genuine.substring(0, i) + digit + genuine.substring(i)
          }) {
        assertThat(isAccepted(request.without("authorization").header("Authorization", edited)))
            .as(edited)
            .isFalse();
      }
    }
    assertThat(isAccepted(request.without("authorization").header("Authorization", genuine)))
        .isTrue();
  }

  private boolean isAccepted(TestRequest request) {
    return checking.problemOf(request) == null;
  }

  private static TestRequest signed(OfficialSignerTest.Signer signer) {
    HttpRequest official =
        HttpRequest.newBuilder()
            .withMethod(HttpMethod.POST)
            .withEndpoint("http://127.0.0.1:8080")
            .withPath(PATH)
            .withContentType("application/json")
            .addHeader("X-Sdk-Date", TestRequest.DATE)
            .addHeader("Host", "127.0.0.1:8080")
            .addHeader("User-Agent", "huaweicloud-usdk-java/3.0")
            .withBodyAsString(BODY)
            .build();
    TestRequest request = TestRequest.bare("POST", PATH).body(BODY);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    official.getHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    headers.putAll(OfficialSignerTest.sign(signer, official));
    headers.forEach(request::header);
    return request;
  }
}
