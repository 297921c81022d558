package dev.yaoku.key;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One generation of a key's material, wrapped.
 *
 * @param key whose material it is
 * @param number 1 for the first
 * @param materialId a UUID that names the material on the wire
 * @param wrapped the material under the project key (SECURITY_DESIGN section 4, wrap 4); empty
 *     while it is not here
 * @param projectKeyVersion the version of the project key that wraps it
 * @param fingerprint keyed fingerprint of imported material, empty for material made here; while it
 *     was never here, of the member of the key's multi-region set where it was
 * @param waiting whether it waits for rotate-on-demand
 * @param createdAt to the millisecond
 * @param expiresAt when imported material expires, null for never
 * @param rowVersion counts the changes of this row, from 1
 */
@SuppressWarnings("ArrayRecordComponent") // rows are never compared, only mapped
public record KeyVersion(
    KeyId key,
    int number,
    String materialId,
    byte[] wrapped,
    int projectKeyVersion,
    byte[] fingerprint,
    boolean waiting,
    Instant createdAt,
    @Nullable Instant expiresAt,
    long rowVersion) {

  /** Whether the material is here and has not expired. */
  public boolean isHereAt(Instant now) {
    return wrapped.length > 0 && (expiresAt == null || expiresAt.isAfter(now));
  }

  /** Whether the material was here until then, and nothing of it was destroyed since. */
  public boolean isExpiredAt(Instant now) {
    return wrapped.length > 0 && !isHereAt(now);
  }

  /** This version with its material destroyed; number, name and fingerprint stay. */
  public KeyVersion emptied() {
    return with(new byte[0], projectKeyVersion, fingerprint, waiting, null);
  }

  /**
   * This version with material, which is its own that came back or takes its place.
   *
   * @param nextWrapped the material, wrapped
   */
  public KeyVersion filled(
      byte[] nextWrapped, int nextProjectKeyVersion, @Nullable Instant nextExpiry) {
    return with(nextWrapped, nextProjectKeyVersion, fingerprint, waiting, nextExpiry);
  }

  /** This version, whose material is recognised by a fingerprint when it comes again. */
  public KeyVersion recognisedBy(byte[] nextFingerprint) {
    return with(wrapped, projectKeyVersion, nextFingerprint, waiting, expiresAt);
  }

  /** This version, waiting no more. */
  public KeyVersion current() {
    return with(wrapped, projectKeyVersion, fingerprint, false, expiresAt);
  }

  private KeyVersion with(
      byte[] nextWrapped,
      int nextProjectKeyVersion,
      byte[] nextFingerprint,
      boolean stillWaiting,
      @Nullable Instant nextExpiry) {
    return new KeyVersion(
        key,
        number,
        materialId,
        nextWrapped,
        nextProjectKeyVersion,
        nextFingerprint,
        stillWaiting,
        createdAt,
        nextExpiry,
        rowVersion);
  }
}
