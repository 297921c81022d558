package dev.yaoku.crypto;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of key specs.
 *
 * @param bits the size of the key; for ML-DSA the number of the parameter set
 * @param backend who computes it
 */
record SpecRow(
    Family family,
    int bits,
    Backend backend,
    List<KeyUsage> usages,
    @Nullable Suite suite,
    List<EncryptionAlgorithm> encryption,
    List<EncryptionAlgorithm> reEncryption,
    int plaintextBytesMax,
    List<SigningAlgorithm> signing,
    List<MacAlgorithm> mac,
    boolean rotates,
    Importing importing,
    boolean isChinese,
    boolean isOurOwn) {

  /** What kind of algorithm a key is of. */
  enum Family {
    SYMMETRIC,
    MAC,
    RSA,
    EC,
    SM2,
    ED25519,
    ML_DSA
  }

  /** Who computes. "Native" is Amazon Corretto Crypto Provider, unless it is switched off. */
  enum Backend {
    JDK,
    NATIVE_OR_JDK,
    NATIVE_OR_BOUNCY_CASTLE,
    BOUNCY_CASTLE
  }

  static SpecRow of(Family family, int bits, Backend backend, KeyUsage... usages) {
    return new SpecRow(
        family,
        bits,
        backend,
        List.of(usages),
        null,
        List.of(),
        List.of(),
        0,
        List.of(),
        List.of(),
        false,
        Importing.NOT,
        false,
        false);
  }

  static SpecRow mac(int bits, Backend backend, MacAlgorithm algorithm) {
    SpecRow row = of(Family.MAC, bits, backend, KeyUsage.GENERATE_VERIFY_MAC);
    return new SpecRow(
        row.family,
        bits,
        backend,
        row.usages,
        null,
        List.of(),
        List.of(),
        0,
        List.of(),
        List.of(algorithm),
        false,
        Importing.NOT,
        false,
        false);
  }

  SpecRow under(Suite next) {
    return new SpecRow(
        family,
        bits,
        backend,
        usages,
        next,
        encryption,
        reEncryption,
        plaintextBytesMax,
        signing,
        mac,
        rotates,
        importing,
        isChinese,
        isOurOwn);
  }

  SpecRow encrypting(int bytesMax, EncryptionAlgorithm... algorithms) {
    return new SpecRow(
        family,
        bits,
        backend,
        usages,
        suite,
        List.of(algorithms),
        reEncryption,
        bytesMax,
        signing,
        mac,
        rotates,
        importing,
        isChinese,
        isOurOwn);
  }

  SpecRow reEncrypting(EncryptionAlgorithm... algorithms) {
    return new SpecRow(
        family,
        bits,
        backend,
        usages,
        suite,
        encryption,
        List.of(algorithms),
        plaintextBytesMax,
        signing,
        mac,
        rotates,
        importing,
        isChinese,
        isOurOwn);
  }

  SpecRow signing(SigningAlgorithm... algorithms) {
    return new SpecRow(
        family,
        bits,
        backend,
        usages,
        suite,
        encryption,
        reEncryption,
        plaintextBytesMax,
        List.of(algorithms),
        mac,
        rotates,
        importing,
        isChinese,
        isOurOwn);
  }

  SpecRow rotating() {
    return new SpecRow(
        family,
        bits,
        backend,
        usages,
        suite,
        encryption,
        reEncryption,
        plaintextBytesMax,
        signing,
        mac,
        true,
        importing,
        isChinese,
        isOurOwn);
  }

  SpecRow importing(Importing next) {
    return new SpecRow(
        family,
        bits,
        backend,
        usages,
        suite,
        encryption,
        reEncryption,
        plaintextBytesMax,
        signing,
        mac,
        rotates,
        next,
        isChinese,
        isOurOwn);
  }

  SpecRow chinese() {
    return new SpecRow(
        family,
        bits,
        backend,
        usages,
        suite,
        encryption,
        reEncryption,
        plaintextBytesMax,
        signing,
        mac,
        rotates,
        importing,
        true,
        isOurOwn);
  }

  SpecRow ofOurOwn() {
    return new SpecRow(
        family,
        bits,
        backend,
        usages,
        suite,
        encryption,
        reEncryption,
        plaintextBytesMax,
        signing,
        mac,
        rotates,
        importing,
        isChinese,
        true);
  }
}
