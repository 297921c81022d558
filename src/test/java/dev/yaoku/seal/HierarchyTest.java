package dev.yaoku.seal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.crypto.DoesNotOpen;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.Origin;
import dev.yaoku.secret.SecretBytes;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hierarchy of keys: each wrap opens in its place and nowhere else. */
class HierarchyTest {
  private static final Randomness RANDOMNESS = Randomness.kernel();
  private static final String INSTALLATION = "0123456789abcdef0123456789abcdef";
  private static final String PROJECT = "11111111111111111111111111111111";
  private static final KeyId KEY = KeyId.parse("0d0466b0-e727-4d9c-b35d-f84bb474a37f");
  private static final MaterialPlace PLACE =
      new MaterialPlace(KEY, 1, KeySpec.AES_256, KeyUsage.ENCRYPT_DECRYPT, Origin.KMS, "");

  @TempDir Path directory;
  private @Nullable RootKey rootKey;

  @BeforeEach
  void aRootKey() throws Exception {
    rootKey = RootKey.create(directory.resolve("keys/root.key"), RANDOMNESS);
  }

  private RootKey root() {
    return java.util.Objects.requireNonNull(rootKey);
  }

  private Hierarchy hierarchy() {
    return new Hierarchy(root(), INSTALLATION, RANDOMNESS);
  }

