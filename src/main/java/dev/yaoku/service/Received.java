package dev.yaoku.service;

import dev.yaoku.crypto.BadKey;
import dev.yaoku.crypto.DoesNotOpen;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.Importing;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyWrap;
import dev.yaoku.crypto.PairUse;
import dev.yaoku.crypto.Primitive;
import dev.yaoku.crypto.PrivateHalf;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.NoImport;
import dev.yaoku.secret.SecretBytes;
import org.jspecify.annotations.Nullable;

/**
 * Opens what an importer has sent. A wrap that does not open is gone on with as if random bytes had
 * been in it, so that all failures to open cost the same (SECURITY_DESIGN M6).
 */
final class Received {
  private static final int AES_BYTES = 32;
  private static final int SM4_BYTES = 16;

  private final Engine engine;
  private final Randomness randomness;

  Received(Engine engine, Randomness randomness) {
    this.engine = engine;
    this.randomness = randomness;
  }

  /** The kind of wrapping key that an algorithm needs. */
  static KeySpec wrappingSpec(EncryptionAlgorithm algorithm) {
    return switch (algorithm) {
      case RSAES_OAEP_SHA_256, RSAES_OAEP_SHA_1 -> KeySpec.RSA_2048;
      case SM2_ENCRYPT -> KeySpec.SM2;
      case SYMMETRIC_DEFAULT ->
          throw new IllegalArgumentException("nothing is imported under a symmetric key");
    };
  }

  /**
   * The material that was sent. Whoever takes it closes it.
   *
   * @param encrypted the material, or the temporary key that wraps it
   * @param privateKey the wrapped private key of an asymmetric key
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.NotImported}
   */
  SecretBytes open(
      KeySpec spec,
      EncryptionAlgorithm algorithm,
      SecretBytes wrappingKey,
      byte[] encrypted,
      byte @Nullable [] privateKey) {
    boolean raw = spec.importing() == Importing.RAW;
    boolean opened = true;
    SecretBytes sent;
    try {
      sent = decrypted(algorithm, wrappingKey, encrypted);
    } catch (DoesNotOpen e) {
      opened = false;
      sent = randomness.secret(raw ? spec.rawBytes() : AES_BYTES);
    }
    try (SecretBytes inside = sent) {
      SecretBytes material =
          raw ? symmetric(spec, inside) : asymmetric(spec, algorithm, inside, privateKey, opened);
      if (opened) {
        return material;
      }
      material.close();
      throw ImportTokens.refuse(NoImport.DOES_NOT_OPEN);
    }
  }

  private SecretBytes decrypted(
      EncryptionAlgorithm algorithm, SecretBytes wrappingKey, byte[] encrypted) {
    KeySpec spec = wrappingSpec(algorithm);
    try (PrivateHalf half = engine.cryptography().privateHalf(spec, wrappingKey)) {
      return SecretBytes.take(
          engine.use(spec, PairUse.DECRYPT, () -> half.decrypt(algorithm, encrypted)));
    }
  }

  private static SecretBytes symmetric(KeySpec spec, SecretBytes sent) {
    if (sent.length() != spec.rawBytes()) {
      throw ImportTokens.refuse(NoImport.LENGTH);
    }
    return sent.lend(SecretBytes::copyOf);
  }

  private SecretBytes asymmetric(
      KeySpec spec,
      EncryptionAlgorithm algorithm,
      SecretBytes temporary,
      byte @Nullable [] wrapped,
      boolean opened) {
    if (wrapped == null) {
      throw ImportTokens.refuse(NoImport.PRIVATE_KEY_MISSING);
    }
    boolean chinese =
        temporary.length() == SM4_BYTES && algorithm == EncryptionAlgorithm.SM2_ENCRYPT;
    if (!chinese && temporary.length() != AES_BYTES) {
      throw ImportTokens.refuse(NoImport.TEMPORARY_KEY_LENGTH);
    }
    engine.cryptography().mustWork(chinese ? Primitive.SM4_KEY_WRAP : Primitive.KEY_WRAP);
    try (SecretBytes pkcs8 =
        chinese
            ? KeyWrap.unwrapUnderSm4(temporary, wrapped)
            : KeyWrap.RFC_5649.unwrap(temporary, wrapped)) {
      return engine.check(spec, pkcs8);
    } catch (DoesNotOpen | BadKey e) {
      throw ImportTokens.refuse(opened ? NoImport.PRIVATE_KEY_BAD : NoImport.DOES_NOT_OPEN);
    }
  }
}
