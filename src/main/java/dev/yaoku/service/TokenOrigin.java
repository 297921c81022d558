package dev.yaoku.service;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import org.jspecify.annotations.Nullable;

/** How a token is come by: what its row says of it, and whether that is still there. */
sealed interface TokenOrigin {
  /** By a password. */
  record ByPassword(PasswordProof proof) implements TokenOrigin {
    @Override
    public String method() {
      return Tokens.PASSWORD;
    }

    @Override
    public void mustLive(Reading tx) {
      proof.mustStand(tx);
    }
  }

  /** By an access key that was shown with its secret. */
  record ByAccessKey(String id) implements TokenOrigin {
    @Override
    public String method() {
      return Tokens.ACCESS_KEY;
    }

    @Override
    public String accessKey() {
      return id;
    }

    @Override
    public void mustLive(Reading tx) {
      mustBeThere(tx, id);
    }
  }

  /** By another token: one of ours, or one of an identity provider, which stands for it. */
  record ByToken(String method, String parent) implements TokenOrigin {
    @Override
    public void mustLive(Reading tx) {
      mustBeThere(tx, parent);
    }
  }

  /** How the identity was proved, as the API calls it. */
  String method();

  /** The SHA-256 of the token that this one ends with, or a provider; null for none. */
  default @Nullable String parent() {
    return null;
  }

  /** The access key that this one ends with; null for none. */
  default @Nullable String accessKey() {
    return null;
  }

  /**
   * Looks whether what the token comes from is there. To be called in the transaction that makes
   * the token.
   *
   * @throws KmsException with {@link Problem.BadToken} or {@link Problem.BadPassword} if it is gone
   */
  void mustLive(Reading tx);

  private static void mustBeThere(Reading tx, String parent) {
    if (!Lineages.parentLives(tx, parent)) {
      throw new KmsException(new Problem.BadToken());
    }
  }
}
