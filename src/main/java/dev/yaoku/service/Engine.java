package dev.yaoku.service;

import dev.yaoku.crypto.Cryptography;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.PairUse;
import dev.yaoku.crypto.PrivateHalf;
import dev.yaoku.crypto.PublicHalf;
import dev.yaoku.key.Waiting;
import dev.yaoku.secret.SecretBytes;
import java.util.function.Function;
import java.util.function.Supplier;

/** Where pairs of keys are used: at once where that is quick, else on threads of their own. */
final class Engine {
  private final Cryptography cryptography;
  private final PrivateKeyWork slow;
  private final RsaPairs rsaPairs;
  private final StoppedKeys stopped = new StoppedKeys();

  /**
   * The engine.
   *
   * @param rsaAhead how many RSA pairs of each size are made ahead
   */
  Engine(Cryptography cryptography, PrivateKeyWork slow, int rsaAhead) {
    this.cryptography = cryptography;
    this.slow = slow;
    this.rsaPairs = new RsaPairs(cryptography, slow, rsaAhead);
  }

  RsaPairs rsaPairs() {
    return rsaPairs;
  }

  Cryptography cryptography() {
    return cryptography;
  }

  StoppedKeys stopped() {
    return stopped;
  }

  /**
   * Uses the private half of a key's pair.
   *
   * @throws dev.yaoku.crypto.CryptoFault if the machine computes something wrong, which stops the
   *     pair
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.Internal} if it is stopped
   */
  <T> T use(OpenMaterial.Pair pair, PairUse use, Function<PrivateHalf, T> work) {
    return stopped.use(pair, () -> use(pair.spec(), use, () -> work.apply(pair.half())));
  }

  /**
   * The same with the public half. With a long exponent that takes a while, so it is not done on an
   * event loop.
   */
  <T> T usePublic(OpenMaterial.Pair pair, PairUse use, Function<PublicHalf, T> work) {
    PublicHalf half = pair.half().publicHalf();
    return half.isSlow()
        ? stopped.use(pair, () -> slow.compute(() -> work.apply(half)))
        : use(pair, use, _ -> work.apply(half));
  }

  /** Uses a pair of this kind that is no key's. */
  <T> T use(KeySpec spec, PairUse use, Supplier<T> work) {
    return cryptography.isSlow(spec, use) ? slow.compute(work) : work.get();
  }

  /**
   * Lets only kinds of keys through that passed their self-test, which for slow kinds is not tried
   * on an event loop.
   *
   * @throws dev.yaoku.crypto.CryptoFault if this kind failed
   * @throws dev.yaoku.key.NotInMemory if it was not tried yet and this thread must not wait
   */
  void mustWork(KeySpec spec) {
    if (spec.isAsymmetric() && !cryptography.wasTried(spec)) {
      Waiting.mustBeAllowed();
    }
    cryptography.mustWork(spec);
  }

  /** Makes fresh material for a project, which the caller closes. */
  SecretBytes generate(String project, KeySpec spec) {
    if (spec.isRsa()) {
      return rsaPairs.take(project, spec);
    }
    return spec.isAsymmetric()
        ? slow.compute(() -> cryptography.generate(spec))
        : cryptography.generate(spec);
  }

  /** Checks a private key that others made, which takes long for every kind. */
  SecretBytes check(KeySpec spec, SecretBytes pkcs8) {
    return slow.compute(() -> cryptography.checked(spec, pkcs8));
  }
}
