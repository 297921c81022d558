package dev.yaoku.crypto;

import dev.yaoku.secret.SecretBytes;
import java.security.Provider;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes and reads keys of every kind, each with the provider that the table of {@link KeySpec}
 * names.
 */
public final class Cryptography {
  private static final Logger LOG = LoggerFactory.getLogger(Cryptography.class);
  private static final byte[] TRIAL = {'t', 'r', 'i', 'a', 'l'};

  private final Randomness randomness;
  private final Map<KeySpec, Asymmetric> families = new EnumMap<>(KeySpec.class);
  private final ConcurrentMap<Suite, SealingKey> publicKeys = new ConcurrentHashMap<>();
  private final boolean isNative;
  private final UnaryOperator<Provider> machine;
  private final SelfTests selfTests;

  /**
   * The algorithms.
   *
   * @param wantNative whether RSA and elliptic curves shall be computed by native code where it
   *     loads; otherwise by the JDK and Bouncy Castle
   */
  public Cryptography(Randomness randomness, boolean wantNative) {
    this(randomness, wantNative, KnownAnswer.shipped(), primitive -> primitive.works(randomness));
  }

  /** The algorithms, tried on these answers. */
  Cryptography(
      Randomness randomness,
      boolean wantNative,
      List<KnownAnswer> answers,
      Predicate<Primitive> primitives) {
    this(randomness, wantNative, answers, primitives, UnaryOperator.identity());
  }

  /**
   * The algorithms on a machine that may compute wrongly.
   *
   * @param machine what becomes on it of a provider's RSA
   */
  Cryptography(
      Randomness randomness,
      boolean wantNative,
      List<KnownAnswer> answers,
      Predicate<Primitive> primitives,
      UnaryOperator<Provider> machine) {
    this.machine = machine;
    this.selfTests = new SelfTests(this, randomness, answers, primitives);
    this.randomness = randomness;
    Optional<Provider> accp = wantNative ? Providers.nativeProvider() : Optional.empty();
    this.isNative = accp.isPresent();
    for (KeySpec spec : KeySpec.values()) {
      if (spec.isAsymmetric()) {
        families.put(spec, family(spec.row(), accp));
      }
    }
  }

  private Asymmetric family(SpecRow row, Optional<Provider> accp) {
    SpecRow.Library library = row.backend().library(accp.isPresent());
    return switch (row.family()) {
      case RSA ->
          library == SpecRow.Library.NATIVE
              ? new RsaWithFallback(rsa(accp.orElseThrow(), accp.orElseThrow()), java())
              : java();
      case EC ->
          switch (library) {
            case NATIVE -> new JcaEc(accp.orElseThrow(), true, randomness);
            case JDK -> new JcaEc(Providers.SUN_EC, false, randomness);
            case BOUNCY_CASTLE -> new BcEcdsa(randomness);
          };
      case SM2 -> new Sm2(randomness);
      case ED25519 -> new Ed25519s(randomness);
      case ML_DSA -> new MlDsa(randomness);
      case SYMMETRIC, MAC -> throw new IllegalArgumentException("keys without two halves");
    };
  }

  private Rsa java() {
    return rsa(Providers.SUN_RSA, Providers.SUN_JCE);
  }

  private Rsa rsa(Provider keys, Provider ciphers) {
    return new Rsa(keys, machine.apply(ciphers), randomness);
  }

  /** Whether native code computes RSA and elliptic curves. */
  public boolean isNative() {
    return isNative;
  }

  /** A key that is no secret, to do with it what cannot be done with the right one. */
  public SealingKey publicKeyOf(Suite suite) {
    return publicKeys.computeIfAbsent(
        suite,
        _ -> {
          try (SecretBytes zeros = SecretBytes.take(new byte[suite.keyBytes()])) {
            return SealingKey.of(zeros, suite, randomness);
          }
        });
  }

  /**
   * Lets only kinds of keys through that answered known questions rightly; asked before a key of
   * the kind is made or used.
   *
   * @throws CryptoFault if this kind does not
   */
  public void mustWork(KeySpec spec) {
    if (!selfTests.passes(spec)) {
      throw new CryptoFault("keys of kind " + spec + " failed their self-test");
    }
  }

  /**
   * Lets only primitives through that answered known questions rightly.
   *
   * @throws CryptoFault if this one does not
   */
  public void mustWork(Primitive primitive) {
    if (!selfTests.passes(primitive)) {
      throw new CryptoFault(primitive + " failed its self-test");
    }
  }

  /** Whether {@link #mustWork(KeySpec)} has its verdict already and costs nothing. */
  public boolean wasTried(KeySpec spec) {
    return selfTests.tried(spec);
  }

  /**
   * Tries all that takes no time, before anything is opened or sealed; slow kinds of keys are tried
   * before their first use.
   *
   * @throws CryptoFault if something fails without which there is no server at all
   */
  public void tryAtStart() {
    for (Primitive primitive : Primitive.values()) {
      selfTests.passes(primitive);
    }
    for (Primitive primitive : Primitive.values()) {
      if (primitive.carriesTheServer()) {
        mustWork(primitive);
      }
    }
    tryQuickKinds();
  }

  private void tryQuickKinds() {
    for (KeySpec spec : KeySpec.values()) {
      if (!spec.isAsymmetric()) {
        selfTests.passes(spec);
      }
    }
  }

