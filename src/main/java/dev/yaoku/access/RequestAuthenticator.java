package dev.yaoku.access;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who calls, by signature, token or client certificate.
 *
 * <p>Work is spent in this order: form of the headers, date, the source's record of failures, a
 * look-up that is cached, and only then the hash of the body (SECURITY_DESIGN H9).
 */
public final class RequestAuthenticator implements Authenticator {
  private static final int HASH_DIGITS = 64;
  private static final int PROJECT_LENGTH = 32;

  private final Directory directory;
  private final FailureThrottle throttle;
  private final SignatureRules rules;
  private final InstantSource clock;
  private final InstantSource clockOfSignatures;
  private final AccessKeyClaims keys;

  /**
   * An authenticator.
   *
   * @param lockOut locks access keys that fail, where somebody wants that
   * @param clock says which tokens have expired
   * @param clockOfSignatures says which signatures are in time; another one only where the first
   *     can be moved
   * @param dummy a random secret; unknown access keys are checked against it, so that they cost
   *     what known ones cost
   */
  public RequestAuthenticator(
      Directory directory,
      FailureThrottle throttle,
      LockOut lockOut,
      SignatureRules rules,
      InstantSource clock,
      InstantSource clockOfSignatures,
      SecretBytes dummy) {
    this.directory = directory;
    this.throttle = throttle;
    this.rules = rules;
    this.clock = clock;
    this.clockOfSignatures = clockOfSignatures;
    this.keys = new AccessKeyClaims(directory, throttle, lockOut, clock, dummy);
  }

  /** Checks access keys whose secret itself is shown; failures count together with this one's. */
  public AccessKeyLogin logins() {
    return new AccessKeyLogin(keys);
  }

  @Override
  public Credentials read(RequestHead head) {
    OfferedHeaders offered = OfferedHeaders.of(head);
    if (present(offered.token) && !head.secure()) {
      throw new KmsException(new Problem.NeedsTls());
    }
    // Scripts whose variable is not set send headers without a value: nothing is offered by them,
    // and the certificate beside them is not what they meant.
    if (offered.authorization != null && !offered.authorization.isEmpty()) {
      return signed(head, offered, offered.authorization);
    }
    if (offered.token != null && !offered.token.isEmpty()) {
      return held(head, offered.token);
    }
    boolean silent = offered.authorization == null && offered.token == null;
    if (silent && head.certificate() != null) {
      return shown(head, head.certificate());
    }
    throw new KmsException(new Problem.NoCredentials());
  }

  private Credentials signed(RequestHead head, OfferedHeaders offered, String authorization) {
    Authorization how = Authorization.parse(authorization);
    String date = offered.date == null ? "" : offered.date.strip();
    mustBeInTime(date, how);
    mustCoverTheBody(head, how, offered.contentHash(how.scheme()));
    for (String name : how.signedHeaders()) {
      head.only(name);
    }
    keys.mustBeLetIn(how.accessKey(), head.source());
    Claim claim = keys.claim(how.accessKey(), head.source());
    return new SignedRequest(keys, rules, head, how, date, offered, claim);
  }

  private void mustBeInTime(String date, Authorization how) {
    long signedAt = SdkDate.toEpochMillis(date);
    if (!how.scope().isEmpty() && !date.startsWith(how.scopeDay())) {
      throw Authorization.bad("the scope is of another day");
    }
    long now = clockOfSignatures.millis();
    if (Math.abs(now - signedAt) > rules.window().toMillis()) {
      throw new KmsException(new Problem.SignatureExpired(Instant.ofEpochMilli(now).toString()));
    }
  }

  /**
   * Somebody between client and server could replace an unsigned body, so one is taken only over a
   * connection that nobody else can read or change (ADR 35).
   */
  private void mustCoverTheBody(RequestHead head, Authorization how, @Nullable String contentHash) {
    if (contentHash == null || contentHash.length() == HASH_DIGITS) {
      return;
    }
    if (!contentHash.equals(SignedRequest.UNSIGNED)) {
      throw Authorization.bad("the content hash is none");
    }
    String header = OfferedHeaders.nameOfContentHash(how.scheme());
    if (!rules.unsignedBodies() || !head.secure() || !how.signedHeaders().contains(header)) {
      throw new KmsException(new Problem.UnsignedBody());
    }
  }

  private Credentials held(RequestHead head, String token) {
    if (!TokenText.fits(token)) {
      throw badToken(head, "");
    }
    String sha256 = TokenText.sha256(token);
    throttle.mustBeLetIn(head.source(), sha256);
    alive(head, sha256);
    throttle.succeeded(head.source(), sha256);
    return new HeldToken(this, head, sha256);
  }

  /** The token of this hash, if it counts now. */
  Directory.KnownToken alive(RequestHead head, String sha256) {
    return inTime(directory.token(sha256).orElseThrow(() -> badToken(head, sha256)));
  }

  /** The same of one that did. */
  Directory.KnownToken stillAlive(String sha256) {
    return inTime(
        directory.token(sha256).orElseThrow(() -> new KmsException(new Problem.BadToken())));
  }

  private Directory.KnownToken inTime(Directory.KnownToken known) {
    if (known.isOver(clock.instant())) {
      throw new KmsException(new Problem.TokenExpired());
    }
    return known;
  }

  /** A certificate is looked at only where nothing else says who calls. */
  private Credentials shown(RequestHead head, ClientCertificate certificate) {
    throttle.mustBeLetIn(head.source(), certificate.sha256());
    vouchedFor(head, certificate);
    throttle.succeeded(head.source(), certificate.sha256());
    return new ProvedCertificate(this, head, certificate);
  }

  /** For whom a certificate stands now; that it stands for nobody is a failed attempt. */
  Directory.KnownCertificate vouchedFor(RequestHead head, ClientCertificate certificate) {
    try {
      return standsFor(head, certificate);
    } catch (KmsException forNobody) {
      if (forNobody.problem() instanceof Problem.BadCertificate) {
        throttle.failed(head.source(), certificate.sha256());
      }
      throw forNobody;
    }
  }

  /**
   * For whom a certificate stands now: in the account that the request names, else in the first
   * one. Anybody may trust the authority of others, so that another account vouches for the
   * certificate, too, decides nothing (ADR 41).
   */
  Directory.KnownCertificate standsFor(RequestHead head, ClientCertificate certificate) {
    Instant now = clock.instant();
    List<Directory.KnownCertificate> known =
        directory.certificate(certificate).stream()
            .filter(k -> now.isBefore(k.notAfter()))
            .toList();
    return known.stream()
        .filter(k -> isAtHome(k.principal(), head))
        .findAny()
        .or(() -> known.stream().filter(Directory.KnownCertificate::ofFirstAccount).findAny())
        .orElseThrow(() -> new KmsException(new Problem.BadCertificate()));
  }

  /** Whether the request names this account, by its project or by its id. */
  private boolean isAtHome(Principal who, RequestHead head) {
    List<String> segments = head.target().segments();
    String inPath = segments.size() > 1 ? segments.get(1) : "";
    Optional<Directory.KnownProject> project =
        inPath.length() == PROJECT_LENGTH ? directory.project(inPath) : Optional.empty();
    return project
        .map(p -> p.account().equals(who.account()))
        .orElseGet(() -> who.account().equals(head.only("x-domain-id")));
  }

  private KmsException badToken(RequestHead head, String sha256) {
    throttle.failed(head.source(), sha256);
    return new KmsException(new Problem.BadToken());
  }

  private static boolean present(@Nullable String value) {
    return value != null && !value.isEmpty();
  }
}
