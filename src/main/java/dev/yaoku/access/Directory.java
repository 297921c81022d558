package dev.yaoku.access;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who is known here. Answers come from memory where they can; a look-up that must go to the store
 * first asks {@link dev.yaoku.key.Waiting}.
 */
public interface Directory {
  /**
   * The access key of this public name, if it may be used now: it, its user and its account are
   * there and enabled.
   *
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.Throttled} if too many
   *     unknown names are being looked up
   */
  Optional<KnownKey> accessKey(String id);

  /** The same if it is in memory; never waits. */
  default Optional<KnownKey> keptAccessKey(String id) {
    return Optional.empty();
  }

  /**
   * The secret of an access key for a source that has not proved it, whether or not the key may be
   * used now: whoever shows that he has it may ask for {@link #accessKey}. What others asked for is
   * of no help, and what was found, or that nothing was, counts for a moment only. So asking costs
   * the same whether there is such a key, and whether somebody uses it; where there is none, the
   * answer may be a secret that nobody has.
   *
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.Throttled} if too many
   *     names are being looked up
   */
  default Optional<StrangersKey> secretForStranger(String id) {
    return accessKey(id).map(known -> new StrangersKey(known.key(), true));
  }

  /**
   * The token with this SHA-256, expired ones included, if its user and account may act now.
   *
   * @param sha256 64 hexadecimal characters
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.Throttled} if too many
   *     unknown tokens are being looked up
   */
  Optional<KnownToken> token(String sha256);

  /**
   * For whom a client certificate stands: one user at most of each account whose authority vouches
   * for it.
   *
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.Throttled} if too many
   *     unknown certificates are being looked at
   */
  default List<KnownCertificate> certificate(ClientCertificate certificate) {
    return List.of();
  }

  /** The project of this id, whoever owns it. */
  Optional<KnownProject> project(String id);

  /** Notes that an access key proved somebody's identity. Never waits. */
  default void used(String accessKey) {}

  /**
   * An access key that may be used.
   *
   * @param principal whose it is
   * @param key makes its signatures
   * @param securityToken SHA-256 of the token that must come with it, or null for a permanent key
   * @param expiresAt when its life is over
   * @param standing what is remembered beside it
   */
  record KnownKey(
      Principal principal,
      SigningKey key,
      @Nullable String securityToken,
      Instant expiresAt,
      Standing standing) {
    /** Whether its time is over, or has not come. */
    boolean isOver(Instant now) {
      return !Session.isOfNow(now, principal.session().issuedAt(), expiresAt);
    }
  }

  /**
   * What a stranger's signature has to be of.
   *
   * @param key makes its signatures
   * @param there whether it is the secret of an access key at all
   */
  record StrangersKey(SigningKey key, boolean there) {}

  /**
   * A token that was issued here.
   *
   * @param principal whose it is
   * @param expiresAt when its life is over
   * @param sha256 what it is found by
   * @param parent SHA-256 of the token it was derived from, or null
   * @param standing what is remembered beside it
   */
  record KnownToken(
      Principal principal,
      Instant expiresAt,
      String sha256,
      @Nullable String parent,
      Standing standing) {
    /** Whether its time is over, or has not come. */
    public boolean isOver(Instant now) {
      return !Session.isOfNow(now, principal.session().issuedAt(), expiresAt);
    }
  }

  /**
   * A certificate that stands for somebody.
   *
   * @param principal for whom
   * @param notAfter when the certificate's time is over, or its authority's
   * @param ofFirstAccount whether that is of the account that is meant where a request names none
   * @param standing what is remembered beside it, as far as it stands for this one
   */
  record KnownCertificate(
      Principal principal, Instant notAfter, boolean ofFirstAccount, Standing standing) {}

  /** A project of an account. */
  record KnownProject(String id, String account, String name, String region, boolean enabled) {}
}
