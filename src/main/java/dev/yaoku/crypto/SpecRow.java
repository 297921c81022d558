package dev.yaoku.crypto;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row of the table of key specs.
 *
 * @param bits the size of the key; for ML-DSA the number of the parameter set
 * @param backend who computes it
 * @param slow what takes longer than an event loop may be held, about 0.2 ms
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
    boolean isOurOwn,
    Slow slow) {

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
    JDK(Library.JDK, Library.JDK),
    NATIVE_OR_JDK(Library.NATIVE, Library.JDK),
    NATIVE_OR_BOUNCY_CASTLE(Library.NATIVE, Library.BOUNCY_CASTLE),
    BOUNCY_CASTLE(Library.BOUNCY_CASTLE, Library.BOUNCY_CASTLE);

    private final Library withNative;
    private final Library without;

    Backend(Library withNative, Library without) {
      this.withNative = withNative;
      this.without = without;
    }

    Library library(boolean isNative) {
      return isNative ? withNative : without;
    }
  }

  /** One of the three who can compute. */
  enum Library {
    NATIVE,
    JDK,
    BOUNCY_CASTLE
  }

  /**
   * The uses of a pair that are slow, as measured by the benchmark's part "crypto".
   *
   * @param natively where native code computes
   * @param otherwise where the JDK or Bouncy Castle does
   */
  record Slow(Set<PairUse> natively, Set<PairUse> otherwise) {
    static final Slow NEVER = new Slow(Set.of(), Set.of());

    boolean is(PairUse use, Library library) {
      return (library == Library.NATIVE ? natively : otherwise).contains(use);
    }
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
        false,
        Slow.NEVER);
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
        false,
        Slow.NEVER);
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
        isOurOwn,
        slow);
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
        isOurOwn,
        slow);
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
        isOurOwn,
        slow);
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
        isOurOwn,
        slow);
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
        isOurOwn,
        slow);
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
        isOurOwn,
        slow);
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
        isOurOwn,
        slow);
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
        true,
        slow);
  }

  SpecRow slow(Set<PairUse> natively, Set<PairUse> otherwise) {
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
        isOurOwn,
        new Slow(natively, otherwise));
  }
}
