package dev.yaoku.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RequestSignerTest {
  private static final String PROJECT = "0123456789abcdef0123456789abcdef";
  private static final RequestSigner SIGNER =
      new RequestSigner(
          "AKEXAMPLE0000000001", "SKexample/0000000000000000000000000000001", PROJECT);

  @Test
  void everyHeaderThatIsSignedIsSent() {
    Map<String, String> headers = sign("GET", "/v1.0/" + PROJECT + "/kms/tags", "");

    assertThat(headers.keySet())
        .containsExactly("authorization", "host", "user-agent", "x-project-id", "x-sdk-date");
    assertThat(headers.get("authorization"))
        .startsWith("SDK-HMAC-SHA256 Access=AKEXAMPLE0000000001, ")
        .contains("SignedHeaders=host;user-agent;x-project-id;x-sdk-date, ")
        .matches(".*Signature=[0-9a-f]{64}");
    assertThat(headers.get("x-sdk-date")).isEqualTo("20260102T030405Z");
  }

  /** Signatures made by the algorithm of the contract, computed with a second implementation. */
  @Test
  void theSignaturesAreThoseOfTheContract() {
    assertThat(signature(sign("GET", "/", "")))
        .isEqualTo("3e16f48cb8925d470178f667306160a916ba619a68bfd3b5056f721d986306c8");
    assertThat(signature(sign("POST", "/v1.0/" + PROJECT + "/kms/list-keys", "{}")))
        .isEqualTo("7c41d430dbbd5c749852b74ce7660c289141c0e8c4a5c20f4e1b4b562d1eab43");
  }

  private static Map<String, String> sign(String method, String path, String body) {
    return SIGNER.sign(
        method,
        "127.0.0.1:8080",
        path,
        body.getBytes(UTF_8),
        Instant.parse("2026-01-02T03:04:05Z"));
  }

  private static String signature(Map<String, String> headers) {
    return headers.getOrDefault("authorization", "").replaceFirst(".*Signature=", "");
  }
}
