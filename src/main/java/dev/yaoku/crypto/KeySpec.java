package dev.yaoku.crypto;

import static dev.yaoku.crypto.EncryptionAlgorithm.RSAES_OAEP_SHA_1;
import static dev.yaoku.crypto.EncryptionAlgorithm.RSAES_OAEP_SHA_256;
import static dev.yaoku.crypto.EncryptionAlgorithm.SM2_ENCRYPT;
import static dev.yaoku.crypto.EncryptionAlgorithm.SYMMETRIC_DEFAULT;
import static dev.yaoku.crypto.KeyUsage.ENCRYPT_DECRYPT;
import static dev.yaoku.crypto.KeyUsage.KEY_AGREEMENT;
import static dev.yaoku.crypto.KeyUsage.SIGN_VERIFY;
import static dev.yaoku.crypto.PairUse.AGREE;
import static dev.yaoku.crypto.PairUse.DECRYPT;
import static dev.yaoku.crypto.PairUse.ENCRYPT;
import static dev.yaoku.crypto.PairUse.SIGN;
import static dev.yaoku.crypto.PairUse.VERIFY;

import dev.yaoku.crypto.SpecRow.Backend;
import dev.yaoku.crypto.SpecRow.Family;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The kinds of keys there are. Names are those of the wire. One row says everything that depends on
 * the kind; everything else reads it here.
 *
 * @see "the API's semantics, section 2; SECURITY_DESIGN M19"
 */
public enum KeySpec {
  AES_256(
      SpecRow.of(Family.SYMMETRIC, 256, Backend.JDK, ENCRYPT_DECRYPT)
          .under(Suite.AES)
          .encrypting(4096, SYMMETRIC_DEFAULT)
          .rotating()
          .importing(Importing.RAW)),
  SM4(
      SpecRow.of(Family.SYMMETRIC, 128, Backend.BOUNCY_CASTLE, ENCRYPT_DECRYPT)
          .under(Suite.SM4)
          .encrypting(4096, SYMMETRIC_DEFAULT)
          .rotating()
          .importing(Importing.RAW)
          .chinese()),
  HMAC_256(SpecRow.mac(256, Backend.JDK, MacAlgorithm.HMAC_SHA_256)),
  HMAC_384(SpecRow.mac(384, Backend.JDK, MacAlgorithm.HMAC_SHA_384)),
  HMAC_512(SpecRow.mac(512, Backend.JDK, MacAlgorithm.HMAC_SHA_512)),
  HMAC_SM3(SpecRow.mac(256, Backend.BOUNCY_CASTLE, MacAlgorithm.HMAC_SM3).chinese()),
  RSA_2048(rsa(2048)),
  RSA_3072(rsa(3072)),
  RSA_4096(rsa(4096)),
  EC_P256(
      ec(256, Backend.NATIVE_OR_JDK, SigningAlgorithm.ECDSA_SHA_256)
          .slow(Set.of(), Set.of(VERIFY, AGREE))),
  EC_P384(
      ec(384, Backend.NATIVE_OR_JDK, SigningAlgorithm.ECDSA_SHA_384)
          .slow(Set.of(), Set.of(SIGN, VERIFY, AGREE))),
  /** Yaoku's own: the cloud has no master keys on this curve. */
  EC_P521(
      SpecRow.of(Family.EC, 521, Backend.NATIVE_OR_JDK, SIGN_VERIFY)
          .signing(SigningAlgorithm.ECDSA_SHA_512)
          .importing(Importing.PKCS8)
          // Once there were keys for agreement, which still serve.
          .slow(Set.of(VERIFY, AGREE), Set.of(SIGN, VERIFY, AGREE))
          .ofOurOwn()),
  SECP256K1(
      ec(256, Backend.NATIVE_OR_BOUNCY_CASTLE, SigningAlgorithm.ECDSA_SHA_256)
          .slow(Set.of(), Set.of(AGREE))),
  ED25519(
      SpecRow.of(Family.ED25519, 256, Backend.BOUNCY_CASTLE, SIGN_VERIFY)
          .signing(SigningAlgorithm.ED25519_SHA_512, SigningAlgorithm.ED25519_PH_SHA_512)
          .importing(Importing.PKCS8)),
  SM2(
      SpecRow.of(
              Family.SM2, 256, Backend.BOUNCY_CASTLE, SIGN_VERIFY, ENCRYPT_DECRYPT, KEY_AGREEMENT)
          .signing(SigningAlgorithm.SM2DSA_SM3)
          .encrypting(4096, SM2_ENCRYPT)
          .importing(Importing.PKCS8)
          .slow(Set.of(), Set.of(ENCRYPT))
          .chinese()),
  /** Yaoku's own. */
  ML_DSA_44(mlDsa(44).slow(Set.of(), Set.of(SIGN))),
  /** Yaoku's own. */
  ML_DSA_65(mlDsa(65).slow(Set.of(), Set.of(SIGN))),
  /** Yaoku's own. */
  ML_DSA_87(mlDsa(87).slow(Set.of(), Set.of(SIGN, VERIFY)));

