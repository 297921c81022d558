package dev.yaoku.access;

import dev.yaoku.crypto.Hash;
import org.jspecify.annotations.Nullable;

/**
 * The headers that say who calls, found in one pass. A header that we read may occur once only:
 * whoever reads the first of two and whoever reads the last must not disagree (SECURITY_DESIGN
 * H17).
 */
final class OfferedHeaders {
  @Nullable String authorization;
  @Nullable String token;
  @Nullable String date;
  @Nullable String projectId;
  @Nullable String domainId;
  @Nullable String securityToken;
  private @Nullable String contentSha256;
  private @Nullable String contentSm3;
  private @Nullable String host;
  private @Nullable String subjectToken;
  private @Nullable String contentType;
  private @Nullable String contentLength;
  private @Nullable String userAgent;

  private OfferedHeaders() {}

  static OfferedHeaders of(RequestHead head) {
    OfferedHeaders found = new OfferedHeaders();
    for (RequestHead.Header header : head.headers()) {
      found.take(header);
    }
    return found;
  }

  private void take(RequestHead.Header header) {
    switch (header.name()) {
      case "authorization" -> authorization = once(authorization, header);
      case "x-auth-token" -> token = once(token, header);
      case "x-sdk-date" -> date = once(date, header);
      case "x-project-id" -> projectId = once(projectId, header);
      case "x-domain-id" -> domainId = once(domainId, header);
      case "x-security-token" -> securityToken = once(securityToken, header);
      case "x-sdk-content-sha256" -> contentSha256 = once(contentSha256, header);
      case "x-sdk-content-sm3" -> contentSm3 = once(contentSm3, header);
      case "host" -> host = once(host, header);
      case "x-subject-token" -> subjectToken = once(subjectToken, header);
      case "content-type" -> contentType = once(contentType, header);
      case "content-length" -> contentLength = once(contentLength, header);
      case "user-agent" -> userAgent = once(userAgent, header);
      default -> {}
    }
  }

  /** The header of {@link #contentHash}, in lower case. */
  static String nameOfContentHash(Scheme scheme) {
    return scheme.hash() == Hash.SM3 ? "x-sdk-content-sm3" : "x-sdk-content-sha256";
  }

  /** What the caller says is the hash of the body. */
  @Nullable String contentHash(Scheme scheme) {
    return scheme.hash() == Hash.SM3 ? contentSm3 : contentSha256;
  }

  private static String once(@Nullable String before, RequestHead.Header header) {
    if (before != null) {
      throw RequestHead.repeated(header.name());
    }
    return header.value();
  }
}
