package dev.yaoku.store;

import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyPolicy;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.MultiRegion;
import dev.yaoku.key.OpeningPolicy;
import dev.yaoku.key.Origin;
import dev.yaoku.key.Rotation;
import dev.yaoku.key.SetMember;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/** Rows to test with. */
final class Samples {
  static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  static final String ACCOUNT = "a".repeat(32);
  static final String PROJECT = "b".repeat(32);
  static final String OTHER_PROJECT = "c".repeat(32);

  private Samples() {}

  /** Inserts keys; true, for a transaction that answers nothing else. */
  static boolean insert(Writing tx, Key... keys) {
    for (Key key : keys) {
      tx.insert(key);
    }
    return true;
  }

  static KeyId id(int n) {
    return new KeyId(new UUID(0x1111_2222_3333_4444L, n).toString());
  }

  static Key key(int n) {
    return key(n, PROJECT, new KeyState.Enabled());
  }

  static Key key(int n, String project, KeyState state) {
    return new Key(
        id(n),
        ACCOUNT,
        project,
        "key-" + n,
        "",
        KeySpec.AES_256,
        KeyUsage.ENCRYPT_DECRYPT,
        Origin.KMS,
        state,
        NOW.plusMillis(n),
        "region-1",
        "0",
        "0",
        false,
        1,
        Rotation.NONE,
        null,
        MultiRegion.NONE,
        1);
  }

  /** A key with a value in every member that can be null. */
  static Key fullKey(int n) {
    return new Key(
        id(n),
        ACCOUNT,
        PROJECT,
        "key-" + n,
        "钥库 \uD83D\uDD11",
        KeySpec.AES_256,
        KeyUsage.ENCRYPT_DECRYPT,
        Origin.EXTERNAL,
        new KeyState.PendingDeletion(NOW.plus(Duration.ofDays(7))),
        NOW,
        "region-1",
        UUID.nameUUIDFromBytes(new byte[] {(byte) n}).toString(),
        "keystore-1",
        false,
        3,
        new Rotation(true, 90, NOW.plusSeconds(9), NOW.minusSeconds(9), 2),
        NOW.plus(Duration.ofDays(30)),
        new MultiRegion(MultiRegion.Role.PRIMARY, "set-1"),
        1);
  }

  static SetMember setMember(int n) {
    return new SetMember(id(n), "set-1", ACCOUNT, PROJECT, "region-" + n, NOW.plusMillis(n));
  }

  static KeyVersion version(int n, int number) {
    return new KeyVersion(
        id(n),
        number,
        new UUID(n, number).toString(),
        bytes("wrapped " + n + " " + number),
        1,
        bytes("fingerprint"),
        false,
        NOW,
        NOW.plus(Duration.ofDays(3)),
        1);
  }

  static Rows.ImportToken importToken(int n) {
    return new Rows.ImportToken(
        Integer.toHexString(n).repeat(32),
        id(1),
        Integer.toHexString(n).repeat(64),
        EncryptionAlgorithm.RSAES_OAEP_SHA_256,
        bytes("wrapped " + n),
        1,
        0,
        NOW,
        NOW.plusSeconds(n),
        1);
  }

  static Keystore keystore(int n) {
    return new Keystore(
        new UUID(5, n).toString(),
        ACCOUNT,
        PROJECT,
        "keystore-" + n,
        "DHSM",
        "cluster-" + n,
        false,
        NOW.plusMillis(n),
        1);
  }

  static KeyPolicy keyPolicy(int n) {
    return new KeyPolicy(
        new UUID(6, n).toString(),
        ACCOUNT,
        PROJECT,
        new UUID(7, 1).toString(),
        "policy-" + n,
        new OpeningPolicy(
            "1.0",
            new OpeningPolicy.Period(NOW, NOW.plusSeconds(n)),
            List.of(new UUID(8, n).toString()),
            List.of("zone 钥库")),
        "description",
        "user-" + n,
        NOW,
        NOW.plusMillis(n),
        NOW.plusSeconds(n),
        1);
  }

  static AccessPoint accessPoint(int n) {
    return new AccessPoint(
        new UUID(8, n).toString(),
        ACCOUNT,
        PROJECT,
        new UUID(7, 1).toString(),
        "access-point-" + n,
        AccessPoint.Kind.CUSTOM,
        "identity-" + n,
        "cluster-" + n,
        "description",
        true,
        bytes("private key " + n),
        1,
        false,
        "user-" + n,
        NOW,
        NOW.plusMillis(n),
        1);
  }