  private final SpecRow row;

  KeySpec(SpecRow.Builder row) {
    this.row = row.build();
  }

  private static SpecRow.Builder rsa(int bits) {
    return SpecRow.of(Family.RSA, bits, Backend.NATIVE_OR_JDK, SIGN_VERIFY, ENCRYPT_DECRYPT)
        .signing(
            SigningAlgorithm.RSASSA_PSS_SHA_256,
            SigningAlgorithm.RSASSA_PSS_SHA_384,
            SigningAlgorithm.RSASSA_PSS_SHA_512,
            SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_256,
            SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_384,
            SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_512)
        .encrypting(bits / 8 - 66, RSAES_OAEP_SHA_256)
        .reEncrypting(bits / 8 - 42, RSAES_OAEP_SHA_1)
        .importing(Importing.PKCS8)
        .slow(Set.of(SIGN, DECRYPT), Set.of(SIGN, DECRYPT));
  }

  private static SpecRow.Builder ec(int bits, Backend backend, SigningAlgorithm algorithm) {
    return SpecRow.of(Family.EC, bits, backend, SIGN_VERIFY, KEY_AGREEMENT)
        .signing(algorithm)
        .importing(Importing.PKCS8);
  }

  private static SpecRow.Builder mlDsa(int parameterSet) {
    return SpecRow.of(Family.ML_DSA, parameterSet, Backend.JDK, SIGN_VERIFY)
        .signing(SigningAlgorithm.ML_DSA)
        .ofOurOwn();
  }

  /** The spec of this name. */
  public static Optional<KeySpec> named(String name) {
    return Names.find(values(), name);
  }

  /** What a key of this kind can be for, the default first. */
  public List<KeyUsage> usages() {
    return row.usages();
  }

  /** What a key for encrypting encrypts with, the default first; empty for none. */
  public List<EncryptionAlgorithm> encryptionAlgorithms() {
    return row.encryption();
  }

  /** What re-encrypting takes besides {@link #encryptionAlgorithms()}, to open what others made. */
  public List<EncryptionAlgorithm> reEncryptionAlgorithms() {
    return row.reEncryption();
  }

  /** What a key for signing signs with; empty for none. */
  public List<SigningAlgorithm> signingAlgorithms() {
    return row.signing();
  }

  /** What a key for MACs makes them with; empty for none. */
  public List<MacAlgorithm> macAlgorithms() {
    return row.mac();
  }

  /** The longest plaintext that encrypt-data takes, in bytes; 0 for keys that do not encrypt. */
  public int plaintextBytesMax() {
    return row.plaintextBytesMax();
  }

  /** The longest plaintext, in bytes, under an algorithm that a key of this kind has. */
  public int plaintextBytesMax(EncryptionAlgorithm algorithm) {
    return row.reEncryption().contains(algorithm)
        ? row.reEncryptedBytesMax()
        : row.plaintextBytesMax();
  }

  /** The suite of a symmetric key for encrypting. */
  public Optional<Suite> suite() {
    return Optional.ofNullable(row.suite());
  }

  /** Whether there is a public half. */
  public boolean isAsymmetric() {
    return row.family() != Family.SYMMETRIC && row.family() != Family.MAC;
  }

  /** Whether a pair of this kind is two primes, which take long to find. */
  public boolean isRsa() {
    return row.family() == Family.RSA;
  }

  /** Whether material of this kind can be renewed by rotation. */
  public boolean rotates() {
    return row.rotates();
  }

  /** The form in which customers bring material of this kind. */
  public Importing importing() {
    return row.importing();
  }

  /** How long raw material of a symmetric or MAC key is, in bytes. */
  public int rawBytes() {
    return row.bits() / 8;
  }

  /** Whether it belongs to the SM algorithms, which a server can be told not to offer. */
  public boolean isChinese() {
    return row.isChinese();
  }

  /** Whether it goes beyond the cloud's API. */
  public boolean isOurOwn() {
    return row.isOurOwn();
  }

  SpecRow row() {
    return row;
  }
}
