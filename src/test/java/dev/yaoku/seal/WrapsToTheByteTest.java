package dev.yaoku.seal;

import static dev.yaoku.seal.SealedByHand.fields;
import static dev.yaoku.seal.SealedByHand.hmac;
import static dev.yaoku.seal.SealedByHand.join;
import static dev.yaoku.seal.SealedByHand.lp;
import static dev.yaoku.seal.SealedByHand.repeated;
import static dev.yaoku.seal.SealedByHand.row;
import static dev.yaoku.seal.SealedByHand.subkey;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.crypto.Text;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.Origin;
import dev.yaoku.secret.PrivateFiles;
import dev.yaoku.secret.SecretBytes;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the database holds, to the byte. Each value stands here three times: as the server makes it,
 * built from the documented construction, and as a constant that was computed apart, so that a
 * change of the format is seen even where sealing and opening change together.
 *
 * <p>The root key is the bytes 00 to 1f, the random bytes of every nonce are all aa.
 */
class WrapsToTheByteTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final String INSTALLATION = "0123456789abcdef0123456789abcdef";
  private static final String PROJECT = "11111111111111111111111111111111";
  private static final KeyId KEY = KeyId.parse("0d0466b0-e727-4d9c-b35d-f84bb474a37f");
  private static final String ACCOUNT = "a".repeat(32);
  private static final String USER = "d".repeat(32);
  private static final String ACCESS_KEY = "YKABCDEFGHIJKLMNOPQR";

  private static final byte[] ROOT = ascending();
  private static final byte[] SYSTEM = repeated(9, 32);
  private static final byte[] LASTING = repeated(10, 32);
  private static final byte[] PROJECT_KEY = repeated(11, 32);

  @TempDir Path directory;
  private @Nullable Hierarchy opened;

  private static byte[] ascending() {
    byte[] key = new byte[32];
    for (int i = 0; i < key.length; i++) {
      key[i] = (byte) i;
    }
    return key;
  }

  /** The n-th key is n times 32; eight are drawn at the start. What hedges nonces is all aa. */
  private static Randomness counting() {
    AtomicInteger keys = new AtomicInteger();
    return Randomness.of(
        length -> repeated(length == 32 ? keys.incrementAndGet() : 0xaa, length), () -> {});
  }

  @BeforeEach
  void aHierarchy() throws Exception {
    PrivateFiles.directory(directory.resolve("keys"));
    Path file = directory.resolve("keys/root.key");
    PrivateFiles.create(file, ROOT.clone());
    try (RootKey root = RootKey.read(file)) {
      opened = new Hierarchy(root, INSTALLATION, counting());
    }
  }

  @AfterEach
  void close() {
    hierarchy().close();
  }

  private Hierarchy hierarchy() {
    return Objects.requireNonNull(opened);
  }

  /** A hierarchy whose system key is {@link #SYSTEM}. */
  private Hierarchy founded() {
    hierarchy().newSystemKey(1);
    return hierarchy();
  }

  /** The first key of the project, {@link #PROJECT_KEY} with {@link #LASTING}. */
  private ProjectKey projectKey() {
    Hierarchy.NewProjectKey made = founded().newProjectKey(PROJECT);
    return hierarchy().openProjectKey(PROJECT, 1, made.wrapped(), made.lasting());
  }

  private static SecretBytes secret(int value) {
    return SecretBytes.take(repeated(value, 32));
  }

  private static byte[] byHand(byte[] key, int purpose, byte[] secret, Object... fields) {
    return SealedByHand.wrap(key, repeated(0xaa, 32), purpose, fields(fields), secret);
  }

  private static void assertIs(byte[] made, byte[] byHand, String golden) {
    assertThat(HEX.formatHex(byHand)).as("as the document says").isEqualTo(golden);
    assertThat(HEX.formatHex(made)).as("as the server does").isEqualTo(golden);
  }

  private static void assertHolds(SecretBytes unwrapped, byte[] secret) {
    assertThat(unwrapped.lend(byte[]::clone)).isEqualTo(secret);
    unwrapped.close();
  }

  @Test
  void wrap2HoldsTheSystemKey() {
    assertIs(
        hierarchy().newSystemKey(1),
        byHand(ROOT, 2, SYSTEM, INSTALLATION, 1),
        "59010182742acc3f0708fe8d271b4a40d138135a39c8bfc1631d71d2d9e786aded2e40ecc35a50cc"
            + "2fe5dc77db229c3e47e0e284891b09d3a99a18451a7c1a5700c64f116e7afafade96a64d75693ba1"
            + "58d5c9c495dfaa9447bedb31406563f0fb716389326762994a9e81ce");
  }

  @Test
  void wraps3And6HoldTheKeyAndTheLastingKeyOfAProject() {
    Hierarchy.NewProjectKey made = founded().newProjectKey(PROJECT);

    assertIs(
        made.wrapped(),
        byHand(ROOT, 3, PROJECT_KEY, PROJECT, 1),
        "590101836d0014ee1f116c0fafeeef5e904fb9fa675566d7a29238b8e908f5b3ecfff7f96975b21a"
            + "1cfccd42ff095463b931362a2d986fc6e493cc753855dc4fe0baf72507b1edf0ebb5b184b061c0ae"
            + "f28af25ec5bddc6f36c66fae5d6de5da0871d69324fa87e06572e9a0");
    assertIs(
        made.lasting(),
        byHand(PROJECT_KEY, 6, LASTING, PROJECT),
        "5901018634ac54be75719f19f665655ca6e882b85552ecbca6e603baacef7fc02aa49fbca7f6dd9d"
            + "ef06bcd7aff01c86aa0a4f30186e9838e1d43321433b596c33f55e206e004b6203baf195f3b640a0"
            + "b16c107684ca51d0fd7c8f44bcb0d91427d55469f604322c5c48671b");
    try (ProjectKey key = hierarchy().openProjectKey(PROJECT, 1, made.wrapped(), made.lasting())) {
      assertThat(key.<byte[]>lendLasting(s -> s.lend(byte[]::clone))).isEqualTo(LASTING);
    }
  }

  @Test
  void wrap4HoldsMaterialThatWasBrought() {
    MaterialPlace place =
        new MaterialPlace(
            KEY, 7, KeySpec.AES_256, KeyUsage.ENCRYPT_DECRYPT, Origin.EXTERNAL, "b".repeat(32));
    try (ProjectKey key = projectKey()) {
      byte[] wrapped = key.wrapMaterial(place, secret(3));

      assertIs(
          wrapped,
          byHand(
              PROJECT_KEY,
              4,
              repeated(3, 32),
              PROJECT,
              "0d0466b0-e727-4d9c-b35d-f84bb474a37f",
              7,
              "AES_256",
              "ENCRYPT_DECRYPT",
              "external",
              "b".repeat(32),
              1),
          "59010184409dc6db983cb0f19bdcc2e7755c4faae05667c7bb062fe88489bdd5659cc6ae50d34715"
              + "166d6158a6defdf840588ca03f9555038a836cf7ef8d3f476f25c1bc352ad92ff6b7dd9fafe47df3"
              + "a33425f61bf63433dc3e78c9abb444664939a0bb3f4da91a388f56b6");
      assertHolds(key.unwrapMaterial(place, wrapped), repeated(3, 32));
    }
  }

  @Test
  void wrap4HoldsMaterialThatWasMadeHere() {
    MaterialPlace place =
        new MaterialPlace(KEY, 7, KeySpec.AES_256, KeyUsage.ENCRYPT_DECRYPT, Origin.KMS, "");
    try (ProjectKey key = projectKey()) {
      assertIs(
          key.wrapMaterial(place, secret(3)),
          byHand(
              PROJECT_KEY,
              4,
              repeated(3, 32),
              PROJECT,
              "0d0466b0-e727-4d9c-b35d-f84bb474a37f",
              7,
              "AES_256",
              "ENCRYPT_DECRYPT",
              "kms",
              "",
              1),
          "5901018404d4902b63b8ac59d04d2d4b0dbb6e006fff8ace3f8f0a8c8206ef14e64ebf4dd9246a29"
              + "fc4a86395c051624da08349930fdc69d9e0eb778fcd322b4bab4421f4c5fa6389facd3762fdd5f06"
              + "e370dc09ab851cb8dfb5bbc95c4a77ab55b2dc93a00c0ffbdbf702f1");
    }
  }

  @Test
  void wrap5HoldsThePrivateHalfOfAWrappingKey() {
    ImportPlace place =
        new ImportPlace(
            KEY,
            "c".repeat(32),
            EncryptionAlgorithm.RSAES_OAEP_SHA_256,
            Instant.parse("2026-01-01T00:00:00.123Z"));
    try (ProjectKey key = projectKey()) {
      byte[] wrapped = key.wrapImportKey(place, secret(4));

      assertIs(
          wrapped,
          byHand(
              PROJECT_KEY,
              5,
              repeated(4, 32),
              PROJECT,
              "0d0466b0-e727-4d9c-b35d-f84bb474a37f",
              "c".repeat(32),
              "RSAES_OAEP_SHA_256",
              1_767_225_600_123L),
          "5901018535d9ea5b77e81f111878051dc42bb813d9b76bfe7556a6875de83a913a50c4a7f47631a8"
              + "ab8fef0b10682aeceb22ba234ef9fd9ca7ef321af58fe3dcf4a5322e9a99b64558645359cb891b29"
              + "eead9df00f72f80225d142de36bc4fb08fc1f530be9890139c74552e");
      assertHolds(key.unwrapImportKey(place, wrapped), repeated(4, 32));
    }
  }

  @Test
  void wrap7HoldsASecretAccessKey() {
    byte[] secret = Text.utf8("5".repeat(40));
    Wrapped wrapped =
        founded()
            .wrapSecretAccessKey(
                ACCOUNT, USER, ACCESS_KEY, "permanent", SecretBytes.copyOf(secret));

    assertThat(wrapped.keyVersion()).isEqualTo(1);
    assertIs(
        wrapped.bytes(),
        byHand(SYSTEM, 7, secret, ACCOUNT, USER, ACCESS_KEY, "permanent"),
        "590101871528d353b42ce573d01f8c428245475213dbeeb73d39dee76a5b757999edc7686d2d9497"
            + "4382027dba955ebbfb42f6483633b4418a0c83951c7171cd1d27e0dbe4572cd6a16e611b8af5786e"
            + "4b112820abc7af0fa4dc274d00ccabc031bc643d0a1473b21e7393525de0946365eed175");
    assertHolds(
        hierarchy().unwrapSecretAccessKey(ACCOUNT, USER, ACCESS_KEY, "permanent", wrapped), secret);
  }

  @Test
  void wrap8HoldsAPasswordRecord() {
    byte[] record = Text.utf8("$argon2id$");
    Wrapped wrapped = founded().wrapPassword(ACCOUNT, USER, SecretBytes.copyOf(record));

    assertIs(
        wrapped.bytes(),
        byHand(SYSTEM, 8, record, ACCOUNT, USER),
        "59010188c12296c0f913b9526126286226fd86b71c7c3ec6f673e236305b3b6ac0ede11f03aca123"
            + "009883e835122d3a1fb6ec02ef3c465aa6d9558084cd17e6ae1d7e1395439fdd9506579a7a631803"
            + "c166a5123865");
    assertHolds(hierarchy().unwrapPassword(ACCOUNT, USER, wrapped), record);
  }

  @Test
  void wrap11HoldsThePrivateKeyOfAnAccessPoint() {
    try (ProjectKey key = projectKey()) {
      byte[] wrapped = key.wrapAccessPointKey("2", "e".repeat(32), secret(5));

      assertIs(
          wrapped,
          byHand(PROJECT_KEY, 11, repeated(5, 32), PROJECT, "2", "e".repeat(32), 1),
          "5901018b2202f95bad5f5db2c2c86fa843e8c7f14766d2c6e87edf9851fb3472e0b9de73dc2be609"
              + "dcb8519e43a224a0f722aba2de8344c9ac5a7598c927c66987e71ba7a7794d98ffa7c758bdcd8b27"
              + "f4c8dd6f660b277c8ba4a160662d1246e7880ef2a10f62251a7db64d");
      assertHolds(key.unwrapAccessPointKey("2", "e".repeat(32), wrapped), repeated(5, 32));
    }
  }

  @Test
  void wrap12HoldsAPin() {
    byte[] pin = Text.utf8("0123456789ABCDEF");
    try (ProjectKey key = projectKey()) {
      assertIs(
          key.wrapPin("2", SecretBytes.copyOf(pin)),
          byHand(PROJECT_KEY, 12, pin, PROJECT, "2"),
          "5901018c368fa5c3d2c6cb8c1dee050878d484ecf17a29aced696ec55f7de7882a9ca90546d1f7f3"
              + "18c19ef074215916b0ad299ad71a5fa5d6afd56f465c5f2b013ca798afa2374275f61d9e50ffd44f"
              + "2a33c94fa396acf0fc1d0f34");
    }
  }

  /** HMAC-SHA-256(lasting.import, LP(key id) ‖ LP(material)). */
  @Test
  void materialIsRecognisedByAFingerprintThatBindsTheKey() {
    byte[] id = Text.utf8("0d0466b0-e727-4d9c-b35d-f84bb474a37f");
    try (ProjectKey key = projectKey()) {
      assertIs(
          key.fingerprint(KEY, secret(6)),
          hmac(subkey(LASTING, "import"), lp(id), lp(repeated(6, 32))),
          "46c1fca25461ccc37d886a5008548ff01a5f230776efe2d0ec2d6c09b7358d9f");
    }
  }

  /** The first 16 bytes of HMAC-SHA-256(lasting.search, rest). */
  @Test
  void theLogFindsAssociatedDataByTheLabelOfSearches() {
    byte[] rest =
        join(
            lp(Text.utf8("purpose=test")), new byte[] {2, 0, 0, 0, 2}, fields("app", "a", "b", ""));
    try (ProjectKey key = projectKey()) {
      assertIs(
          key.search(rest),
          Arrays.copyOf(hmac(subkey(LASTING, "search"), rest), 16),
          "51fc08e00fbe11f9ea60730f4a511fd2");
    }
  }

  /** HMAC-SHA-256(system.row, LP(table) ‖ u32 columns ‖ LP of each). */
  @Test
  void theMacOfARowIsMadeByTheLabelOfRows() {
    byte[] column = {7, 8};
    byte[] empty = {};
    assertIs(
        founded().rowMac(1, "t", Arrays.<byte @Nullable []>asList(column, null, empty)),
        hmac(subkey(SYSTEM, "row"), row("t", column, null, empty)),
        "527a0db7dba6d94d7c3ca54bf4dd162f3a6f31a1397a5f9c0dc1389c1e8d4f6f");
  }
}
