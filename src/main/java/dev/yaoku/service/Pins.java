package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.store.Store;
import java.util.Arrays;
import java.util.Base64;
import java.util.Set;

/** PINs, which mean something only at sites that this server never is. None is stored. */
public final class Pins {
  private static final int RANDOM_BYTES = 8;
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'
  };

  /** The keystore of this server and the two shared ones of the cloud. */
  private static final Set<String> KNOWN = Set.of(Keystore.BUILT_IN, "1", "2");

  private final Store store;
  private final ProjectKeys projectKeys;
  private final Randomness randomness;

  Pins(Store store, ProjectKeys projectKeys, Randomness randomness) {
    this.store = store;
    this.projectKeys = projectKeys;
    this.randomness = randomness;
  }

  /** A PIN of 16 characters from 0-9 and A-F, which the caller closes. */
  public SecretBytes plain(Caller caller) {
    caller.mustBeAllowed(Action.CREATE_PIN);
    return make();
  }

  /**
   * A PIN that only this server could open, for a keystore; which the caller closes.
   *
   * @return Base64 of wrap 12
   * @throws KmsException with {@link Problem.KeystoreNotFound}
   */
  public SecretBytes sealed(Caller caller, String keystore) {
    caller.mustBeAllowed(Action.CREATE_PIN);
    boolean there =
        KNOWN.contains(keystore)
            || store.<Boolean>read(tx -> tx.keystore(caller.project(), keystore).isPresent());
    if (!there) {
      throw new KmsException(new Problem.KeystoreNotFound());
    }
    try (SecretBytes pin = make();
        Lease<ProjectKeys.Open> projectKey = projectKeys.newest(caller.project())) {
      return SecretBytes.take(
          Base64.getEncoder().encode(projectKey.value().key().wrapPin(keystore, pin)));
    }
  }

  private SecretBytes make() {
    byte[] drawn = randomness.bytes(RANDOM_BYTES);
    byte[] pin = new byte[2 * RANDOM_BYTES];
    for (int i = 0; i < pin.length; i++) {
      pin[i] = HEX[(drawn[i / 2] >> (i % 2 == 0 ? 4 : 0)) & 0xf];
    }
    Arrays.fill(drawn, (byte) 0);
    return SecretBytes.take(pin);
  }
}
