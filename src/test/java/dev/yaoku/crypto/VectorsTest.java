package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every published vector of an algorithm that the room offers, through the room, with and without
 * native code. The files lie beside the project; where they are not, this is skipped, and the
 * smaller set of the other tests remains.
 */
class VectorsTest {
  private static final Path FOLDER = Path.of("..", "shared", "vectors");

  @TestFactory
  Stream<DynamicTest> theRoomAgreesWithEveryVector() {
    Assumptions.assumeTrue(
        Files.isDirectory(FOLDER), "the folder of published vectors is not here");
    return Stream.of(true, false).flatMap(VectorsTest::with);
  }

  private static Stream<DynamicTest> with(boolean isNative) {
    Cryptography cryptography = new Cryptography(Randomness.kernel(), isNative);
    String how = cryptography.isNative() ? "native" : "Java";
    return new VectorRunners(cryptography)
        .all().entrySet().stream()
            .map(entry ->
                DynamicTest.dynamicTest(entry.getKey() + ", " + how, () -> run(entry, how)));
  }

  private static void run(Map.Entry<String, VectorFile.Runner> entry, String how) throws Exception {
    Path file = FOLDER.resolve(entry.getKey());
    assertThat(file).as("a file is missing from the folder").exists();

    Map<VectorFile.Outcome, Integer> counts = VectorFile.run(file, entry.getValue());

    System.out.println("vectors: " + entry.getKey() + ", " + how + ": " + counts);
    assertThat(counts.keySet()).containsAnyOf(VectorFile.Outcome.TAKEN);
  }
}
