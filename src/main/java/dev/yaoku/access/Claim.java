package dev.yaoku.access;

import org.jspecify.annotations.Nullable;

/**
 * What a request that names an access key has to be signed with.
 *
 * @param key makes the signatures; of an access key that is not there, one that nobody has
 * @param there whether there is such an access key
 * @param known whose it is; null where that is looked up only once the signature is right: of
 *     strangers, and where it would take much memory while a body is long in coming (ADR 37)
 */
record Claim(SigningKey key, boolean there, Directory.@Nullable KnownKey known) {
  /** A claim of somebody known. */
  static Claim of(Directory.KnownKey known) {
    boolean narrowed = known.principal().session().narrowing() != null;
    return new Claim(known.key(), true, narrowed ? null : known);
  }

  /** A claim of a stranger. */
  static Claim of(Directory.StrangersKey found) {
    return new Claim(found.key(), found.there(), null);
  }

  /** What it came to. */
  sealed interface Outcome {}

  /** It is right, and the key may be used now. */
  record Right(Directory.KnownKey key) implements Outcome {}

  /** The signature is not the key's. */
  record Wrong() implements Outcome {}

  /** There is no such key, or it may not be used now. */
  record Unknown() implements Outcome {}
}
