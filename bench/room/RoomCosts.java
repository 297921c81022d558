package dev.yaoku.crypto;

import com.sun.management.ThreadMXBean;
import dev.yaoku.secret.SecretBytes;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/**
 * What each use of each asymmetric kind of key costs, with native code and without, in microseconds
 * of CPU of this thread (so that other load does not count).
 */
public final class RoomCosts {
  private static final long WARM_UP_NANOS = 250_000_000;
  private static final long ROUND_NANOS = 50_000_000;
  private static final int ROUNDS = 3;
  private static final int PAIRS = 4;
  private static final int MICROS_MAX = 200;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
  private static volatile Object sink = "";

  private RoomCosts() {}

  /** Prints a line for each; with names of specs, for those only. */
  public static void main(String[] args) {
    System.out.println(
        "µs of CPU for each use of a pair; > leaves the event loop; ! should (more than "
            + MICROS_MAX
            + ")");
    for (boolean wantNative : new boolean[] {true, false}) {
      Cryptography cryptography = new Cryptography(Randomness.kernel(), wantNative);
      for (KeySpec spec : KeySpec.values()) {
        if (spec.isAsymmetric()
            && (args.length == 0 || Arrays.asList(args).contains(spec.name()))) {
          measure(cryptography, spec);
        }
      }
    }
  }

  private static void measure(Cryptography cryptography, KeySpec spec) {
    String kind = (cryptography.isNative() ? "native " : "java   ") + spec;
    try (SecretBytes material = cryptography.generate(spec);
        PrivateHalf half = cryptography.privateHalf(spec, material)) {
      PublicHalf publicHalf = half.publicHalf();
      SigningAlgorithm signing = spec.signingAlgorithms().getFirst();
      Message message = new Message.Raw(new byte[32]);
      byte[] signature = half.sign(signing, message);
      List<String> costs = new ArrayList<>();
      Measured measured = new Measured(cryptography, spec);
      costs.add(measured.cost(PairUse.SIGN, () -> half.sign(signing, message)));
      costs.add(
          measured.cost(PairUse.VERIFY, () -> publicHalf.verify(signing, message, signature)));
      for (EncryptionAlgorithm encryption : spec.encryptionAlgorithms()) {
        byte[] ciphertext = publicHalf.encrypt(encryption, new byte[32]);
        costs.add(
            measured.cost(PairUse.ENCRYPT, () -> publicHalf.encrypt(encryption, new byte[32])));
        costs.add(measured.cost(PairUse.DECRYPT, () -> half.decrypt(encryption, ciphertext)));
      }
      if (spec.usages().contains(KeyUsage.KEY_AGREEMENT)) {
        byte[] peer = publicHalf.encoded();
        costs.add(measured.cost(PairUse.AGREE, () -> half.agree(peer)));
      }
      costs.add("open %.0f".formatted(micros(() -> cryptography.privateHalf(spec, material))));
      costs.add("make %s".formatted(making(cryptography, spec)));
      System.out.printf("%-20s %s%n", kind, String.join("  ", costs));
    }
  }

  private record Measured(Cryptography cryptography, KeySpec spec) {
    String cost(PairUse use, Supplier<Object> work) {
      double micros = micros(work);
      String mark = cryptography.isSlow(spec, use) ? ">" : micros > MICROS_MAX ? "!" : "";
      return "%s %s%.0f".formatted(use.name().toLowerCase(Locale.ROOT), mark, micros);
    }
  }

  /** Making a pair, and trying it: mean of a few, as the time to find primes varies much. */
  private static String making(Cryptography cryptography, KeySpec spec) {
    long begun = THREADS.getCurrentThreadCpuTime();
    for (int i = 0; i < PAIRS; i++) {
      cryptography.generate(spec).close();
    }
    return "%.0f".formatted((THREADS.getCurrentThreadCpuTime() - begun) / 1e3 / PAIRS);
  }

  private static double micros(Supplier<Object> work) {
    run(work, WARM_UP_NANOS);
    double[] rounds = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      rounds[i] = run(work, ROUND_NANOS);
    }
    Arrays.sort(rounds);
    return rounds[ROUNDS / 2] / 1e3;
  }

  /** Nanoseconds of CPU for one. */
  private static double run(Supplier<Object> work, long nanos) {
    long begun = THREADS.getCurrentThreadCpuTime();
    long used = 0;
    int done = 0;
    while (used < nanos) {
      for (int i = 0; i < 8; i++) {
        sink = work.get();
      }
      done += 8;
      used = THREADS.getCurrentThreadCpuTime() - begun;
    }
    return (double) used / done;
  }
}
