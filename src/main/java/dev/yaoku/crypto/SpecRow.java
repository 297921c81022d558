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
    int reEncryptedBytesMax,
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

  static Builder of(Family family, int bits, Backend backend, KeyUsage... usages) {
    return new Builder(family, bits, backend, List.of(usages));
  }

  static Builder mac(int bits, Backend backend, MacAlgorithm algorithm) {
    Builder builder = of(Family.MAC, bits, backend, KeyUsage.GENERATE_VERIFY_MAC);
    builder.mac = List.of(algorithm);
    return builder;
  }

  /** Says one thing after the other; what is not said is not so. */
  static final class Builder {
    private final Family family;
    private final int bits;
    private final Backend backend;
    private final List<KeyUsage> usages;
    private @Nullable Suite suite;
    private List<EncryptionAlgorithm> encryption = List.of();
    private List<EncryptionAlgorithm> reEncryption = List.of();
    private int plaintextBytesMax;
    private int reEncryptedBytesMax;
    private List<SigningAlgorithm> signing = List.of();
    private List<MacAlgorithm> mac = List.of();
    private boolean rotates;
    private Importing importing = Importing.NOT;
    private boolean isChinese;
    private boolean isOurOwn;
    private Slow slow = Slow.NEVER;

    private Builder(Family family, int bits, Backend backend, List<KeyUsage> usages) {
      this.family = family;
      this.bits = bits;
      this.backend = backend;
      this.usages = usages;
    }

    Builder under(Suite itsSuite) {
      suite = itsSuite;
      return this;
    }

    Builder encrypting(int bytesMax, EncryptionAlgorithm... algorithms) {
      plaintextBytesMax = bytesMax;
      encryption = List.of(algorithms);
      return this;
    }

    /** Under which it takes part in re-encryption alone. */
    Builder reEncrypting(int bytesMax, EncryptionAlgorithm... algorithms) {
      reEncryptedBytesMax = bytesMax;
      reEncryption = List.of(algorithms);
      return this;
    }

    Builder signing(SigningAlgorithm... algorithms) {
      signing = List.of(algorithms);
      return this;
    }

    Builder rotating() {
      rotates = true;
      return this;
    }

    Builder importing(Importing form) {
      importing = form;
      return this;
    }

    Builder chinese() {
      isChinese = true;
      return this;
    }

    Builder ofOurOwn() {
      isOurOwn = true;
      return this;
    }

    Builder slow(Set<PairUse> natively, Set<PairUse> otherwise) {
      slow = new Slow(natively, otherwise);
      return this;
    }

    SpecRow build() {
      return new SpecRow(
          family,
          bits,
          backend,
          usages,
          suite,
          encryption,
          reEncryption,
          plaintextBytesMax,
          reEncryptedBytesMax,
          signing,
          mac,
          rotates,
          importing,
          isChinese,
          isOurOwn,
          slow);
    }
  }
}
