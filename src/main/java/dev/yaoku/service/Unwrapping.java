package dev.yaoku.service;

import dev.yaoku.crypto.BadKey;
import dev.yaoku.crypto.DoesNotOpen;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyWrap;
import dev.yaoku.crypto.PrivateHalf;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;

/** Opens what was wrapped for an import, and looks whether it is what the key needs. */
final class Unwrapping {
  private static final int AES_128_BYTES = 16;
  private static final int AES_256_BYTES = 32;

  private final Engine engine;

  Unwrapping(Engine engine) {
    this.engine = engine;
  }

  /**
   * The material, which the caller closes.
   *
   * @param privateKey opens the outer wrap; it stays the caller's
   */
  SecretBytes material(
      KeySpec spec, EncryptionAlgorithm algorithm, SecretBytes privateKey, Imports.Parcel parcel) {
    SecretBytes inner = outer(algorithm, privateKey, parcel.wrapped());
    if (!spec.isAsymmetric()) {
      return symmetric(spec, inner);
    }
    try (inner) {
      return asymmetric(spec, algorithm, inner, parcel);
    }
  }

  private SecretBytes outer(
      EncryptionAlgorithm algorithm, SecretBytes privateKey, byte[] wrapped) {
    KeySpec pair = algorithm == EncryptionAlgorithm.SM2_ENCRYPT ? KeySpec.SM2 : KeySpec.RSA_2048;
    try (PrivateHalf half = engine.cryptography().privateHalf(pair, privateKey)) {
      return SecretBytes.take(engine.use(pair, () -> half.decrypt(algorithm, wrapped)));
    } catch (DoesNotOpen e) {
      Blobs.note(e);
      throw new KmsException(new Problem.ImportDoesNotOpen());
    }
  }

  private static SecretBytes symmetric(KeySpec spec, SecretBytes material) {
    if (material.length() != spec.rawBytes()) {
      material.close();
      throw new KmsException(new Problem.MaterialLength(spec.rawBytes()));
    }
    return material;
  }

  private SecretBytes asymmetric(
      KeySpec spec,
      EncryptionAlgorithm algorithm,
      SecretBytes temporary,
      Imports.Parcel parcel) {
    if (temporary.length() != AES_128_BYTES && temporary.length() != AES_256_BYTES) {
      throw new KmsException(new Problem.TemporaryKeyLength());
    }
    byte[] wrapped = parcel.privateKey();
    if (wrapped == null) {
      throw new KmsException(new Problem.PrivateKeyMissing());
    }
    try {
      SecretBytes material = inner(algorithm, temporary, wrapped);
      mustBe(spec, material);
      return material;
    } catch (DoesNotOpen e) {
      Blobs.note(e);
      throw new KmsException(new Problem.BadPrivateKey());
    }
  }

  /** Under SM2 a temporary key of 16 bytes is one of SM4. */
  private static SecretBytes inner(
      EncryptionAlgorithm algorithm, SecretBytes temporary, byte[] wrapped) {
    boolean sm4 =
        algorithm == EncryptionAlgorithm.SM2_ENCRYPT && temporary.length() == AES_128_BYTES;
    return sm4
        ? KeyWrap.RFC_5649_SM4.unwrap(temporary, wrapped)
        : KeyWrap.RFC_5649.unwrap(temporary, wrapped);
  }

  private void mustBe(KeySpec spec, SecretBytes material) {
    boolean good = false;
    try {
      engine.tryOut(spec, material);
      good = true;
    } catch (BadKey e) {
      throw new KmsException(new Problem.BadPrivateKey());
    } finally {
      if (!good) {
        material.close();
      }
    }
  }
}
