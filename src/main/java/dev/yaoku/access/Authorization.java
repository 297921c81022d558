package dev.yaoku.access;

import dev.yaoku.crypto.SharedPair;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An {@code Authorization} header, taken apart. Blanks around commas are tolerated; apart from that
 * there is one way to write each part.
 *
 * @param scheme how it was signed
 * @param accessKey the public name of the access key
 * @param scope what stands after the access key in {@code Credential=}, empty for {@code Access=}
 * @param signedHeaders lower-case names in the client's order, each once
 * @param signature 32 bytes, or DER
 */
@SuppressWarnings("ArrayRecordComponent") // a value in passing, never compared as a whole
record Authorization(
    Scheme scheme,
    String accessKey,
    String scope,
    List<String> signedHeaders,
    String signedHeadersText,
    byte[] signature) {

  private static final int CODE_DIGITS = 64;
  private static final int DER_DIGITS_MAX = 144;
  private static final int HEADERS_MAX = 64;
  private static final String SCOPE_END = "/sdk_request";

  /**
   * Reads the header.
   *
   * @throws KmsException with {@link Problem.BadSignature} if it cannot be one, {@link
   *     Problem.BadRequest} if it names a signed header twice
   */
  static Authorization parse(String header) {
    int blank = header.indexOf(' ');
    if (blank < 0) {
      throw bad("no algorithm");
    }
    String algorithm = header.substring(0, blank);
    Items items = Items.of(header, blank + 1);
    return switch (algorithm) {
      case "SDK-HMAC-SHA256" ->
          items.access != null ? items.simple(Scheme.PLAIN) : items.scoped(Scheme.SCOPED);
      case "V11-HMAC-SHA256" -> items.scoped(Scheme.DERIVED);
      case "SDK-HMAC-SM3" -> items.simple(Scheme.SM3);
      case "SDK-ECDSA-P256-SHA256" -> items.simple(Scheme.ECDSA);
      case "SDK-SM2-SM3" -> items.simple(Scheme.SM2);
      default -> throw bad("algorithm not offered");
    };
  }

  static KmsException bad(String forTheLog) {
    return new KmsException(new Problem.BadSignature(forTheLog));
  }

  /** Whether this can be the public name of an access key. */
  static boolean isAccessKey(String id) {
    boolean fits = id.length() >= 16 && id.length() <= 32;
    for (int i = 0; fits && i < id.length(); i++) {
      char c = id.charAt(i);
      fits = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }
    return fits;
  }

  /** The signature in one of the forms that anyone can give it, always the same. */
  byte[] oneFormOfSignature() {
    return scheme == Scheme.ECDSA ? SharedPair.lowS(signature) : signature;
  }

  /** The first eight characters of the scope: the day. */
  String scopeDay() {
    return scope.substring(0, 8);
  }

  /** The {@code Name=Value} items of the header. */
  private static final class Items {
    private @Nullable String access;
    private @Nullable String credential;
    private @Nullable String signedHeaders;
    private @Nullable String signature;

    static Items of(String header, int from) {
      Items items = new Items();
      int start = from;
      while (start <= header.length()) {
        int comma = header.indexOf(',', start);
        int end = comma < 0 ? header.length() : comma;
        items.take(header.substring(start, end).strip());
        start = end + 1;
      }
      return items;
    }

    private void take(String item) {
      int equals = item.indexOf('=');
      if (equals < 0) {
        throw bad("item without value");
      }
      String value = item.substring(equals + 1);
      switch (item.substring(0, equals)) {
        case "Access" -> access = once(access, value);
        case "Credential" -> credential = once(credential, value);
        case "SignedHeaders" -> signedHeaders = once(signedHeaders, value);
        case "Signature" -> signature = once(signature, value);
        default -> throw bad("unknown item");
      }
    }

    private static String once(@Nullable String before, String value) {
      if (before != null) {
        throw bad("item occurs twice");
      }
      return value;
    }

    Authorization simple(Scheme scheme) {
      if (access == null || credential != null) {
        throw bad("no Access");
      }
      return build(scheme, access, "");
    }

    Authorization scoped(Scheme scheme) {
      if (credential == null || access != null) {
        throw bad("no Credential");
      }
      int slash = credential.indexOf('/');
      if (slash < 0) {
        throw bad("no scope");
      }
      String scope = credential.substring(slash + 1);
      mustBeScope(scheme, scope);
      return build(scheme, credential.substring(0, slash), scope);
    }

    /** {@code yyyymmdd/region/service}, and {@code /sdk_request} for the older form. */
    private static void mustBeScope(Scheme scheme, String scope) {
      int slashes = scheme == Scheme.SCOPED ? 3 : 2;
      boolean closed = scheme != Scheme.SCOPED || scope.endsWith(SCOPE_END);
      if (!closed
          || scope.indexOf('/') != 8
          || scope.chars().filter(c -> c == '/').count() != slashes
          || scope.chars().anyMatch(c -> c < 0x21 || c > 0x7e)) {
        throw bad("malformed scope");
      }
    }

    private Authorization build(Scheme scheme, String accessKey, String scope) {
      if (signedHeaders == null || signature == null) {
        throw bad("an item is missing");
      }
      mustBeAccessKey(accessKey);
      return new Authorization(
          scheme, accessKey, scope, names(signedHeaders), signedHeaders, bytes(scheme, signature));
    }

    /** Form before look-up: whatever cannot be an access key costs no look-up. */
    private static void mustBeAccessKey(String id) {
      if (!isAccessKey(id)) {
        throw bad("not the form of an access key");
      }
    }

    private static byte[] bytes(Scheme scheme, String signature) {
      int digits = signature.length();
      boolean fits =
          scheme.ofPair() ? digits <= DER_DIGITS_MAX && digits % 2 == 0 : digits == CODE_DIGITS;
      for (int i = 0; fits && i < digits; i++) {
        char c = signature.charAt(i);
        fits = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
      }
      if (!fits) {
        throw bad("not the form of a signature");
      }
      return HexFormat.of().parseHex(signature);
    }

    private static List<String> names(String joined) {
      List<String> names = new ArrayList<>(8);
      int start = 0;
      while (start <= joined.length()) {
        int semicolon = joined.indexOf(';', start);
        int end = semicolon < 0 ? joined.length() : semicolon;
        String name = joined.substring(start, end);
        mustBeName(name);
        if (names.contains(name)) {
          throw PercentEncoding.refused("A signed header is named twice.");
        }
        names.add(name);
        start = end + 1;
      }
      if (names.size() > HEADERS_MAX || !names.contains("x-sdk-date")) {
        throw bad("x-sdk-date is not signed");
      }
      return names;
    }

    private static void mustBeName(String name) {
      boolean fits = !name.isEmpty();
      for (int i = 0; fits && i < name.length(); i++) {
        char c = name.charAt(i);
        fits =
            (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || "-_.!#$%&'*+^`|~".indexOf(c) >= 0;
      }
      if (!fits) {
        throw bad("malformed SignedHeaders");
      }
    }
  }
}
