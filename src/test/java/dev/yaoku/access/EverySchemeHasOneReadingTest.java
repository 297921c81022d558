package dev.yaoku.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.huaweicloud.sdk.core.http.HttpMethod;
import com.huaweicloud.sdk.core.http.HttpRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A request that the vendor's client signed, by each of its schemes, is changed in one place.
 * Whatever is still accepted means exactly what was signed (SECURITY_DESIGN H17).
 */
class EverySchemeHasOneReadingTest {
  private static final String TAGS = "/kms/0d0466b0-e727-4d9c-b35d-f84bb474a37f/tags";

  /** Requests of every kind: path without its parameter, that parameter, query and body. */
  enum Shape {
    CREATE_TAG(HttpMethod.POST, TAGS, "", "", "{\"tag\":{\"key\":\"k\",\"value\":\"v\"}}"),
    PAGE_OF_KEYSTORES(HttpMethod.GET, "/keystores", "", "limit=10&offset=20", ""),
    DELETE_TAG_WITH_A_BLANK(HttpMethod.DELETE, TAGS, "/a b", "", ""),
    DELETE_TAG_WITH_TWO_SLASHES(HttpMethod.DELETE, TAGS, "/a//b", "", ""),
    DELETE_WITH_A_BODY(HttpMethod.DELETE, TAGS, "/k", "", "{\"sequence\":\"1\"}"),
    UPDATE_POLICY(
        HttpMethod.PUT,
        "/kms/key-policies/9b0e7a52-3c43-4c8e-8a39-0d5a6a1b7c11",
        "",
        "",
        "{\"policy\":\"{}\"}");

    private final HttpMethod method;
    private final String path;
    private final String parameter;
    private final String query;
    private final String body;

    Shape(HttpMethod method, String path, String parameter, String query, String body) {
      this.method = method;
      this.path = "/v1.0/" + TestRequest.P + path;
      this.parameter = parameter;
      this.query = query;
      this.body = body;
    }

    /** As it stands in the request line. */
    private String target() {
      return path + parameter.replace(" ", "%20") + (query.isEmpty() ? "" : "?" + query);
    }
  }

  private final Checking checking =
      new Checking(
          new KnownPeople()
              .key(TestRequest.AK, TestRequest.SK, null)
              .key(OfficialSignerTest.AK, OfficialSignerTest.SK, null));

  static Stream<Arguments> everyShapeByEverySigner() {
    return Stream.of(OfficialSignerTest.Signer.values())
        .flatMap(signer -> Stream.of(Shape.values()).map(shape -> Arguments.of(signer, shape)));
  }

  @ParameterizedTest
  @MethodSource("everyShapeByEverySigner")
  void whateverIsEditedIsRefusedOrMeansTheSame(OfficialSignerTest.Signer signer, Shape shape) {
    mustHaveOneReading(signed(signer, shape));
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
    Stream.of(new byte[0], new byte[1], Arrays.copyOf(body, body.length + 1))
        .filter(other -> !Arrays.equals(other, body))
        .forEach(other -> {
          request.body = other;
          assertThat(isAccepted(request)).isFalse();
        });
    request.body = body;
  }

  private void methods(TestRequest request) {
    String method = request.method;
    Set<String> others = new TreeSet<>(Set.of("GET", "POST", "PUT", "DELETE", "PATCH", ""));
    others.add(method.toLowerCase(Locale.ROOT));
    others.add(method.substring(1));
    others.remove(method);
    for (String other : others) {
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

  private static TestRequest signed(OfficialSignerTest.Signer signer, Shape shape) {
    HttpRequest.HttpRequestBuilder building =
        HttpRequest.newBuilder()
            .withMethod(shape.method)
            .withEndpoint("http://127.0.0.1:8080")
            .withPath(shape.path + "{parameter}")
            .addPathParam("parameter", shape.parameter)
            .withContentType("application/json")
            .addHeader("X-Sdk-Date", TestRequest.DATE)
            .addHeader("Host", "127.0.0.1:8080")
            .addHeader("User-Agent", "huaweicloud-usdk-java/3.0");
    for (String pair : shape.query.split("&", 0)) {
      if (!pair.isEmpty()) {
        building.addQueryParam(pair.split("=", 2)[0], List.of(pair.split("=", 2)[1]));
      }
    }
    if (!shape.body.isEmpty()) {
      building.withBodyAsString(shape.body);
    }
    HttpRequest official = building.build();
    TestRequest request = TestRequest.bare(shape.method.name(), shape.target()).body(shape.body);
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    official.getHeaders().forEach((name, values) -> headers.put(name, values.getFirst()));
    headers.putAll(OfficialSignerTest.sign(signer, official));
    headers.forEach(request::header);
    return request;
  }
}
