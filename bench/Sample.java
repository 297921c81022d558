import java.util.List;

/**
 * Mean and variance of a sample, without its slowest part, where the machine did something else.
 */
record Sample(double mean, double variance, int count) {
  static Sample of(List<Double> values, double kept) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int count = Math.max(2, (int) (sorted.length * kept));
    double sum = 0;
    for (int i = 0; i < count; i++) {
      sum += sorted[i];
    }
    double mean = sum / count;
    double squares = 0;
    for (int i = 0; i < count; i++) {
      squares += (sorted[i] - mean) * (sorted[i] - mean);
    }
    return new Sample(mean, squares / (count - 1), count);
  }

  /** Welch's t of two samples whose variances may differ. */
  double welch(Sample other) {
    double error = Math.sqrt(variance / count + other.variance / other.count);
    return error == 0 ? 0 : (other.mean - mean) / error;
  }
}
