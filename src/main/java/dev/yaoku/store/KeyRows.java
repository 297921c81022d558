package dev.yaoku.store;

import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.MultiRegion;
import dev.yaoku.key.MultiRegion.Role;
import dev.yaoku.key.Origin;
import dev.yaoku.key.Rotation;
import dev.yaoku.key.SetMember;
import dev.yaoku.store.KeyFilter.StateName;

/** Keys, their versions and keystores, as rows and back. */
final class KeyRows {
  static final String PRIMARY = "primary:";
  static final String REPLICA = "replica:";

  private KeyRows() {}

  static Key key(Row row) {
    return new Key(
        new KeyId(row.text("id")),
        row.text("account"),
        row.text("project"),
        row.text("name"),
        row.text("description"),
        KeySpec.valueOf(row.text("spec")),
        KeyUsage.valueOf(row.text("usage")),
        Origin.valueOf(row.text("origin")),
        state(row),
        row.instant("created_at"),
        row.text("realm"),
        row.text("enterprise_project"),
        row.text("keystore"),
        row.flag("is_default"),
        row.integer("current_version"),
        rotation(row),
        row.instantOrNull("material_expires_at"),
        multiRegion(row.text("replica_set")),
        row.rowVersion());
  }

  private static KeyState state(Row row) {
    return switch (StateName.valueOf(row.text("state"))) {
      case ENABLED -> new KeyState.Enabled();
      case DISABLED -> new KeyState.Disabled();
      case PENDING_IMPORT -> new KeyState.PendingImport();
      case PENDING_DELETION -> new KeyState.PendingDeletion(row.instant("deletion_at"));
    };
  }

  private static Rotation rotation(Row row) {
    return new Rotation(
        row.flag("rotation_enabled"),
        row.integer("rotation_interval_days"),
        row.instantOrNull("rotation_due_at"),
        row.instantOrNull("rotation_last_at"),
        row.integer("rotation_count"));
  }

  /** The set, with the key's role before it; empty for a key that is alone. */
  private static String text(MultiRegion standing) {
    return switch (standing.role()) {
      case SINGLE -> "";
      case PRIMARY -> PRIMARY + standing.set();
      case REPLICA -> REPLICA + standing.set();
    };
  }

  private static MultiRegion multiRegion(String text) {
    if (text.isEmpty()) {
      return MultiRegion.NONE;
    }
    return text.startsWith(PRIMARY)
        ? new MultiRegion(Role.PRIMARY, text.substring(PRIMARY.length()))
        : new MultiRegion(Role.REPLICA, text.substring(REPLICA.length()));
  }

  static SetMember setMember(Row row) {
    return new SetMember(
        new KeyId(row.text("key_id")),
        row.text("replica_set"),
        row.text("account"),
        row.text("project"),
        row.text("region"),
        row.instant("created_at"));
  }

  static Row row(SetMember member) {
    return Row.of(Tables.SET_MEMBER)
        .set("key_id", member.key().text())
        .set("replica_set", member.set())
        .set("account", member.account())
        .set("project", member.project())
        .set("region", member.region())
        .set("created_at", member.since());
  }

  static StateName stateName(KeyState state) {
    return switch (state) {
      case KeyState.Enabled _ -> StateName.ENABLED;
      case KeyState.Disabled _ -> StateName.DISABLED;
      case KeyState.PendingImport _ -> StateName.PENDING_IMPORT;
      case KeyState.PendingDeletion _ -> StateName.PENDING_DELETION;
    };
  }

  /** Everything but number and tag digest, which only the store knows. */
  static Row row(Key key, Row onto) {
    Rotation rotation = key.rotation();
    return onto.set("id", key.id().text())
        .set("account", key.account())
        .set("project", key.project())
        .set("name", key.name())
        .set("description", key.description())
        .set("spec", key.spec().name())
        .set("usage", key.usage().name())
        .set("origin", key.origin().name())
        .set("state", stateName(key.state()).name())
        .set("deletion_at", key.state() instanceof KeyState.PendingDeletion(var at) ? at : null)
        .set("created_at", key.createdAt())
        .set("realm", key.realm())
        .set("enterprise_project", key.enterpriseProject())
        .set("keystore", key.keystore())
        .set("is_default", key.isDefault())
        .set("current_version", key.currentVersion())
        .set("rotation_enabled", rotation.enabled())
        .set("rotation_interval_days", rotation.intervalDays())
        .set("rotation_due_at", rotation.dueAt())
        .set("rotation_last_at", rotation.lastAt())
        .set("rotation_count", rotation.count())
        .set("material_expires_at", key.materialExpiresAt())
        .set("replica_set", text(key.multiRegion()));
  }

  static KeyVersion version(Row row) {
    return new KeyVersion(
        new KeyId(row.text("key_id")),
        row.integer("version"),
        row.text("material_id"),
        row.bytes("wrapped"),
        row.integer("project_key_version"),
        row.bytes("fingerprint"),
        row.flag("waiting"),
        row.instant("created_at"),
        row.instantOrNull("expires_at"),
        row.rowVersion());
  }

  static Row row(KeyVersion version) {
    return Row.of(Tables.KEY_VERSION)
        .set("key_id", version.key().text())
        .set("version", version.number())
        .set("material_id", version.materialId())
        .set("wrapped", version.wrapped())
        .set("project_key_version", version.projectKeyVersion())
        .set("fingerprint", version.fingerprint())
        .set("waiting", version.waiting())
        .set("created_at", version.createdAt())
        .set("expires_at", version.expiresAt());
  }

  static Rows.ImportToken importToken(Row row) {
    return new Rows.ImportToken(
        row.text("id"),
        new KeyId(row.text("key_id")),
        row.text("sha256"),
        EncryptionAlgorithm.valueOf(row.text("algorithm")),
        row.bytes("wrapped"),
        row.integer("project_key_version"),
        row.integer("attempts"),
        row.instant("created_at"),
        row.instant("expires_at"),
        row.rowVersion());
  }

  static Row row(Rows.ImportToken token) {
    return Row.of(Tables.IMPORT_TOKEN)
        .set("id", token.id())
        .set("key_id", token.key().text())
        .set("sha256", token.sha256())
        .set("algorithm", token.algorithm().name())
        .set("wrapped", token.wrapped())
        .set("project_key_version", token.projectKeyVersion())
        .set("attempts", token.attempts())
        .set("created_at", token.createdAt())
        .set("expires_at", token.expiresAt());
  }

  static Keystore keystore(Row row) {
    return new Keystore(
        row.text("id"),
        row.text("account"),
        row.text("project"),
        row.text("alias"),
        row.text("type"),
        row.text("cluster"),
        row.flag("enabled"),
        row.instant("created_at"),
        row.rowVersion());
  }

  static Row row(Keystore keystore) {
    return Row.of(Tables.KEYSTORE)
        .set("id", keystore.id())
        .set("account", keystore.account())
        .set("project", keystore.project())
        .set("alias", keystore.alias())
        .set("type", keystore.type())
        .set("cluster", keystore.cluster())
        .set("enabled", keystore.enabled())
        .set("created_at", keystore.createdAt());
  }
}
