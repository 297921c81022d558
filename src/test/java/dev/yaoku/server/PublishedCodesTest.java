package dev.yaoku.server;

import static java.util.function.Function.identity;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Every code that the cloud publishes is either expected by a test that is named here, or cannot
 * come from a server of one's own, for a reason that is given here. Whether the server gives the
 * code is shown by the test that expects it: of that only the text is read here. Reasons that a
 * request can try are in {@link AbsentCodesTest}.
 */
class PublishedCodesTest {
  private static final Pattern CODE = Pattern.compile("(KMS|APIGW)\\.\\d{4}");
  private static final Pattern COMMENT = Pattern.compile("(?s)/\\*.*?\\*/|(?m:^\\s*//[^\n]*)");
  private static final Pattern DENIED =
      Pattern.compile("(?s)(isNotEqualTo|doesNotContain|isNotIn)\\([^;]*");
  private static final Path MAIN = Path.of("src/main/java");
  private static final Path TESTS = Path.of("src/test/java");

  /** Codes by the test that expects them of an answer. */
  private static final Map<String, List<String>> EXPECTED =
      Map.ofEntries(
          by(
              "ErrorCodesTest",
              """
              APIGW.0101 APIGW.0201 APIGW.0301 APIGW.0307 APIGW.0308 KMS.0104 KMS.0201 KMS.0202
              KMS.0204 KMS.0205 KMS.0206 KMS.0207 KMS.0208 KMS.0214 KMS.0215 KMS.0303 KMS.0306
              KMS.0307 KMS.0308 KMS.0321 KMS.0330 KMS.0340 KMS.0401 KMS.0402 KMS.0403 KMS.0404
              KMS.0405 KMS.0406 KMS.0407 KMS.0408 KMS.0409 KMS.0410 KMS.0411 KMS.0412 KMS.0413
              KMS.0414 KMS.0415 KMS.0416 KMS.0417 KMS.1101 KMS.1102 KMS.1103 KMS.1104 KMS.1110
              KMS.1114 KMS.1115 KMS.1401 KMS.1601 KMS.1602 KMS.1801 KMS.1802 KMS.1901 KMS.1902
              KMS.1903 KMS.2101 KMS.2102 KMS.2103 KMS.2104 KMS.2201 KMS.2202 KMS.2203 KMS.2204
              KMS.3001 KMS.8003
              """),
          by("ForgedRowsTest", "KMS.0101"),
          by(
              "KeyStatesOverHttpTest",
              """
              KMS.0209 KMS.0210 KMS.0309 KMS.0310 KMS.0312 KMS.0313 KMS.1201 KMS.1301 KMS.1402
              KMS.1501 KMS.2701
              """),
          by("ServiceKeysOverHttpTest", "KMS.0211"),
          by("EnterpriseProjectsTest", "KMS.0212"),
          by("KeystoresOverHttpTest", "KMS.0338 KMS.0339"),
          by("QuotasTest", "KMS.1105 KMS.2404 KMS.2405"),
          by(
              "EveryKindOfKeyTest",
              """
              KMS.0311 KMS.0324 KMS.0325 KMS.0329 KMS.0331 KMS.0332 KMS.0334 KMS.0335 KMS.0341
              KMS.2106 KMS.2108 KMS.3804
              """),
          by("KeySpacesTest", "KMS.2801"),
          by("RegionsTest", "KMS.0106 KMS.1404 KMS.3801 KMS.3802 KMS.3803"),
          by("LenientInputTest", "KMS.2105"),
          by("GrantTest", "KMS.2401 KMS.2402 KMS.2403 KMS.2501 KMS.2502"),
          by("ImportTest", "KMS.2602 KMS.2604 KMS.2606"),
          by("ImportParametersTest", "KMS.2601 KMS.2603 KMS.2605"),
          by("ImportRefusalsTest", "KMS.2901"),
          by("AsymmetricImportTest", "KMS.2608 KMS.2609 KMS.2610 KMS.2702"));

