package dev.yaoku.store;

import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.KeyPolicy;

/** What can be changed in key spaces. See {@link Writing}. */
public interface KeySpaceWriting extends KeySpaceReading {
  /** Adds a key policy. */
  void insert(KeyPolicy policy);

  /** Replaces a key policy's row. */
  void update(KeyPolicy policy);

  /** Removes a key policy. */
  void remove(KeyPolicy policy);

  /** Adds an access point. */
  void insert(AccessPoint accessPoint);

  /** Replaces an access point's row. */
  void update(AccessPoint accessPoint);

  /** Removes an access point, its private key with it. */
  void remove(AccessPoint accessPoint);
}
