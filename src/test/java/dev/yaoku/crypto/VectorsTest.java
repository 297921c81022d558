package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every published vector of an algorithm that the room offers, through the room, with and without
 * native code. The files lie beside the project; where they are not, that is skipped, and the
 * smaller set that is committed with the tests remains.
 */
class VectorsTest {
  private static final Path FOLDER = Path.of("..", "shared", "vectors");
  private static final Path COMMITTED = Path.of("src/test/resources/dev/yaoku/crypto/vectors");

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

    System.out.println("vectors: " + entry.getKey() + ", " + how + ": " + counts);
    assertThat(counts.keySet()).containsAnyOf(VectorFile.Outcome.TAKEN);
  }
}