  /** Codes by the reason why no answer of a KMS operation has them. */
  static final Map<String, List<String>> NOT_HERE =
      Map.ofEntries(
          by(
              "one code says that the server failed, KMS.0101, and one that it is busy, KMS.0104",
              "KMS.0100 KMS.0102 KMS.0103 KMS.0105"),
          by("a body that is too long never gets past the gateway: 413 APIGW.0201", "KMS.0203"),
          by(
              "tokens that are absent or not of this server are the gateway's: 401 APIGW.0301",
              "KMS.0301 KMS.0304"),
          by(
              "so are tokens that are not valid; a missing agency, which has this code here, is"
                  + " refused where tokens are made, in the form of the identity service",
              "KMS.0302"),
          by(
              "a scope that is not open to its user is refused where tokens are made, in the form"
                  + " of the identity service; nobody comes here with such a token",
              "KMS.0305"),
          by("people are not registered here, and nothing is paid for", "KMS.0314 KMS.0328"),
          by("nothing is frozen, as nothing is paid for", "KMS.0320 KMS.3201 KMS.3202 KMS.3702"),
          by(
              "there are no partitions; a project is all there is",
              """
              KMS.0315 KMS.0316 KMS.0317 KMS.0318 KMS.0322 KMS.0323 KMS.1108 KMS.1109 KMS.2406
              KMS.3103
              """),
          by("every version of this service rotates", "KMS.0319"),
          by("KMS.0307 says so", "KMS.0326"),
          by("permissions are part of this server and can always be determined", "KMS.0327"),
          by("offset and limit are ignored where only a number is asked for", "KMS.0418"),
          by("an offset that is none is KMS.0417", "KMS.1603"),
          by("data keys are not wrapped by RSA keys: KMS.0325", "KMS.1904"),
          by("both ways to make a data key have one code, KMS.1901", "KMS.2001"),
          by(
              "quotas are set in the configuration, not by a call",
              "KMS.2301 KMS.2302 KMS.2303 KMS.2304 KMS.2305"),
          by("there are no enclaves to answer: KMS.3804", "KMS.3805 KMS.3806"),
          by(
              "there are no jobs, transactions or notifications",
              """
              KMS.3901 KMS.3902 KMS.3903 KMS.4001 KMS.4002
              """),
          by(
              "there is no service of policies beside this server",
              """
              KMS.5012 KMS.5021 KMS.5022 KMS.5023
              """));

  private static Map.Entry<String, List<String>> by(String name, String codes) {
    return Map.entry(name, List.of(codes.strip().split("\\s+")));
  }

  static Map<String, String> byCode(Map<String, List<String>> named) {
    Map<String, String> byCode = new TreeMap<>();
    named.forEach((name, codes) ->
        codes.forEach(code -> assertThat(byCode.put(code, name)).as(code).isNull()));
    return byCode;
  }

