package dev.yaoku.store;

import dev.yaoku.key.Alias;
import dev.yaoku.key.KeyId;

/** Aliases, as rows and back. */
final class AliasRows {
  private AliasRows() {}

  static Alias alias(Row row) {
    return new Alias(
        row.text("account"),
        row.text("name"),
        row.text("project"),
        new KeyId(row.text("key_id")),
        row.text("alias"),
        row.instant("created_at"),
        row.instant("updated_at"),
        row.rowVersion());
  }

  static Row row(Alias alias) {
    return Row.of(Tables.ALIAS)
        .set("account", alias.account())
        .set("name", alias.name())
        .set("project", alias.project())
        .set("key_id", alias.key().text())
        .set("alias", alias.text())
        .set("created_at", alias.createdAt())
        .set("updated_at", alias.updatedAt());
  }
}
