package dev.yaoku;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.crypto.Cipher;
import javax.crypto.KeyAgreement;
import javax.crypto.KeyGenerator;
import javax.crypto.Mac;
import org.junit.jupiter.api.Test;

/** The rooms, what each may use, and what nobody may do. */
class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("dev.yaoku");

  /** Has no state and no numbers of its own. */
  private static final String ADAPTER = "dev.yaoku.crypto.RandomnessAdapter";

  private static final List<String> OTHER_SOURCES =
      List.of(
          "java.util.SplittableRandom",
          "java.util.random.RandomGenerator",
          "java.util.random.RandomGeneratorFactory",
          "org.bouncycastle.crypto.CryptoServicesRegistrar");

  /** The table of rooms. A room may use itself, its row here, and {@code secret}. */
  private static final Map<String, List<String>> MAY_USE =
      Map.ofEntries(
          Map.entry("secret", List.of()),
          Map.entry("crypto", List.of()),
          Map.entry("key", List.of("crypto")),
          Map.entry("seal", List.of("crypto", "key")),
          Map.entry("store", List.of("crypto", "key")),
          Map.entry("access", List.of("crypto", "key")),
          Map.entry("audit", List.of("crypto", "key")),
          Map.entry("service", List.of("crypto", "key", "seal", "store", "access", "audit")),
          Map.entry("api", List.of("crypto", "key", "access", "service")),
          Map.entry("cli", List.of()));

  private static final Path MAIN = Path.of("src/main/java/dev/yaoku");

  /** An import of ours, with the room that it is from. */
  private static final Pattern IMPORT =
      Pattern.compile("import (?:static )?dev\\.yaoku\\.(\\w+)\\b");

  @Test
  void roomsUseOnlyWhatTheyMay() {
    MAY_USE.forEach((room, others) -> {
      List<String> allowed = new ArrayList<>(others);
      allowed.add(room);
      allowed.add("secret");
      String[] packages =
          allowed.stream().map(name -> "dev.yaoku." + name + "..").toArray(String[]::new);
      classes()
          .that()
          .resideInAPackage("dev.yaoku." + room + "..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(packages).or(not(resideInAnyPackage("dev.yaoku.."))))
          .allowEmptyShould(true)
          .check(CLASSES);
    });
  }

  /** The compiler copies constants, so that classes do not show whose they were; sources do. */
  @Test
  void roomsImportOnlyWhatTheyMay() throws IOException {
    List<String> forbidden = new ArrayList<>();
    try (Stream<Path> sources = Files.walk(MAIN)) {
      for (Path source : sources.filter(path -> path.toString().endsWith(".java")).toList()) {
        String room = MAIN.relativize(source).getName(0).toString();
        for (String line : Files.readAllLines(source)) {
          Matcher imported = IMPORT.matcher(line);
          if (imported.lookingAt() && !mayUse(room, imported.group(1))) {
            forbidden.add(source + ": " + line);
          }
        }
      }
    }
    assertThat(forbidden).isEmpty();
  }

  private static boolean mayUse(String room, String other) {
    List<String> others = MAY_USE.get(room);
    return others == null || room.equals(other) || other.equals("secret") || others.contains(other);
  }

  @Test
  void roomsHaveNoCycles() {
    slices().matching("dev.yaoku.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void randomnessComesFromOneClass() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.yaoku.crypto.Randomness")
        .and()
        .doNotHaveFullyQualifiedName(ADAPTER)
        .should()
        .callConstructorWhere(
            describe(
                "makes a random number generator",
                call ->
                    call.getTargetOwner().isAssignableTo(java.util.Random.class)
                        && !call.getTargetOwner().getFullName().equals(ADAPTER)))
        .orShould()
        .callMethodWhere(
            describe(
                "asks another source for random numbers",
                call ->
                    isRandomSource(
                        call.getTargetOwner().getFullName(), call.getTarget().getName())))
        .orShould()
        .dependOnClassesThat(
            describe("are other sources", type -> OTHER_SOURCES.contains(type.getFullName())))
        .check(CLASSES);
  }

  /** Without one they take the JDK's own. */
  @Test
  void whatMakesKeysIsGivenItsSourceOfRandomness() {
    noClasses()
        .should()
        .callMethodWhere(
            describe(
                "lets a library make keys of its own random numbers",
                call ->
                    isMakerOfKeys(call.getTargetOwner().getFullName())
                        && List.of("initialize", "init").contains(call.getTarget().getName())
                        && call.getTarget().getRawParameterTypes().stream()
                            .noneMatch(type -> type.isEquivalentTo(SecureRandom.class))))
        .check(CLASSES);
  }

  private static boolean isMakerOfKeys(String type) {
    return type.equals(KeyPairGenerator.class.getName())
        || type.equals(KeyGenerator.class.getName());
  }

  private static boolean isRandomSource(String owner, String method) {
    return (owner.equals(SecureRandom.class.getName()) && method.startsWith("getInstance"))
        || (owner.equals(UUID.class.getName()) && method.equals("randomUUID"))
        || (owner.equals(Math.class.getName()) && method.equals("random"))
        || owner.equals(ThreadLocalRandom.class.getName());
  }

  /**
   * Comparison that ends at the first difference tells how far it came; what holds secrets compares
   * itself in constant time ({@code SecretBytes.sameAs}).
   */
  @Test
  void nobodyComparesSecretsByEquals() {
    noClasses()
        .should()
        .callMethodWhere(
            describe(
                "compares what holds a secret by equals",
                call ->
                    isComparison(call.getTarget().getName())
                        && isSecret(call.getTargetOwner().getFullName())))
        .check(CLASSES);
    noClasses()
        .that()
        .resideInAnyPackage(
            "dev.yaoku.access..",
            "dev.yaoku.api..",
            "dev.yaoku.seal..",
            "dev.yaoku.secret..",
            "dev.yaoku.server..",
            "dev.yaoku.service..")
        .and()
        .doNotHaveFullyQualifiedName("dev.yaoku.access.federation.Outside") // networks
        .and()
        .doNotHaveFullyQualifiedName("dev.yaoku.service.ImportTokens") // a constant head
        .should()
        .callMethodWhere(
            describe(
                "compares bytes where bytes are secrets",
                call ->
                    call.getTargetOwner().isEquivalentTo(java.util.Arrays.class)
                        && List.of("equals", "compare", "mismatch", "hashCode")
                            .contains(call.getTarget().getName())))
        .check(CLASSES);
  }

  private static boolean isComparison(String method) {
    return method.equals("equals") || method.equals("hashCode");
  }

  private static boolean isSecret(String type) {
    return List.of(
            "dev.yaoku.secret.SecretBytes",
            "dev.yaoku.secret.LockedBytes",
            "dev.yaoku.secret.Redacted")
        .contains(type);
  }

  /** So that whoever uses a key has asked whether its caller may (SECURITY_DESIGN H12). */
  @Test
  void onlyACallerMakesAKeyUsable() {
    noClasses()
        .that()
        .doNotHaveFullyQualifiedName("dev.yaoku.access.Caller")
        .should()
        .callConstructorWhere(
            describe(
                "makes a usable key",
                call -> call.getTargetOwner().getFullName().equals("dev.yaoku.access.UsableKey")))
        .check(CLASSES);
  }

  /** A thread would keep a key for long after it is dropped, and each thread its own (H5). */
  @Test
  void nothingIsKeptPerThreadButWhetherItMayWait() {
    noFields()
        .that(describe("keep something per thread", ArchitectureTest::isPerThread))
        .should()
        .beDeclaredInClassesThat(
            describe(
                "are not the one that says who may wait",
                type -> !type.getFullName().equals("dev.yaoku.key.Waiting")))
        .check(CLASSES);
  }

  private static boolean isPerThread(JavaField field) {
    return field.getType().getAllInvolvedRawTypes().stream()
        .anyMatch(type ->
            type.isAssignableTo(ThreadLocal.class) || type.isAssignableTo(FastThreadLocal.class));
  }

  @Test
  void onlyTheCryptoRoomReachesCiphersAndLibraries() {
    DescribedPredicate<JavaClass> algorithms =
        resideInAnyPackage("org.bouncycastle..", "com.amazon.corretto..")
            .or(
                describe(
                    "a JCA engine",
                    type ->
                        List.of(Cipher.class, Mac.class, Signature.class, KeyAgreement.class)
                            .stream()
                            .anyMatch(type::isAssignableTo)));
    noClasses()
        .that()
        .resideInAPackage("dev.yaoku..")
        .and()
        .resideOutsideOfPackages("dev.yaoku.crypto..", "dev.yaoku.cli..")
        .should()
        .dependOnClassesThat(algorithms)
        .check(CLASSES);
  }

  /** Time comes from an injected clock, so that tests and {@code --dev} can move it. */
  @Test
  void onlyWhoTakesTheMachinesClocksReadsThem() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.yaoku.cli..")
        .and()
        .doNotHaveFullyQualifiedName("dev.yaoku.server.Surroundings")
        .should()
        .callMethodWhere(
            describe(
                "reads the machine's clock",
                call ->
                    isClock(
                        call.getTargetOwner().getFullName(),
                        call.getTarget().getName(),
                        call.getTarget().getRawParameterTypes().size())))
        .check(CLASSES);
  }

  private static boolean isClock(String owner, String method, int parameters) {
    return (owner.equals("java.lang.System") && method.equals("currentTimeMillis"))
        || (owner.equals("java.time.InstantSource") && method.equals("system"))
        || (owner.equals("java.time.Clock") && method.startsWith("system"))
        || (owner.startsWith("java.time.") && method.equals("now") && parameters == 0);
  }
}
