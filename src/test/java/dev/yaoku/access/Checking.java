package dev.yaoku.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Puts requests before an authenticator whose clock stands at the vectors' date. */
final class Checking {
  static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

  final RequestAuthenticator authenticator;

  Checking(Directory directory) {
    this(directory, SignatureRules.USUAL, NOW);
  }

  Checking(Directory directory, SignatureRules rules, Instant now) {
    this(
        directory,
        rules,
        new FailureThrottle(FailureThrottle.Limits.NONE, InstantSource.fixed(now)),
        now);
  }

  Checking(Directory directory, SignatureRules rules, FailureThrottle throttle, Instant now) {
    authenticator =
        Authenticators.of(
            directory,
            throttle,
            rules,
            InstantSource.fixed(now),
            SecretBytes.take("dummy".getBytes(StandardCharsets.US_ASCII)));
  }

  Principal accepts(TestRequest request) {
    return accepts(request.head(), request.body);
  }

  Principal accepts(RequestHead head, byte[] body) {
    return authenticator.read(head).prove(body);
  }

  Problem refuses(TestRequest request, Class<? extends Problem> expected) {
    Problem problem = problemOf(request);
    assertThat(problem).isInstanceOf(expected);
    return java.util.Objects.requireNonNull(problem);
  }

  /** Why the request is refused, or null. */
  @Nullable Problem problemOf(TestRequest request) {
    try {
      accepts(request);
      return null;
    } catch (KmsException e) {
      return e.problem();
    }
  }
}
