package dev.yaoku.store;

import dev.yaoku.key.Grant;
import dev.yaoku.key.GrantOperation;
import dev.yaoku.key.KeyId;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Grants, as rows and back. */
final class GrantRows {
  private static final String ACCOUNT = "domain";
  private static final String USER = "user";

  private GrantRows() {}

  static Grant grant(Row row) {
    return new Grant(
        row.text("id"),
        new KeyId(row.text("key_id")),
        row.text("project"),
        row.text("grantee"),
        row.text("grantee_type").equals(ACCOUNT),
        Arrays.stream(row.text("operations").split(",", -1))
            .map(name -> GrantOperation.named(name).orElseThrow())
            .collect(Collectors.toSet()),
        row.text("issuer"),
        row.textOrNull("retiring"),
        row.textOrNull("name"),
        row.instant("created_at"),
        row.textOrNull("parent"));
  }

  static Row row(Grant grant) {
    return Row.of(Tables.KEY_GRANT)
        .set("id", grant.id())
        .set("key_id", grant.key().text())
        .set("project", grant.project())
        .set("grantee", grant.grantee())
        .set("grantee_type", grant.toAccount() ? ACCOUNT : USER)
        .set(
            "operations",
            grant.operations().stream()
                .map(GrantOperation::wireName)
                .collect(Collectors.joining(",")))
        .set("issuer", grant.issuer())
        .set("retiring", grant.retiring())
        .set("name", grant.name())
        .set("created_at", grant.createdAt())
        .set("parent", grant.parent());
  }
}
