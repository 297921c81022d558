package dev.yaoku.crypto;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * Every published vector of an algorithm that the room offers, through the room, with and without
 * native code. The files lie beside the project; where they are not, that is skipped, and the
 * smaller set that is committed with the tests remains.
 */
class VectorsTest {
  private static final Path FOLDER = Path.of("..", "shared", "vectors");
  private static final Path COMMITTED = Path.of("src/test/resources/dev/yaoku/crypto/vectors");

  /** How many vectors of each file become what, a line a file: a file cannot shrink unseen. */
  private static final String COUNTS = "vector-counts.txt";

  /** Key encapsulation is TLS's, and not of this room. */
  private static final Set<String> NOT_OFFERED =
      Set.of("mlkem_512_test.json", "mlkem_768_test.json", "mlkem_1024_test.json");

  @Test
  void noFileOfVectorsIsPassedOver() throws IOException {
    VectorRunners runners = new VectorRunners(new Cryptography(Randomness.kernel(), false));
    Set<String> known = new TreeSet<>(NOT_OFFERED);
    known.addAll(runners.all().keySet());
    known.addAll(runners.agreements().keySet());
    for (Path folder : List.of(COMMITTED, FOLDER)) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          assertThat(files.map(file -> file.getFileName().toString()))
              .filteredOn(name -> name.endsWith(".json"))
              .as("of %s", folder)
              .isSubsetOf(known);
        }
      }
    }
  }

  /** A line whose file went with what ran it would say that it still runs. */
  @Test
  void allThatIsCountedRuns() throws IOException {
    VectorRunners runners = new VectorRunners(new Cryptography(Randomness.kernel(), false));
    Set<String> running = new TreeSet<>();
    for (String file : runners.all().keySet()) {
      running.add(label(FOLDER, file));
      running.add(label(COMMITTED, file));
    }
    runners.agreements().keySet().forEach(file -> running.add(label(COMMITTED, file)));

    assertThat(counts().stream().map(line -> line.substring(0, line.indexOf('{'))))
        .containsExactlyInAnyOrderElementsOf(running);
  }

  /** How the line of a file begins. */
  private static String label(Path folder, String file) {
    return (folder.equals(FOLDER) ? "whole " : "committed ") + file + " ";
  }

  private static List<String> counts() throws IOException {
    try (InputStream lines = VectorsTest.class.getResourceAsStream(COUNTS)) {
      return new String(requireNonNull(lines).readAllBytes(), UTF_8).lines().toList();
    }
  }

  private static String expected(Path folder, String file) throws IOException {
    String start = label(folder, file);
    return counts().stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .collect(Collectors.joining(" and "));
  }

  @TestFactory
  Stream<DynamicTest> theRoomAgreesWithTheCommittedVectors() {
    return Stream.of(true, false)
        .flatMap(isNative -> with(COMMITTED, VectorRunners::all, isNative));
  }

  @TestFactory
  Stream<DynamicTest> theRoomAgreesOnThePublishedSecrets() {
    return Stream.of(true, false)
        .flatMap(isNative -> with(COMMITTED, VectorRunners::agreements, isNative));
  }

  @TestFactory
  Stream<DynamicTest> theRoomAgreesWithEveryVector() {
    Assumptions.assumeTrue(
        Files.isDirectory(FOLDER), "the folder of published vectors is not here");
    return Stream.of(true, false).flatMap(isNative -> with(FOLDER, VectorRunners::all, isNative));
  }

  private static Stream<DynamicTest> with(
      Path folder,
      Function<VectorRunners, Map<String, VectorFile.Runner>> files,
      boolean isNative) {
    Cryptography cryptography = new Cryptography(Randomness.kernel(), isNative);
    String how = cryptography.isNative() ? "native" : "Java";
    return files.apply(new VectorRunners(cryptography)).entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(entry.getKey() + ", " + how, () -> run(folder, entry, how)));
  }

  private static void run(Path folder, Map.Entry<String, VectorFile.Runner> entry, String how)
      throws Exception {
    Path file = folder.resolve(entry.getKey());
    assertThat(file).as("a file is missing from the folder").exists();

    Map<VectorFile.Outcome, Integer> counts = VectorFile.run(file, entry.getValue());

    assertThat(counts.keySet()).containsAnyOf(VectorFile.Outcome.TAKEN);
    assertThat(counts).as(how).hasToString(expected(folder, entry.getKey()));
  }
}
