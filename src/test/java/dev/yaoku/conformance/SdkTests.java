package dev.yaoku.conformance;

import com.huaweicloud.sdk.kms.v2.KmsClient;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the tests with the official SDK cover, read from their {@link Passes}. */
final class SdkTests {
  private static final List<Class<?>> CLASSES =
      List.of(
          SdkKeyTest.class,
          SdkDataTest.class,
          SdkSigningTest.class,
          SdkImportTest.class,
          SdkNamesTest.class,
          SdkRegionsTest.class);

  private SdkTests() {}

  /** Every operation of the SDK's client, in the API's spelling. */
  static Set<String> operations() {
    return Arrays.stream(KmsClient.class.getDeclaredMethods())
        .map(Method::getName)
        .filter(name -> name.endsWith("Invoker"))
        .map(name -> name.substring(0, name.length() - "Invoker".length()))
        .map(name -> name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What {@code conformance/not-built} names: these are not tried. */
  static Set<String> notBuilt() throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("conformance/not-built"))) {
      return lines
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /** The first test that calls an operation with success, as {@code Class.method}, by operation. */
  static Map<String, String> passing() {
    Map<String, String> found = new TreeMap<>();
    for (Class<?> type : CLASSES) {
      for (Method method : type.getDeclaredMethods()) {
        Passes passes = method.getAnnotation(Passes.class);
        if (passes != null) {
          String test = type.getSimpleName() + "." + method.getName();
          Arrays.stream(passes.value())
              .forEach(name -> found.merge(name, test, SdkTests::firstInOrder));
        }
      }
    }
    return found;
  }

  /** The test that calls an operation over plain HTTP, as {@code Class.method}, by operation. */
  static Map<String, String> overHttp() {
    Map<String, String> found = new TreeMap<>();
    for (Method method : NewerCallsTest.class.getDeclaredMethods()) {
      Http http = method.getAnnotation(Http.class);
      if (http != null) {
        String test = "NewerCallsTest." + method.getName();
        Arrays.stream(http.value())
            .forEach(name -> found.merge(name, test, SdkTests::firstInOrder));
      }
    }
    return found;
  }

  /** Reflection has no order of its own, and the page must not change from run to run. */
  private static String firstInOrder(String a, String b) {
    return a.compareTo(b) <= 0 ? a : b;
  }
}
