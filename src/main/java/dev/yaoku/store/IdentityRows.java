package dev.yaoku.store;

/** Identities and the key hierarchy, as rows and back. */
final class IdentityRows {
  private IdentityRows() {}

  static Rows.Account account(Row row) {
    return new Rows.Account(
        row.text("id"),
        row.text("name"),
        row.flag("enabled"),
        row.instant("created_at"),
        row.rowVersion());
  }

  static Row row(Rows.Account account) {
    return Row.of(Tables.ACCOUNT)
        .set("id", account.id())
        .set("name", account.name())
        .set("enabled", account.enabled())
        .set("created_at", account.createdAt());
  }

  static Rows.Project project(Row row) {
    return new Rows.Project(
        row.text("id"),
        row.text("account"),
        row.text("name"),
        row.text("region"),
        row.flag("enabled"),
        row.instant("created_at"),
        row.textOrEmpty("description"),
        row.rowVersion());
  }

  static Row row(Rows.Project project) {
    return Row.of(Tables.PROJECT)
        .set("id", project.id())
        .set("account", project.account())
        .set("name", project.name())
        .set("region", project.region())
        .set("enabled", project.enabled())
        .set("created_at", project.createdAt())
        .setUnlessEmpty("description", project.description());
  }

  static Rows.User user(Row row) {
    return new Rows.User(
        row.text("id"),
        row.text("account"),
        row.text("name"),
        row.bytes("password"),
        row.integer("wrapped_by"),
        row.flag("administrator"),
        row.flag("enabled"),
        row.instant("created_at"),
        row.textOrEmpty("description"),
        row.textOrEmpty("email"),
        new Rows.Profile(
            row.textOrEmpty("area_code"),
            row.textOrEmpty("phone"),
            row.textOrEmpty("access_mode"),
            row.textOrEmpty("external_id"),
            row.flagOrNull("pwd_status")),
        row.rowVersion());
  }

  static Row row(Rows.User user) {
    return Row.of(Tables.USER)
        .set("id", user.id())
        .set("account", user.account())
        .set("name", user.name())
        .set("password", user.password())
        .set("wrapped_by", user.systemKeyVersion())
        .set("administrator", user.administrator())
        .set("enabled", user.enabled())
        .set("created_at", user.createdAt())
        .setUnlessEmpty("description", user.description())
        .setUnlessEmpty("email", user.email())
        .setUnlessEmpty("area_code", user.profile().areaCode())
        .setUnlessEmpty("phone", user.profile().phone())
        .setUnlessEmpty("access_mode", user.profile().accessMode())
        .setUnlessEmpty("external_id", user.profile().externalId())
        .set("pwd_status", user.profile().pwdStatus());
  }

  static Rows.AccessKey accessKey(Row row) {
    return new Rows.AccessKey(
        row.text("id"),
        row.text("account"),
        row.text("user"),
        row.bytes("secret"),
        row.integer("wrapped_by"),
        row.flag("enabled"),
        row.instant("created_at"),
        row.textOrEmpty("description"),
        row.rowVersion());
  }

  static Row row(Rows.AccessKey key) {
    return Row.of(Tables.ACCESS_KEY)
        .set("id", key.id())
        .set("account", key.account())
        .set("user", key.user())
        .set("secret", key.secret())
        .set("wrapped_by", key.systemKeyVersion())
        .set("enabled", key.enabled())
        .set("created_at", key.createdAt())
        .setUnlessEmpty("description", key.description());
  }

  static Rows.Token token(Row row) {
    return new Rows.Token(
        row.text("sha256"),
        row.text("account"),
        row.text("user"),
        row.textOrNull("project"),
        row.flag("domain_scope"),
        row.text("methods"),
        row.textOrNull("parent"),
        row.instant("issued_at"),
        row.instant("expires_at"),
        new Rows.Lineage(
            row.textOrNull("agency"),
            row.textOrNull("narrowing"),
            row.textOrNull("session"),
            row.textOrNull("parent_key")),
        row.rowVersion());
  }

  static Row row(Rows.Token token) {
    return Row.of(Tables.TOKEN)
        .set("sha256", token.sha256())
        .set("account", token.account())
        .set("user", token.user())
        .set("project", token.project())
        .set("domain_scope", token.domainScope())
        .set("methods", token.methods())
        .set("parent", token.parent())
        .set("issued_at", token.issuedAt())
        .set("expires_at", token.expiresAt())
        .set("agency", token.lineage().agency())
        .set("narrowing", token.lineage().narrowing())
        .set("session", token.lineage().session())
        .set("parent_key", token.lineage().parentKey());
  }

  static Rows.SystemKey systemKey(Row row) {
    return new Rows.SystemKey(
        row.integer("version"), row.bytes("wrapped"), row.instant("created_at"));
  }

  static Row row(Rows.SystemKey key) {
    return Row.of(Tables.SYSTEM_KEY)
        .set("version", key.version())
        .set("wrapped", key.wrapped())
        .set("created_at", key.createdAt());
  }

  static Rows.ProjectKey projectKey(Row row) {
    return new Rows.ProjectKey(
        row.text("project"),
        row.integer("version"),
        row.bytes("wrapped"),
        row.bytes("lasting"),
        row.instant("created_at"),
        row.rowVersion());
  }

  static Row row(Rows.ProjectKey key) {
    return Row.of(Tables.PROJECT_KEY)
        .set("project", key.project())
        .set("version", key.version())
        .set("wrapped", key.wrapped())
        .set("lasting", key.lasting())
        .set("created_at", key.createdAt());
  }
}
