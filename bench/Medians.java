import java.util.Arrays;
import java.util.Collection;

/** The middle one of a few figures. */
final class Medians {
  private Medians() {}

  static double of(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** The middle one of measured durations, in the unit they are in. */
  static double of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
