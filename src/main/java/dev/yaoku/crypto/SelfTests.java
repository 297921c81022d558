package dev.yaoku.crypto;

import dev.yaoku.secret.SecretBytes;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries each kind of key on known answers before its first use, once, and hears of new pairs that
 * do not fit together. A kind that fails is served no more until the next start.
 *
 * @see "FIPS 140-3, section 10 of ISO/IEC 19790: conditional self-tests"
 */
final class SelfTests {
  private static final Logger LOG = LoggerFactory.getLogger(SelfTests.class);

  private final Cryptography cryptography;
  private final Randomness randomness;
  private final List<KnownAnswer> answers;
  private final Predicate<Primitive> primitives;
  private final ConcurrentMap<KeySpec, Boolean> verdicts = new ConcurrentHashMap<>();
  private final ConcurrentMap<Primitive, Boolean> ofPrimitives = new ConcurrentHashMap<>();

  /**
   * The tests.
   *
   * @param primitives whether a primitive gives its known answer
   */
  SelfTests(
      Cryptography cryptography,
      Randomness randomness,
      List<KnownAnswer> answers,
      Predicate<Primitive> primitives) {
    this.cryptography = cryptography;
    this.randomness = randomness;
    this.answers = answers;
    this.primitives = primitives;
  }

  /** Whether the kind was tried already. */
  boolean tried(KeySpec spec) {
    return verdicts.containsKey(spec);
  }

  /** Whether the primitive works; tried now if it was not yet. */
  boolean passes(Primitive primitive) {
    Boolean known = ofPrimitives.get(primitive);
    return known != null ? known : ofPrimitives.computeIfAbsent(primitive, this::run);
  }

  private boolean run(Primitive primitive) {
    boolean right;
    try {
      right = primitives.test(primitive);
    } catch (RuntimeException e) {
      LOG.error("A self-test broke off", e);
      right = false;
    }
    if (!right) {
      LOG.error(
          "SELF-TEST FAILED: {}. Nothing that needs it is served until the server is mended and"
              + " started anew.",
          primitive);
    }
    return right;
  }

  /** Whether the kind works; tried now if it was not yet. */
  boolean passes(KeySpec spec) {
    Boolean known = verdicts.get(spec);
    return known != null ? known : verdicts.computeIfAbsent(spec, this::run);
  }

  /** Call after a new pair of this kind did not fit together. */
  void failed(KeySpec spec) {
    LOG.error(
        "SELF-TEST FAILED: a new pair of {} does not fit together. Keys of this kind are not served"
            + " until the server is mended and started anew.",
        spec);
    verdicts.put(spec, false);
  }

  /** Whether nothing that was tried has failed. */
  boolean allPassed() {
    return !verdicts.containsValue(false) && !ofPrimitives.containsValue(false);
  }

  private boolean run(KeySpec spec) {
    List<KnownAnswer> own = answers.stream().filter(answer -> answer.spec() == spec).toList();
    boolean passed = !own.isEmpty();
    for (KnownAnswer answer : own) {
      boolean right = isRight(answer);
      if (!right) {
        LOG.error(
            "SELF-TEST FAILED: {}. Keys of this kind are not served until the server is mended and"
                + " started anew.",
            answer);
      }
      passed &= right;
    }
    return passed;
  }

  private boolean isRight(KnownAnswer answer) {
    try (SecretBytes key = SecretBytes.copyOf(answer.key())) {
      return switch (answer.work()) {
        case OPEN -> opens(answer, key);
        case MAC -> authenticates(answer, key);
        case VERIFY, DECRYPT, AGREE -> pairWorks(answer, key);
      };
    } catch (RuntimeException e) {
      LOG.error("A self-test broke off", e);
      return false;
    }
  }

  /** It also opens what it sealed itself, so that both directions are tried. */
  private boolean opens(KnownAnswer answer, SecretBytes key) {
    Suite suite = answer.spec().suite().orElseThrow();
    try (SealingKey sealing = SealingKey.of(key, suite, randomness)) {
      byte[] nothing = AssociatedData.encode(null, null);
      byte[] own =
          Blob.encrypt(sealing, Blob.Header.read(answer.input()), nothing, answer.output());
      return Arrays.equals(Blob.decrypt(sealing, answer.input(), nothing), answer.output())
          && Arrays.equals(Blob.decrypt(sealing, own, nothing), answer.output());
    }
  }

  private boolean authenticates(KnownAnswer answer, SecretBytes key) {
    try (MacKey mac = cryptography.untriedMacKey(answer.spec(), key)) {
      return Arrays.equals(mac.of(answer.input()), answer.output());
    }
  }

  /** Each pair also signs or decrypts what it made itself, so that both halves are tried. */
  private boolean pairWorks(KnownAnswer answer, SecretBytes key) {
    try (PrivateHalf pair = cryptography.untriedHalf(answer.spec(), key)) {
      return switch (answer.work()) {
        case VERIFY -> signs(answer, pair);
        case DECRYPT -> decrypts(answer, pair);
        case AGREE -> Arrays.equals(pair.agree(answer.input()), answer.output());
        case OPEN, MAC -> throw new IllegalArgumentException(answer + " needs no pair");
      };
    }
  }

  private static boolean signs(KnownAnswer answer, PrivateHalf pair) {
    SigningAlgorithm algorithm = SigningAlgorithm.valueOf(answer.algorithm());
    Message message = new Message.Raw(answer.input());
    PublicHalf half = pair.publicHalf();
    return half.verify(algorithm, message, answer.output())
        && half.verify(algorithm, message, pair.sign(algorithm, message));
  }

  private static boolean decrypts(KnownAnswer answer, PrivateHalf pair) {
    EncryptionAlgorithm algorithm = EncryptionAlgorithm.valueOf(answer.algorithm());
    byte[] own = pair.publicHalf().encrypt(algorithm, answer.output());
    return Arrays.equals(pair.decrypt(algorithm, answer.input()), answer.output())
        && Arrays.equals(pair.decrypt(algorithm, own), answer.output());
  }
}
