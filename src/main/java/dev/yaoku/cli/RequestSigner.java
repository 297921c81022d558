package dev.yaoku.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs requests as a client of the Huawei Cloud APIs does: {@code SDK-HMAC-SHA256} with an access
 * key. For paths of unreserved characters and requests without a query, which is all our commands
 * send.
 *
 * @see "contract/authentication.md section 2"
 */
public final class RequestSigner {
  private static final String ALGORITHM = "SDK-HMAC-SHA256";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final String accessKey;
  private final String secretKey;
  private final String projectId;

  /**
   * A signer for one access key.
   *
   * @param projectId what {@code X-Project-Id} will say
   */
  public RequestSigner(String accessKey, String secretKey, String projectId) {
    this.accessKey = accessKey;
    this.secretKey = secretKey;
    this.projectId = projectId;
  }

  /**
   * The headers to send with a request: those signed and {@code Authorization}, by lower-case name.
   *
   * @param host the authority as it will stand in the {@code Host} header
   * @param path the absolute path, and the query if there is one, as they will be sent
   * @param body the bytes as they will be sent
   */
  public Map<String, String> sign(
      String method, String host, String path, byte[] body, Instant now) {
    Map<String, String> headers = new TreeMap<>();
    headers.put("host", host);
    headers.put("user-agent", "yaoku-cli");
    headers.put("x-project-id", projectId);
    headers.put("x-sdk-date", DATE.format(now));
    String names = String.join(";", headers.keySet());
    headers.put(
        "authorization",
        "%s Access=%s, SignedHeaders=%s, Signature=%s"
            .formatted(ALGORITHM, accessKey, names, signature(method, path, headers, body)));
    return headers;
  }

  private String signature(String method, String path, Map<String, String> headers, byte[] body) {
    StringBuilder canonical = new StringBuilder(512);
    canonical.append(method.toUpperCase(Locale.ROOT)).append('\n');
    int mark = path.indexOf('?');
    String resource = mark < 0 ? path : path.substring(0, mark);
    canonical.append(resource).append(resource.endsWith("/") ? "\n" : "/\n");
    canonical.append(mark < 0 ? "" : sorted(path.substring(mark + 1))).append('\n');
    headers.forEach((name, value) -> canonical.append(name).append(':').append(value).append('\n'));
    canonical.append('\n').append(String.join(";", headers.keySet()));
    canonical.append('\n').append(hash(body));
    String toSign =
        ALGORITHM + "\n" + headers.get("x-sdk-date") + "\n" + hash(utf8(canonical.toString()));
    return hex(hmac(utf8(toSign)));
  }

  private static String sorted(String query) {
    return Arrays.stream(query.split("&", -1)).sorted().collect(Collectors.joining("&"));
  }

  private byte[] hmac(byte[] message) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(utf8(secretKey), "HmacSHA256"));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hash(byte[] bytes) {
    try {
      return hex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(UTF_8);
  }
}