  static Rows.Account account(int n) {
    return new Rows.Account("account-" + n, "name-" + n, true, NOW, 1);
  }

  static Rows.Project project(int n) {
    return new Rows.Project("project-" + n, ACCOUNT, "name-" + n, "region-1", true, NOW, 1);
  }

  static Rows.User user(int n) {
    return new Rows.User(
        "user-" + n, ACCOUNT, "name-" + n, bytes("password " + n), 1, n == 1, true, NOW, 1);
  }

  static Rows.AccessKey accessKey(int n) {
    return new Rows.AccessKey(
        "YK" + "0".repeat(17) + n, ACCOUNT, "user-" + n, bytes("secret " + n), 1, true, NOW, 1);
  }

  static Rows.Token token(int n) {
    return new Rows.Token(
        Integer.toHexString(n).repeat(64),
        ACCOUNT,
        "user-" + n,
        PROJECT,
        false,
        "password",
        "f".repeat(64),
        NOW,
        NOW.plusSeconds(n),
        Rows.Lineage.NONE,
        1);
  }

  static Rows.Token roleToken(int n) {
    Rows.Token plain = token(n);
    return new Rows.Token(
        plain.sha256(),
        plain.account(),
        plain.user(),
        null,
        true,
        "assume_role",
        null,
        NOW,
        plain.expiresAt(),
        new Rows.Lineage("agency-1", "\u001e{}\n", "session", "YK" + "0".repeat(18)),
        1);
  }

  static Rights.Group group(int n) {
    return new Rights.Group("group-" + n, ACCOUNT, "name-" + n, "for tests", NOW, 1);
  }

  static Rights.Membership membership(int group, int user) {
    return new Rights.Membership(
        "group-" + group, "user-" + user, ACCOUNT, NOW.plusSeconds(user), 1);
  }

  static Rights.Policy policy(int n) {
    return new Rights.Policy(
        "policy-" + n, ACCOUNT, "name-" + n, "for tests", "XA", "{}", NOW, NOW.plusSeconds(1), 1);
  }

  static Rights.Attachment attachment(
      Rights.HolderKind kind, String holder, String scope, int policy) {
    return new Rights.Attachment(kind, holder, scope, "policy-" + policy, ACCOUNT, NOW, 1);
  }

  static Rights.Agency agency(int n) {
    return new Rights.Agency(
        "agency-" + n, ACCOUNT, "name-" + n, "account-2", "for tests", 86_400, NOW, 1);
  }

  static Rights.TemporaryKey temporaryKey(int n) {
    return new Rights.TemporaryKey(
        "YK" + "1".repeat(17) + n,
        ACCOUNT,
        "user-" + n,
        "agency-" + n,
        bytes("secret " + n),
        1,
        Integer.toHexString(n).repeat(64),
        "f".repeat(64),
        "\u001e{}\n",
        "session",
        PROJECT,
        NOW,
        NOW.plusSeconds(n),
        1);
  }

  static Rights.IdentityProvider identityProvider(int n) {
    return new Rights.IdentityProvider(
        "provider-" + n,
        ACCOUNT,
        "name-" + n,
        "for tests",
        "https://issuer.example",
        "yaoku",
        "RS256\nES256",
        "https://issuer.example/jwks",
        "",
        "{}",
        true,
        NOW,
        n % 2 == 0,
        n,
        1);
  }

  static Rights.ClientCa clientCa(int n) {
    return new Rights.ClientCa(ACCOUNT, "ca-" + n, "PEM", "e".repeat(64), true, NOW, n % 2 == 0, 1);
  }

  static Rights.CertificateUser certificateUser(int n) {
    return new Rights.CertificateUser(ACCOUNT, "ca-1", "DNS:host-" + n, "user-" + n, NOW, 1);
  }

  static Rows.SystemKey systemKey(int version) {
    return new Rows.SystemKey(version, bytes("system key " + version), NOW);
  }

  static Rows.ProjectKey projectKey(int version) {
    return new Rows.ProjectKey(
        PROJECT, version, bytes("project key " + version), bytes("lasting"), NOW, 1);
  }

  static AuditRow event(String text) {
    return new AuditRow(NOW.toEpochMilli(), ACCOUNT, bytes(text));
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