  /** Whether nothing that was tried has failed its self-test. */
  public boolean isSound() {
    return selfTests.allPassed();
  }

  /** Whether this use of a pair of this kind takes more than about 0.2 ms. */
  public boolean isSlow(KeySpec spec, PairUse use) {
    return spec.row().slow().is(use, spec.row().backend().library(isNative));
  }

  /**
   * Fresh material: raw bytes for symmetric and MAC keys, PKCS#8 for RSA, EC, SM2 and Ed25519, the
   * seed for ML-DSA. Each pair is tried before it is returned.
   *
   * @throws CryptoFault if a pair does not fit together
   */
  public SecretBytes generate(KeySpec spec) {
    mustWork(spec);
    if (!spec.isAsymmetric()) {
      return randomness.secret(spec.rawBytes());
    }
    return pair(spec, asymmetric(spec));
  }

  /**
   * A new pair that was tried. Of one that does not fit together nothing is left, and none of its
   * kind is made or used any more.
   */
  SecretBytes pair(KeySpec spec, Asymmetric maker) {
    byte[] material = maker.generate(spec);
    boolean fits = false;
    try (PrivateHalf made = maker.privateHalf(spec, material)) {
      tryOut(spec, made);
      fits = true;
      return SecretBytes.take(material);
    } finally {
      if (!fits) {
        Hashes.wipe(material);
        selfTests.failed(spec);
      }
    }
  }

  /**
   * A private key that others made, in the form in which this server keeps it, after every check
   * and one try with both halves (SECURITY_DESIGN M6). The caller closes it.
   *
   * @param pkcs8 stays the caller's
   * @throws BadKey if it is none of this spec, or does not hold together or work
   */
  public SecretBytes checked(KeySpec spec, SecretBytes pkcs8) {
    mustWork(spec);
    byte[] material = pkcs8.lend(bytes -> asymmetric(spec).checked(spec, bytes));
    SecretBytes checked = SecretBytes.take(material);
    boolean works = false;
    try (PrivateHalf pair = privateHalf(spec, checked)) {
      tryOut(spec, pair);
      works = true;
      return checked;
    } catch (CryptoFault e) {
      LOG.error("A private key that holds together does not work on this machine", e);
      throw new BadKey("a private key that does not work");
    } finally {
      if (!works) {
        checked.close();
      }
    }
  }

  /**
   * A private key. The caller closes it; the material stays the caller's.
   *
   * @throws BadKey if it is no material of this spec
   */
  public PrivateHalf privateHalf(KeySpec spec, SecretBytes material) {
    mustWork(spec);
    return untriedHalf(spec, material);
  }

  /** A private key of a kind that is just being tried. */
  PrivateHalf untriedHalf(KeySpec spec, SecretBytes material) {
    return material.lend(bytes -> asymmetric(spec).privateHalf(spec, bytes));
  }

  /**
   * A public key.
   *
   * @param spki SubjectPublicKeyInfo in DER
   * @throws BadKey if it is none of this spec
   */
  public PublicHalf publicHalf(KeySpec spec, byte[] spki) {
    mustWork(spec);
    return asymmetric(spec).publicHalf(spec, spki);
  }

  /** A MAC key of one of the HMAC specs. */
  public MacKey macKey(KeySpec spec, SecretBytes material) {
    mustWork(spec);
    return untriedMacKey(spec, material);
  }

  /** A MAC key of a kind that is just being tried. */
  MacKey untriedMacKey(KeySpec spec, SecretBytes material) {
    if (spec.macAlgorithms().isEmpty() || material.length() != spec.rawBytes()) {
      throw new BadKey("this is no material of " + spec);
    }
    return MacKey.of(spec.macAlgorithms().getFirst().hash(), material);
  }

  /** Signs and verifies, or encrypts and decrypts, once with each half. */
  static void tryOut(KeySpec spec, PrivateHalf pair) {
    SigningAlgorithm algorithm = spec.signingAlgorithms().getFirst();
    byte[] signature = pair.sign(algorithm, new Message.Raw(TRIAL));
    if (!pair.publicHalf().verify(algorithm, new Message.Raw(TRIAL), signature)) {
      throw new CryptoFault("a new pair of " + spec + " does not verify its own signature");
    }
    for (EncryptionAlgorithm encryption : spec.encryptionAlgorithms()) {
      byte[] ciphertext = pair.publicHalf().encrypt(encryption, TRIAL);
      if (!Arrays.equals(decrypted(spec, pair, encryption, ciphertext), TRIAL)) {
        throw new CryptoFault("a new pair of " + spec + " does not decrypt its own ciphertext");
      }
    }
  }

  private static byte[] decrypted(
      KeySpec spec, PrivateHalf pair, EncryptionAlgorithm encryption, byte[] ciphertext) {
    try {
      return pair.decrypt(encryption, ciphertext);
    } catch (DoesNotOpen e) {
      throw new CryptoFault("a new pair of " + spec + " does not open its own ciphertext", e);
    }
  }

  private Asymmetric asymmetric(KeySpec spec) {
    Asymmetric family = families.get(spec);
    if (family == null) {
      throw new IllegalArgumentException(spec + " keys have no two halves");
    }
    return family;
  }
}
