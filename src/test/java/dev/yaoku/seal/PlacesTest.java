package dev.yaoku.seal;

import static dev.yaoku.seal.SealedByHand.fields;
import static dev.yaoku.seal.SealedByHand.repeated;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.crypto.DoesNotOpen;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.Origin;
import dev.yaoku.secret.PrivateFiles;
import dev.yaoku.secret.SecretBytes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where one field of its place is another, and all else is the same, no wrap opens. */
class PlacesTest {
  private static final Randomness RANDOMNESS = Randomness.kernel();
  private static final String INSTALLATION = "0123456789abcdef0123456789abcdef";
  private static final String PROJECT = "11111111111111111111111111111111";
  private static final KeyId KEY = KeyId.parse("0d0466b0-e727-4d9c-b35d-f84bb474a37f");
  private static final KeyId OTHER_KEY = KeyId.parse("0d0466b0-e727-4d9c-b35d-f84bb474a37e");
  private static final byte[] SECRET = repeated(1, 32);
  private static final byte[] PROJECT_KEY = repeated(2, 32);
  private static final Instant END = Instant.parse("2026-01-01T00:00:00.123Z");

  @TempDir Path directory;
  private @Nullable RootKey rootKey;

  @BeforeEach
  void aRootKey() throws Exception {
    PrivateFiles.directory(directory.resolve("keys"));
    rootKey = RootKey.create(directory.resolve("keys/root.key"), RANDOMNESS);
  }

  @AfterEach
  void close() {
    Objects.requireNonNull(rootKey).close();
  }

  private Hierarchy hierarchy(String installation) {
    return new Hierarchy(Objects.requireNonNull(rootKey), installation, RANDOMNESS);
  }

  private Hierarchy founded() {
    Hierarchy hierarchy = hierarchy(INSTALLATION);
    hierarchy.newSystemKey(1);
    return hierarchy;
  }

  private static SecretBytes secret() {
    return SecretBytes.copyOf(SECRET);
  }

  /** The same key bytes, whatever the project and the version. */
  private static ProjectKey projectKey(String project, int version) {
    return ProjectKey.open(
        project, version, SecretBytes.copyOf(PROJECT_KEY), lasting(project), RANDOMNESS);
  }

  private static byte[] lasting(String project) {
    return SealedByHand.wrap(PROJECT_KEY, SECRET, 6, fields(project), SECRET);
  }

  private static void assertOpens(SecretBytes opened) {
    assertThat(opened.lend(byte[]::clone)).isEqualTo(SECRET);
  }

  private static void assertDoesNotOpen(Runnable opening) {
    assertThatThrownBy(opening::run)
        .isInstanceOfSatisfying(
            WrapDoesNotOpen.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(DoesNotOpen.Reason.COMMITMENT));
  }

  @ParameterizedTest
  @CsvSource({
    "0123456789abcdef0123456789abcdee, 1",
    "0123456789abcdef0123456789abcdef, 2",
  })
  void aSystemKey(String installation, int version) {
    byte[] wrapped = hierarchy(INSTALLATION).newSystemKey(1);

    hierarchy(INSTALLATION).openSystemKey(1, wrapped);
    assertDoesNotOpen(() -> hierarchy(installation).openSystemKey(version, wrapped));
  }

  @ParameterizedTest
  @CsvSource({
    "21111111111111111111111111111111, 1",
    "11111111111111111111111111111111, 2",
  })
  void aProjectKey(String project, int version) {
    Hierarchy hierarchy = hierarchy(INSTALLATION);
    Hierarchy.NewProjectKey made = hierarchy.newProjectKey(PROJECT);

    hierarchy.openProjectKey(PROJECT, 1, made.wrapped(), made.lasting()).close();
    assertThatThrownBy(
            () -> hierarchy.openProjectKey(project, version, made.wrapped(), made.lasting()))
        .isInstanceOf(WrapDoesNotOpen.class)
        .hasMessageStartingWith("The stored project key does not open");
  }

  @Test
  void theLastingKeyOfAProject() {
    String other = "2".repeat(32);

    ProjectKey.open(PROJECT, 1, SecretBytes.copyOf(PROJECT_KEY), lasting(PROJECT), RANDOMNESS)
        .close();
    assertDoesNotOpen(() ->
        ProjectKey.open(other, 1, SecretBytes.copyOf(PROJECT_KEY), lasting(PROJECT), RANDOMNESS));
  }

  private static final MaterialPlace MATERIAL =
      new MaterialPlace(KEY, 7, KeySpec.RSA_2048, KeyUsage.ENCRYPT_DECRYPT, Origin.EXTERNAL, "set");

  /** Each is {@link #MATERIAL} but for one field. */
  enum OtherMaterial {
    KEY_ID(
        new MaterialPlace(OTHER_KEY, 7, MATERIAL.spec(), MATERIAL.usage(), Origin.EXTERNAL, "set")),
    VERSION(new MaterialPlace(KEY, 8, MATERIAL.spec(), MATERIAL.usage(), Origin.EXTERNAL, "set")),
    SPEC(new MaterialPlace(KEY, 7, KeySpec.RSA_3072, MATERIAL.usage(), Origin.EXTERNAL, "set")),
    USAGE(new MaterialPlace(KEY, 7, MATERIAL.spec(), KeyUsage.SIGN_VERIFY, Origin.EXTERNAL, "set")),
    ORIGIN(new MaterialPlace(KEY, 7, MATERIAL.spec(), MATERIAL.usage(), Origin.KMS, "set")),
    NO_SET(new MaterialPlace(KEY, 7, MATERIAL.spec(), MATERIAL.usage(), Origin.EXTERNAL, "")),
    SET(new MaterialPlace(KEY, 7, MATERIAL.spec(), MATERIAL.usage(), Origin.EXTERNAL, "sets"));

