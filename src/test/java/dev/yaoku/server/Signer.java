package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.huaweicloud.sdk.core.auth.AKSKSigner;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.auth.DerivedAKSKSigner;
import com.huaweicloud.sdk.core.auth.P256SHA256Signer;
import com.huaweicloud.sdk.core.auth.SM2SM3Signer;
import com.huaweicloud.sdk.core.auth.SM3AKSKSigner;
import com.huaweicloud.sdk.core.http.HttpMethod;
import com.huaweicloud.sdk.core.http.HttpRequest;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Every way of signing a request. The vendor's own code signs, but for the scoped form, which its
 * SDKs do not have.
 */
enum Signer {
  PLAIN,
  SCOPED,
  DERIVED,
  SM3,
  ECDSA,
  SM2;

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /**
   * The headers of a signed request whose path has no characters to be escaped, and no query.
   *
   * @param signed further headers that the signature covers
   */
  Map<String, String> headers(
      String method,
      String host,
      String path,
      String body,
      Instant date,
      String accessKey,
      String secret,
      Map<String, String> signed) {
    Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    headers.put("Host", host);
    headers.put("X-Sdk-Date", DATE.format(date));
    headers.putAll(signed);
    if (this == SCOPED) {
      headers.put("authorization", scoped(method, path, body, headers, accessKey, secret));
      return headers;
    }
    HttpRequest.HttpRequestBuilder request =
        HttpRequest.newBuilder()
            .withMethod(HttpMethod.valueOf(method))
            .withEndpoint("http://" + host)
            .withPath(path)
            .withContentType("application/json");
    headers.forEach(request::addHeader);
    if (!body.isEmpty()) {
      request.withBodyAsString(body);
    }
    headers.putAll(
        officially(request.build(), new BasicCredentials().withAk(accessKey).withSk(secret)));
    return headers;
  }

  private Map<String, String> officially(HttpRequest request, BasicCredentials credentials) {
    return switch (this) {
      case PLAIN -> AKSKSigner.getInstance().sign(request, credentials);
      case SM3 -> SM3AKSKSigner.getInstance().sign(request, credentials);
      case ECDSA -> P256SHA256Signer.getInstance().sign(request, credentials);
      case SM2 -> SM2SM3Signer.getInstance().sign(request, credentials);
      case DERIVED -> {
        credentials.withDerivedPredicate(_ -> true);
        credentials.processDerivedAuthParams("kms", "cn-north-4");
        yield DerivedAKSKSigner.getInstance().sign(request, credentials);
      }
      case SCOPED -> throw new IllegalStateException("no SDK signs so");
    };
  }

  private static String scoped(
      String method,
      String path,
      String body,
      Map<String, String> headers,
      String accessKey,
      String secret) {
    StringBuilder canonical = new StringBuilder(method + "\n" + path + "/\n\n");
    Map<String, String> signed = new TreeMap<>();
    headers.forEach((name, value) -> signed.put(name.toLowerCase(Locale.ROOT), value));
    signed.forEach((name, value) -> canonical.append(name).append(':').append(value).append('\n'));
    String names = String.join(";", signed.keySet());
    canonical.append('\n').append(names).append('\n').append(hash(body));
    String date = signed.getOrDefault("x-sdk-date", "");
    String scope = date.substring(0, 8) + "///sdk_request";
    byte[] key = ("SDK" + secret).getBytes(UTF_8);
    for (String part : scope.split("/", -1)) {
      key = hmac(key, part);
    }
    String toSign = "SDK-HMAC-SHA256\n" + date + "\n" + scope + "\n" + hash(canonical.toString());
    return "SDK-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
        .formatted(accessKey, scope, names, HexFormat.of().formatHex(hmac(key, toSign)));
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hash(String text) {
    try {
      return HexFormat.of()
          .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
