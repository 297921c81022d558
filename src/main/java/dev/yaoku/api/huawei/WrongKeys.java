package dev.yaoku.api.huawei;

import static dev.yaoku.api.huawei.HuaweiError.bad;

import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.key.Problem;

/**
 * Which code tells that a key is of the wrong kind for an operation ({@code errors.md} 4), a usage
 * or an algorithm.
 */
final class WrongKeys {
  private WrongKeys() {}

  static HuaweiError error(Problem.Work work, KeySpec spec, KeyUsage usage) {
    if (!spec.macAlgorithms().isEmpty()) {
      return bad(
          "KMS.0341", "HMAC keys do not support this operation. Use a key of another key_spec.");
    }
    return switch (work) {
      case DATA_KEYS ->
          bad("KMS.0325", "Asymmetric keys do not wrap data keys. Use a symmetric key.");
      case ENCRYPTION -> notEncrypting(spec);
      case SIGNATURES -> notSigning(spec, usage);
      case MACS -> spec.isAsymmetric() ? usedFor(usage) : symmetric();
      case PUBLIC_KEY -> symmetric();
      case AGREEMENT -> spec.isAsymmetric() ? usedFor(usage) : symmetric();
      case IMPORT ->
          bad(
              "KMS.0308",
              "Keys of key_spec " + spec + " take no imported material. Use origin kms.");
      case ROTATION -> notRotating(spec);
    };
  }

  static HuaweiError usage(KeySpec spec, String usage) {
    String why =
        "A key of key_spec "
            + spec
            + " cannot have this key_usage. Use one of "
            + spec.usages()
            + ".";
    boolean curve = spec.isAsymmetric() && spec.encryptionAlgorithms().isEmpty();
    if (curve && usage.equals(KeyUsage.ENCRYPT_DECRYPT.name())) {
      return bad("KMS.1114", why);
    }
    boolean symmetric = spec.suite().isPresent();
    return bad(
        symmetric && usage.equals(KeyUsage.SIGN_VERIFY.name()) ? "KMS.1115" : "KMS.0308", why);
  }

  static HuaweiError algorithm(KeySpec spec, String algorithm) {
    String why =
        "A key of key_spec "
            + spec
            + " cannot encrypt with "
            + algorithm
            + (spec.encryptionAlgorithms().isEmpty()
                ? ". Use a key of another key_spec."
                : ". Use one of " + spec.encryptionAlgorithms() + ".");
    if (!spec.isAsymmetric()) {
      return bad(spec.suite().isPresent() ? "KMS.2105" : "KMS.0341", why);
    }
    return bad(spec.encryptionAlgorithms().isEmpty() ? "KMS.1114" : "KMS.2106", why);
  }

  private static HuaweiError notEncrypting(KeySpec spec) {
    return spec.encryptionAlgorithms().isEmpty()
        ? bad(
            "KMS.1114",
            "Keys of key_spec " + spec + " cannot encrypt. Use a symmetric, an RSA or an SM2 key.")
        : bad("KMS.0335", "The key is not for encryption. Use one with key_usage ENCRYPT_DECRYPT.");
  }

  private static HuaweiError notSigning(KeySpec spec, KeyUsage usage) {
    if (!spec.isAsymmetric()) {
      return symmetric();
    }
    return usage == KeyUsage.KEY_AGREEMENT
        ? bad(
            "KMS.0332",
            "The key is for key agreement and does not sign. Use one with key_usage SIGN_VERIFY.")
        : usedFor(usage);
  }

  private static HuaweiError notRotating(KeySpec spec) {
    return spec.isRsa()
        ? bad("KMS.0324", "RSA keys do not rotate. Create a new key.")
        : bad("KMS.0325", "Asymmetric keys do not rotate. Create a new key.");
  }

  private static HuaweiError symmetric() {
    return bad(
        "KMS.0331", "Symmetric keys do not support this operation. Use a key of another key_spec.");
  }

  private static HuaweiError usedFor(KeyUsage usage) {
    return usage == KeyUsage.ENCRYPT_DECRYPT
        ? bad("KMS.0334", "The key is for encryption only. Use one with another key_usage.")
        : bad(
            "KMS.0335",
            "The key_usage of the key is " + usage + ", which is not for this. Use another key.");
  }
}
