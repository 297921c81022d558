package dev.yaoku.store;

import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.KeyPolicy;
import dev.yaoku.key.OpeningPolicyReader;

/** Key policies and access points, as rows and back. */
final class KeySpaceRows {
  private KeySpaceRows() {}

  static KeyPolicy keyPolicy(Row row) {
    return new KeyPolicy(
        row.text("id"),
        row.text("account"),
        row.text("project"),
        row.text("key_space"),
        row.text("name"),
        OpeningPolicyReader.stored(row.text("policy")),
        row.text("description"),
        row.text("created_by"),
        row.instant("created_at"),
        row.instant("modified_at"),
        row.instantOrNull("opened_at"),
        row.rowVersion());
  }

  static Row row(KeyPolicy policy) {
    return Row.of(Tables.KEY_POLICY)
        .set("id", policy.id())
        .set("account", policy.account())
        .set("project", policy.project())
        .set("key_space", policy.keySpace())
        .set("name", policy.name())
        .set("policy", OpeningPolicyReader.text(policy.policy()))
        .set("description", policy.description())
        .set("created_by", policy.createdBy())
        .set("created_at", policy.createdAt())
        .set("modified_at", policy.modifiedAt())
        .set("opened_at", policy.openedAt());
  }

  static AccessPoint accessPoint(Row row) {
    return new AccessPoint(
        row.text("id"),
        row.text("account"),
        row.text("project"),
        row.text("key_space"),
        row.text("name"),
        AccessPoint.Kind.valueOf(row.text("kind")),
        row.text("identity"),
        row.text("cluster"),
        row.text("description"),
        row.flag("enabled"),
        row.bytes("wrapped"),
        row.integer("project_key_version"),
        row.flag("handed_out"),
        row.text("created_by"),
        row.instant("created_at"),
        row.instant("modified_at"),
        row.rowVersion());
  }

  static Row row(AccessPoint accessPoint) {
    return Row.of(Tables.ACCESS_POINT)
        .set("id", accessPoint.id())
        .set("account", accessPoint.account())
        .set("project", accessPoint.project())
        .set("key_space", accessPoint.keySpace())
        .set("name", accessPoint.name())
        .set("kind", accessPoint.kind().name())
        .set("identity", accessPoint.identity())
        .set("cluster", accessPoint.cluster())
        .set("description", accessPoint.description())
        .set("enabled", accessPoint.enabled())
        .set("wrapped", accessPoint.wrapped())
        .set("project_key_version", accessPoint.projectKeyVersion())
        .set("handed_out", accessPoint.handedOut())
        .set("created_by", accessPoint.createdBy())
        .set("created_at", accessPoint.createdAt())
        .set("modified_at", accessPoint.modifiedAt());
  }
}