  private static SecretBytes secret(int value) {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) value);
    return SecretBytes.take(bytes);
  }

  private static void assertDoesNotOpen(Runnable opening, DoesNotOpen.Reason reason) {
    assertThatThrownBy(opening::run)
        .isInstanceOfSatisfying(
            WrapDoesNotOpen.class, refusal -> assertThat(refusal.reason()).isEqualTo(reason));
  }

  @Test
  void aSystemKeyMadeTodayOpensTomorrow() {
    Hierarchy today = hierarchy();
    byte[] systemKey = today.newSystemKey(1);
    Wrapped password = today.wrapPassword("a", "u", secret(1));
    byte[] mac = today.rowMac(1, "keys", List.of(new byte[] {1}));

    Hierarchy tomorrow = hierarchy();
    tomorrow.openSystemKey(1, systemKey);

    assertThat(tomorrow.unwrapPassword("a", "u", password).matches(secret(1))).isTrue();
    assertThat(tomorrow.rowMac(1, "keys", List.of(new byte[] {1}))).isEqualTo(mac).hasSize(32);
  }

  @Test
  void aSystemKeyOfAnotherVersionInstallationOrRootDoesNotOpen() throws Exception {
    byte[] systemKey = hierarchy().newSystemKey(1);
    RootKey otherRoot = RootKey.create(directory.resolve("other/root.key"), RANDOMNESS);

    for (Hierarchy other :
        List.of(
            new Hierarchy(root(), "f".repeat(32), RANDOMNESS),
            new Hierarchy(otherRoot, INSTALLATION, RANDOMNESS))) {
      assertDoesNotOpen(() -> other.openSystemKey(1, systemKey), DoesNotOpen.Reason.COMMITMENT);
    }
    assertDoesNotOpen(() -> hierarchy().openSystemKey(2, systemKey), DoesNotOpen.Reason.COMMITMENT);
  }

  @Test
  void whatStandsForAnAccountThatIsNotThereStaysWhateverSystemKeyIsInUse() {
    Hierarchy today = hierarchy();
    byte[] systemKey = today.newSystemKey(1);
    String absent = today.absentAccount("nowhere");
    today.newSystemKey(2);

    Hierarchy tomorrow = hierarchy();
    tomorrow.openSystemKey(1, systemKey);

    assertThat(today.absentAccount("nowhere")).isEqualTo(absent);
    assertThat(tomorrow.absentAccount("nowhere")).isEqualTo(absent);
    assertThat(tomorrow.absentAccount("elsewhere")).isNotEqualTo(absent);
    Hierarchy another = hierarchy();
    another.newSystemKey(1);
    assertThat(another.absentAccount("nowhere")).isNotEqualTo(absent);
  }

  @Test
  void aDamagedWrapIsToldFromAWrongKey() {
    byte[] systemKey = hierarchy().newSystemKey(1);
    systemKey[systemKey.length - 20] ^= 1;

    assertDoesNotOpen(() -> hierarchy().openSystemKey(1, systemKey), DoesNotOpen.Reason.TAG);
    assertDoesNotOpen(() -> hierarchy().openSystemKey(1, new byte[10]), DoesNotOpen.Reason.FORM);
  }

  @Test
  void credentialsOpenForTheirOwnerOnlyAndUnderTheVersionThatWrappedThem() {
    Hierarchy hierarchy = hierarchy();
    hierarchy.newSystemKey(1);
    Wrapped old = hierarchy.wrapSecretAccessKey("a", "u", "k", "permanent", secret(1));
    hierarchy.newSystemKey(2);
    Wrapped young = hierarchy.wrapSecretAccessKey("a", "u", "k", "permanent", secret(2));

    assertThat(old.keyVersion()).isEqualTo(1);
    assertThat(young.keyVersion()).isEqualTo(2);
    for (Wrapped wrapped : List.of(old, young)) {
      SecretBytes opened = hierarchy.unwrapSecretAccessKey("a", "u", "k", "permanent", wrapped);
      assertThat(opened.matches(secret(wrapped.keyVersion()))).isTrue();
      assertDoesNotOpen(
          () -> hierarchy.unwrapSecretAccessKey("a", "other", "k", "permanent", wrapped),
          DoesNotOpen.Reason.COMMITMENT);
      assertDoesNotOpen(
          () -> hierarchy.unwrapSecretAccessKey("a", "u", "k", "temporary", wrapped),
          DoesNotOpen.Reason.COMMITMENT);
      assertDoesNotOpen(() -> hierarchy.unwrapPassword("a", "u", wrapped), DoesNotOpen.Reason.FORM);
      assertDoesNotOpen(
          () ->
              hierarchy.unwrapSecretAccessKey(
                  "a",
                  "u",
                  "k",
                  "permanent",
                  new Wrapped(3 - wrapped.keyVersion(), wrapped.bytes())),
          DoesNotOpen.Reason.COMMITMENT);
    }
    assertThatThrownBy(() -> hierarchy.unwrapPassword("a", "u", new Wrapped(3, old.bytes())))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theMacOfARowTellsTableColumnsAndNullApart() {
    Hierarchy hierarchy = hierarchy();
    hierarchy.newSystemKey(1);
    byte[] a = {'a'};
    byte[] nothing = {};

    List<byte[]> macs =
        List.of(
            hierarchy.rowMac(1, "t", Arrays.<byte @Nullable []>asList(a, null)),
            hierarchy.rowMac(1, "t", List.of(a, nothing)),
            hierarchy.rowMac(1, "t", List.of(nothing, a)),
            hierarchy.rowMac(1, "t", List.of(a)),
            hierarchy.rowMac(1, "ta", List.of(nothing)),
            hierarchy.rowMac(1, "u", List.of(a)));

    assertThat(macs.stream().map(Arrays::toString).distinct()).hasSize(macs.size());
  }

  @Test
  void aRowIsEncodedAsSpecified() {
    assertThat(RowEncoding.of("t", Arrays.<byte @Nullable []>asList(new byte[] {7, 8}, null)))
        .isEqualTo(new byte[] {0, 0, 0, 1, 't', 0, 0, 0, 2, 0, 0, 0, 2, 7, 8, -1, -1, -1, -1});
  }

  @Test
  void materialOpensInItsPlaceOnly() {
    Hierarchy hierarchy = hierarchy();
    Hierarchy.NewProjectKey made = hierarchy.newProjectKey(PROJECT);
    ProjectKey key =
        hierarchy.openProjectKey(PROJECT, made.version(), made.wrapped(), made.lasting());
    byte[] wrapped = key.wrapMaterial(PLACE, secret(3));

    assertThat(key.unwrapMaterial(PLACE, wrapped).matches(secret(3))).isTrue();
    KeyId otherKey = KeyId.parse("0d0466b0-e727-4d9c-b35d-f84bb474a37e");
    for (MaterialPlace other :
        List.of(
            new MaterialPlace(otherKey, 1, PLACE.spec(), PLACE.usage(), Origin.KMS, ""),
            new MaterialPlace(KEY, 2, PLACE.spec(), PLACE.usage(), Origin.KMS, ""),
            new MaterialPlace(KEY, 1, PLACE.spec(), KeyUsage.SIGN_VERIFY, Origin.KMS, ""),
            new MaterialPlace(KEY, 1, PLACE.spec(), PLACE.usage(), Origin.EXTERNAL, ""),
            new MaterialPlace(KEY, 1, PLACE.spec(), PLACE.usage(), Origin.KMS, "set"))) {
      assertDoesNotOpen(() -> key.unwrapMaterial(other, wrapped), DoesNotOpen.Reason.COMMITMENT);
    }
  }

  @Test
  void aProjectKeyOpensForItsProjectAndVersionOnly() {
    Hierarchy hierarchy = hierarchy();
    Hierarchy.NewProjectKey made = hierarchy.newProjectKey(PROJECT);
    Hierarchy.NewProjectKey other = hierarchy.newProjectKey("2".repeat(32));

    assertDoesNotOpen(
        () -> hierarchy.openProjectKey("2".repeat(32), 1, made.wrapped(), made.lasting()),
        DoesNotOpen.Reason.COMMITMENT);
    assertDoesNotOpen(
        () -> hierarchy.openProjectKey(PROJECT, 2, made.wrapped(), made.lasting()),
        DoesNotOpen.Reason.COMMITMENT);
    assertDoesNotOpen(
        () -> hierarchy.openProjectKey(PROJECT, 1, made.wrapped(), other.lasting()),
        DoesNotOpen.Reason.COMMITMENT);
  }

  @Test
  void theNextProjectKeyWrapsAnewButRecognisesWhatTheOldOneKnew() {
    Hierarchy hierarchy = hierarchy();
    Hierarchy.NewProjectKey made = hierarchy.newProjectKey(PROJECT);
    ProjectKey first = hierarchy.openProjectKey(PROJECT, 1, made.wrapped(), made.lasting());
    Hierarchy.NewProjectKey next = hierarchy.nextProjectKey(first);
    ProjectKey second =
        hierarchy.openProjectKey(PROJECT, next.version(), next.wrapped(), next.lasting());

    assertThat(second.version()).isEqualTo(2);
    assertThat(second.fingerprint(KEY, secret(4)))
        .hasSize(32)
        .isEqualTo(first.fingerprint(KEY, secret(4)))
        .isNotEqualTo(first.fingerprint(KEY, secret(5)));
    assertThat(second.search(new byte[5])).hasSize(16).isEqualTo(first.search(new byte[5]));
    byte[] wrapped = first.wrapMaterial(PLACE, secret(3));
    assertDoesNotOpen(() -> second.unwrapMaterial(PLACE, wrapped), DoesNotOpen.Reason.COMMITMENT);
  }

  @Test
  void aClosedProjectKeyDoesNothing() {
    Hierarchy hierarchy = hierarchy();
    Hierarchy.NewProjectKey made = hierarchy.newProjectKey(PROJECT);
    ProjectKey key = hierarchy.openProjectKey(PROJECT, 1, made.wrapped(), made.lasting());
    key.close();

    assertThatThrownBy(() -> key.wrapMaterial(PLACE, secret(1)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void thePrivateKeyOfAnAccessPointOpensAtItsPlaceOnly() {
    Hierarchy hierarchy = hierarchy();
    hierarchy.newSystemKey(1);
    Hierarchy.NewProjectKey first = hierarchy.newProjectKey(PROJECT);
    try (ProjectKey key = hierarchy.openProjectKey(PROJECT, 1, first.wrapped(), first.lasting())) {
      byte[] wrapped = key.wrapAccessPointKey("space", "point", secret(9));

      assertThat(key.unwrapAccessPointKey("space", "point", wrapped).matches(secret(9))).isTrue();
      assertThat(wrapped).startsWith(0x59, 1, 1, 0x8b);
      assertThat(key.wrapPin("0", secret(9))).startsWith(0x59, 1, 1, 0x8c);
      assertDoesNotOpen(
          () -> key.unwrapAccessPointKey("space", "other", wrapped), DoesNotOpen.Reason.COMMITMENT);
      assertDoesNotOpen(
          () -> key.unwrapAccessPointKey("other", "point", wrapped), DoesNotOpen.Reason.COMMITMENT);
      assertDoesNotOpen(
          () -> key.unwrapAccessPointKey("spacepo", "int", wrapped), DoesNotOpen.Reason.COMMITMENT);
      assertDoesNotOpen(() -> key.unwrapMaterial(PLACE, wrapped), DoesNotOpen.Reason.FORM);
      Hierarchy.NewProjectKey second = hierarchy.nextProjectKey(key);
      try (ProjectKey next =
          hierarchy.openProjectKey(PROJECT, 2, second.wrapped(), second.lasting())) {
        assertDoesNotOpen(
            () -> next.unwrapAccessPointKey("space", "point", wrapped),
            DoesNotOpen.Reason.COMMITMENT);
      }
    }
  }
}