    private final MaterialPlace place;

    OtherMaterial(MaterialPlace place) {
      this.place = place;
    }
  }

  @ParameterizedTest
  @EnumSource
  void keyMaterial(OtherMaterial other) {
    try (ProjectKey key = projectKey(PROJECT, 1)) {
      byte[] wrapped = key.wrapMaterial(MATERIAL, secret());

      assertOpens(key.unwrapMaterial(MATERIAL, wrapped));
      assertDoesNotOpen(() -> key.unwrapMaterial(other.place, wrapped));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "21111111111111111111111111111111, 1",
    "11111111111111111111111111111111, 2",
  })
  void keyMaterialOfAnotherProjectOrProjectKey(String project, int version) {
    try (ProjectKey key = projectKey(PROJECT, 1);
        ProjectKey other = projectKey(project, version)) {
      byte[] wrapped = key.wrapMaterial(MATERIAL, secret());

      assertDoesNotOpen(() -> other.unwrapMaterial(MATERIAL, wrapped));
    }
  }

  private static final ImportPlace IMPORT =
      new ImportPlace(KEY, "token", EncryptionAlgorithm.RSAES_OAEP_SHA_256, END);

  /** Each is {@link #IMPORT} but for one field. */
  enum OtherImport {
    KEY_ID(new ImportPlace(OTHER_KEY, "token", EncryptionAlgorithm.RSAES_OAEP_SHA_256, END)),
    TOKEN(new ImportPlace(KEY, "tokem", EncryptionAlgorithm.RSAES_OAEP_SHA_256, END)),
    ALGORITHM(new ImportPlace(KEY, "token", EncryptionAlgorithm.SM2_ENCRYPT, END)),
    END_OF_LIFE(
        new ImportPlace(KEY, "token", EncryptionAlgorithm.RSAES_OAEP_SHA_256, END.plusMillis(1)));

    private final ImportPlace place;

    OtherImport(ImportPlace place) {
      this.place = place;
    }
  }

  @ParameterizedTest
  @EnumSource
  void thePrivateHalfOfAWrappingKey(OtherImport other) {
    try (ProjectKey key = projectKey(PROJECT, 1)) {
      byte[] wrapped = key.wrapImportKey(IMPORT, secret());

      assertOpens(key.unwrapImportKey(IMPORT, wrapped));
      assertDoesNotOpen(() -> key.unwrapImportKey(other.place, wrapped));
    }
  }

  @Test
  void thePrivateHalfOfAWrappingKeyOfAnotherProject() {
    try (ProjectKey key = projectKey(PROJECT, 1);
        ProjectKey other = projectKey("2".repeat(32), 1)) {
      byte[] wrapped = key.wrapImportKey(IMPORT, secret());

      assertDoesNotOpen(() -> other.unwrapImportKey(IMPORT, wrapped));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "other, user, key, permanent",
    "account, other, key, permanent",
    "account, user, other, permanent",
    "account, user, key, temporary",
  })
  void aSecretAccessKey(String account, String user, String accessKey, String kind) {
    Hierarchy hierarchy = founded();
    Wrapped wrapped =
        hierarchy.wrapSecretAccessKey("account", "user", "key", "permanent", secret());

    assertOpens(hierarchy.unwrapSecretAccessKey("account", "user", "key", "permanent", wrapped));
    assertDoesNotOpen(
        () -> hierarchy.unwrapSecretAccessKey(account, user, accessKey, kind, wrapped));
  }

  @ParameterizedTest
  @CsvSource({"other, user", "account, other", "accountu, ser"})
  void aPasswordRecord(String account, String user) {
    Hierarchy hierarchy = founded();
    Wrapped wrapped = hierarchy.wrapPassword("account", "user", secret());

    assertOpens(hierarchy.unwrapPassword("account", "user", wrapped));
    assertDoesNotOpen(() -> hierarchy.unwrapPassword(account, user, wrapped));
  }

  @ParameterizedTest
  @CsvSource({
    "21111111111111111111111111111111, space, point, 1",
    "11111111111111111111111111111111, other, point, 1",
    "11111111111111111111111111111111, space, other, 1",
    "11111111111111111111111111111111, space, point, 2",
  })
  void thePrivateKeyOfAnAccessPoint(String project, String space, String point, int version) {
    try (ProjectKey key = projectKey(PROJECT, 1);
        ProjectKey other = projectKey(project, version)) {
      byte[] wrapped = key.wrapAccessPointKey("space", "point", secret());

      assertOpens(key.unwrapAccessPointKey("space", "point", wrapped));
      assertDoesNotOpen(() -> other.unwrapAccessPointKey(space, point, wrapped));
    }
  }
}