  /** Files by class name. */
  private static Map<String, String> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.endsWith("package-info.java"))
          .map(PublishedCodesTest::read)
          .collect(Collectors.toMap(Named::name, Named::text, (a, b) -> a + b));
    }
  }

  private record Named(String name, String text) {}

  private static Named read(Path file) {
    try {
      String name = String.valueOf(file.getFileName()).replace(".java", "");
      return new Named(name, Files.readString(file));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** Those in code, not in comments on it. */
  private static Set<String> codesIn(String text) {
    Set<String> codes = new TreeSet<>();
    Matcher matcher = CODE.matcher(COMMENT.matcher(text).replaceAll(""));
    while (matcher.find()) {
      codes.add(matcher.group());
    }
    return codes;
  }

  @Test
  void whatIsNamedExpectsWhatItIsNamedFor() throws IOException {
    Map<String, String> tests = files(TESTS);
    byCode(EXPECTED)
        .forEach((code, test) ->
            assertThat(codesIn(DENIED.matcher(tests.getOrDefault(test, "")).replaceAll("")))
                .as("%s in %s", code, test)
                .contains(code));
  }

  @Test
  void everyCodeThatTheServerKnowsIsExpectedByATest() throws IOException {
    Set<String> known = codesIn(String.join("\n", files(MAIN).values()));
    // Refusals of a role or scope, which identity routes give in their own form: see above.
    known.removeAll(Set.of("KMS.0302", "KMS.0305"));
    assertThat(byCode(EXPECTED).keySet()).containsExactlyInAnyOrderElementsOf(known);
  }

  @Test
  void nothingIsBothExpectedAndNotHere() {
    assertThat(byCode(EXPECTED).keySet()).doesNotContainAnyElementsOf(byCode(NOT_HERE).keySet());
  }

  /** All that are published, in the order of the published tables. */
  private static final List<String> PUBLISHED =
      List.of(
          """
          KMS.0100 KMS.0101 KMS.0102 KMS.0103 KMS.0104 KMS.0105 KMS.0106 KMS.0201
          KMS.0202 KMS.0203 KMS.0204 KMS.0205 KMS.0206 KMS.0207 KMS.0208 KMS.0209
          KMS.0210 KMS.0211 KMS.0212 KMS.0214 KMS.0215 KMS.0301 KMS.0302 KMS.0303
          KMS.0304 KMS.0305 KMS.0306 KMS.0307 KMS.0308 KMS.0309 KMS.0310 KMS.0311
          KMS.0312 KMS.0313 KMS.0314 KMS.0315 KMS.0316 KMS.0317 KMS.0318 KMS.0319
          KMS.0320 KMS.0321 KMS.0322 KMS.0323 KMS.0324 KMS.0325 KMS.0326 KMS.0327
          KMS.0328 KMS.0329 KMS.0330 KMS.0331 KMS.0332 KMS.0334 KMS.0335 KMS.0338
          KMS.0339 KMS.0340 KMS.0341 KMS.0401 KMS.0402 KMS.0403 KMS.0404 KMS.0405
          KMS.0406 KMS.0407 KMS.0408 KMS.0409 KMS.0410 KMS.0411 KMS.0412 KMS.0413
          KMS.0414 KMS.0415 KMS.0416 KMS.0417 KMS.0418 KMS.1101 KMS.1102 KMS.1103
          KMS.1104 KMS.1105 KMS.1108 KMS.1109 KMS.1110 KMS.1114 KMS.1115 KMS.1201
          KMS.1301 KMS.1401 KMS.1402 KMS.1404 KMS.1501 KMS.1601 KMS.1602 KMS.1603
          KMS.1801 KMS.1802 KMS.1901 KMS.1902 KMS.1903 KMS.1904 KMS.2001 KMS.2101
          KMS.2102 KMS.2103 KMS.2104 KMS.2105 KMS.2106 KMS.2108 KMS.2201 KMS.2202
          KMS.2203 KMS.2204 KMS.2301 KMS.2302 KMS.2303 KMS.2304 KMS.2305 KMS.2401
          KMS.2402 KMS.2403 KMS.2404 KMS.2405 KMS.2406 KMS.2501 KMS.2502 KMS.2601
          KMS.2602 KMS.2603 KMS.2604 KMS.2605 KMS.2606 KMS.2608 KMS.2609 KMS.2610
          KMS.2701 KMS.2702 KMS.2801 KMS.2901 KMS.3001 KMS.3103 KMS.3201 KMS.3202
          KMS.3702 KMS.3801 KMS.3802 KMS.3803 KMS.3804 KMS.3805 KMS.3806 KMS.3901
          KMS.3902 KMS.3903 KMS.4001 KMS.4002 KMS.5012 KMS.5021 KMS.5022 KMS.5023
          KMS.8003
          """
              .strip()
              .split("\\s+"));

  @Test
  void everyPublishedCodeIsExpectedOrHasAReason() {
    Set<String> here = EXPECTED.values().stream().flatMap(List::stream).collect(Collectors.toSet());
    Set<String> reasoned =
        NOT_HERE.values().stream().flatMap(List::stream).collect(Collectors.toSet());
    Map<String, Boolean> open =
        PUBLISHED.stream()
            .filter(code -> !here.contains(code) && !reasoned.contains(code))
            .collect(Collectors.toMap(identity(), _ -> true));
    assertThat(open).isEmpty();
    assertThat(PUBLISHED).hasSize(161).containsAll(reasoned);
  }
}
