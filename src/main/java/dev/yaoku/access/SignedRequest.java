package dev.yaoku.access;

import dev.yaoku.crypto.Hashes;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A request whose signature waits for its body. */
final class SignedRequest implements Credentials {
  /** Stands for the hash of a body that the signature leaves out. */
  static final String UNSIGNED = "UNSIGNED-PAYLOAD";

  private static final HexFormat HEX = HexFormat.of();

  private final AccessKeyClaims keys;
  private final SignatureRules rules;
  private final RequestHead head;
  private final Authorization how;
  private final String date;
  private final @Nullable String contentHash;
  private final @Nullable String securityToken;
  private final Claim claim;
  private @Nullable Standing standing;

  SignedRequest(
      AccessKeyClaims keys,
      SignatureRules rules,
      RequestHead head,
      Authorization how,
      String date,
      OfferedHeaders offered,
      Claim claim) {
    this.keys = keys;
    this.rules = rules;
    this.head = head;
    this.how = how;
    this.date = date;
    this.contentHash = offered.contentHash(how.scheme());
    this.securityToken = offered.securityToken;
    this.claim = claim;
  }

  @Override
  public Principal prove(byte[] body) {
    Payload payload = payload(body);
    String canonical = CanonicalRequest.of(how, head, payload.queryLine(), payload.hash());
    byte[] toSign = stringToSign(canonical);
    Claim.Outcome outcome =
        keys.settle(claim, how.accessKey(), head.source(), key -> key.verify(how, toSign));
    return switch (outcome) {
      case Claim.Right(Directory.KnownKey key) -> proved(key);
      case Claim.Unknown() -> throw wrong("unknown access key", echo(payload));
      case Claim.Wrong() -> throw wrong("wrong signature", echo(payload));
    };
  }

  private Principal proved(Directory.KnownKey key) {
    mustHoldSecurityToken(key);
    keys.mustBeAlive(key);
    standing = key.standing();
    keys.succeeded(how.accessKey(), head.source(), key.standing());
    return key.principal();
  }

  @Override
  public Principal stillStands() {
    Directory.KnownKey key = keys.stillThere(how.accessKey());
    standing = key.standing();
    return key.principal();
  }

  @Override
  public Standing standing() {
    return standing == null ? new Standing() : standing;
  }

  private String echo(Payload payload) {
    return rules.echo()
        ? CanonicalRequest.echo(how, head, payload.queryLine(), payload.hash())
        : "";
  }

  @Override
  public Optional<SignatureMark> mark() {
    if (!rules.refuseReplays()) {
      return Optional.empty();
    }
    byte[] name = how.accessKey().getBytes(StandardCharsets.US_ASCII);
    String sha256 = HEX.formatHex(Hashes.sha256(name, how.oneFormOfSignature()));
    long forgetAt = SdkDate.toEpochMillis(date) + 2 * rules.window().toMillis();
    return Optional.of(new SignatureMark(sha256, forgetAt));
  }

  private KmsException wrong(String forTheLog, String echo) {
    keys.failed(how.accessKey(), head.source());
    return new KmsException(
        new Problem.BadSignature(forTheLog + ", access key " + how.accessKey(), echo));
  }

  /** What is signed in place of the query and the body. */
  private record Payload(String queryLine, String hash) {}

  /** The scoped form signs the query of a POST without body as if it were the body. */
  private Payload payload(byte[] body) {
    String query = head.target().canonicalQuery();
    if (UNSIGNED.equals(contentHash)) {
      return new Payload(query, UNSIGNED); // the authenticator lets it pass or not
    }
    if (how.scheme() == Scheme.SCOPED && body.length == 0 && head.method().equals("POST")) {
      return new Payload("", payloadHash(query.getBytes(StandardCharsets.US_ASCII)));
    }
    return new Payload(query, payloadHash(body));
  }

  /** The hash of the payload, in the client's own spelling if it sent one that is right. */
  private String payloadHash(byte[] payload) {
    byte[] hash = how.scheme().hash().digest(payload);
    String computed = HEX.formatHex(hash);
    if (contentHash == null) {
      return computed;
    }
    if (!contentHash.toLowerCase(Locale.ROOT).equals(computed)) {
      throw wrong("content hash is not the body's", "");
    }
    return contentHash;
  }

  private byte[] stringToSign(String canonical) {
    byte[] hash = how.scheme().hash().digest(canonical.getBytes(StandardCharsets.ISO_8859_1));
    StringBuilder text = new StringBuilder(160);
    text.append(how.scheme().algorithm()).append('\n').append(date).append('\n');
    if (!how.scope().isEmpty()) {
      text.append(how.scope()).append('\n');
    }
    text.append(HEX.formatHex(hash));
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /**
   * A temporary key works with its own token only; a token beside a permanent key is none of ours.
   * It counts like a wrong signature: whoever has a secret without its token has not proved enough.
   */
  private void mustHoldSecurityToken(Directory.KnownKey key) {
    String offered = securityToken == null ? "" : securityToken;
    String wanted = key.securityToken();
    boolean right =
        wanted == null
            ? offered.isEmpty()
            : !offered.isEmpty() && sameText(TokenText.sha256(offered), wanted);
    if (!right) {
      keys.failed(how.accessKey(), head.source());
      throw new KmsException(new Problem.BadToken());
    }
  }

  private static boolean sameText(String a, String b) {
    return Hashes.constantTimeEquals(
        a.getBytes(StandardCharsets.US_ASCII), b.getBytes(StandardCharsets.US_ASCII));
  }
}
