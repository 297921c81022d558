package dev.yaoku;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What uses kinds of keys and algorithms runs a second time without native code ({@code pom.xml}),
 * and a new test of them is not forgotten there.
 */
class SecondRunTest {
  private static final Path TESTS = Path.of("src/test/java");

  /** What only tests of kinds of keys or of algorithms say. */
  private static final Pattern OF_KINDS =
      Pattern.compile(
          "key_spec|(signing|mac|encryption|key_agreement)_algorithm|KeySpec\\.[A-Z]"
              + "|OperationsOnKeys|new Belongings"
              + "|\"(AES_256|SM[24]|EC_P|RSA_\\d|HMAC_|ML_DSA|ED25519|SECP256)");

  /** The room crypto: its tests choose who computes. */
  private static final Pattern CHOOSES =
      Pattern.compile("new Cryptography\\([^()]*(\\(\\))?, true");

  private static final Pattern TRIES_JAVA =
      Pattern.compile("new Cryptography\\([^()]*(\\(\\))?, (false|isNative)");

  /** Not run again, and why not. */
  private static final Set<String> ONCE =
      Set.of(
          "access/OfficialSignerTest", // signatures of requests, checked by no native code
          "conformance/TenantMatrixTest", // who may do what
          "server/AbsentCodesTest", // refusals before anything is computed
          "server/AdministrationTest", // what operators do; keys are only there for it
          "server/CommandsTest", // what the commands print; keys are only there for it
          "server/DroppedKeysTest", // runs with native code and without it by itself
          "server/FaultyKeyTest", // runs with native code and without it by itself
          "server/ForgedKeysTest", // refusals before anything is computed
          "server/KeysAboveTest", // where bytes from the kernel stay
          "server/PostgresServerTest", // where keys are kept, and not what is computed with them
          "server/RefusedKeysTest", // refusals before anything is computed
          "server/ReplayedSignaturesTest", // signatures of requests, checked by no native code
          "server/SeriousErrorsTest", // errors that the test causes itself
          "server/SettingsTakeEffectTest"); // what settings change; keys are only there for it

  private static Set<String> secondRun() throws IOException {
    String pom = Files.readString(Path.of("pom.xml"));
    String execution = pom.substring(pom.indexOf("<id>without-native-code</id>"));
    execution = execution.substring(0, execution.indexOf("</execution>"));
    List<String> included = named("include", execution);
    List<String> excluded = named("exclude", execution);
    assertThat(included).isNotEmpty();
    try (Stream<Path> files = Files.walk(TESTS)) {
      return files
          .map(TESTS::relativize)
          .filter(file -> matches(file, included) && !matches(file, excluded))
          .map(SecondRunTest::name)
          .collect(Collectors.toSet());
    }
  }

  private static List<String> named(String element, String xml) {
    return Pattern.compile("<" + element + ">(.*)</" + element + ">")
        .matcher(xml)
        .results()
        .map(found -> found.group(1))
        .toList();
  }

  private static boolean matches(Path file, List<String> globs) {
    return globs.stream()
        .anyMatch(glob -> FileSystems.getDefault().getPathMatcher("glob:" + glob).matches(file));
  }

  /** As {@code server/YaokuTest}. */
  private static String name(Path file) {
    String whole = file.toString();
    return whole.substring("dev/yaoku/".length(), whole.length() - ".java".length());
  }

  /** Tests with such a text in their source, but for those of the room crypto. */
  private static Set<String> saying(Pattern text, boolean ofCrypto) throws IOException {
    try (Stream<Path> files = Files.walk(TESTS.resolve("dev/yaoku"))) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("Test.java"))
          .filter(file -> file.startsWith(TESTS.resolve("dev/yaoku/crypto")) == ofCrypto)
          .filter(file -> text.matcher(read(file)).find())
          .map(file -> name(TESTS.relativize(file)))
          .filter(name -> !name.equals("SecondRunTest"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void everyTestOfKindsOfKeysIsRunAgainWithoutNativeCode() throws IOException {
    Set<String> ofKinds = saying(OF_KINDS, false);
    Set<String> again = secondRun();
    assertThat(ofKinds).filteredOn(name -> !again.contains(name)).hasSameElementsAs(ONCE);
  }

  @Test
  void theTestsOfTheRoomCryptoTryBoth() throws IOException {
    Set<String> withNativeCode = saying(CHOOSES, true);
    assertThat(withNativeCode).isNotEmpty();
    assertThat(saying(TRIES_JAVA, true)).containsAll(withNativeCode);
  }
}
