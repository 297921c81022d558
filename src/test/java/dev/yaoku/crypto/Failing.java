package dev.yaoku.crypto;

import java.util.List;
import java.util.function.Predicate;

/** Algorithms of which one computes wrongly, for tests of what then happens. */
public final class Failing {
  private Failing() {}

  /** All algorithms, but keys of this kind give wrong answers. */
  public static Cryptography of(KeySpec spec, Randomness randomness, boolean wantNative) {
    List<KnownAnswer> answers =
        KnownAnswer.shipped().stream().map(a -> a.spec() == spec ? spoilt(a) : a).toList();
    return new Cryptography(randomness, wantNative, answers, p -> p.works(randomness));
  }

  /** All algorithms, but this primitive gives wrong answers. */
  public static Cryptography of(Primitive primitive, Randomness randomness) {
    Predicate<Primitive> works = p -> p != primitive && p.works(randomness);
    return new Cryptography(randomness, true, KnownAnswer.shipped(), works);
  }

  private static KnownAnswer spoilt(KnownAnswer answer) {
    byte[] output = answer.output().clone();
    output[output.length - 1] ^= 1;
    return new KnownAnswer(
        answer.spec(), answer.work(), answer.algorithm(), answer.key(), answer.input(), output);
  }
}
