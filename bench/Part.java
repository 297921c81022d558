import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A part of the benchmark, which can run alone. */
enum Part {
  LOAD,
  CONTROL,
  SCALE,
  START,
  CRYPTO,
  SIGN,
  ACCESS,
  TIMING,
  NEIGHBOURS,
  RESIDUE;

  /** What it is called on the command line. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Part> named(String word) {
    return Stream.of(values()).filter(part -> part.word().equals(word)).findFirst();
  }
}
