package dev.yaoku.store;

import java.util.Locale;

/** Rights, as rows and back. */
final class RightsRows {
  private RightsRows() {}

  static Rights.Group group(Row row) {
    return new Rights.Group(
        row.text("id"),
        row.text("account"),
        row.text("name"),
        row.text("description"),
        row.instant("created_at"),
        row.rowVersion());
  }

  static Row row(Rights.Group group) {
    return Row.of(Tables.GROUP)
        .set("id", group.id())
        .set("account", group.account())
        .set("name", group.name())
        .set("description", group.description())
        .set("created_at", group.createdAt());
  }

  static Rights.Membership membership(Row row) {
    return new Rights.Membership(
        row.text("group_id"),
        row.text("user_id"),
        row.text("account"),
        row.instant("created_at"),
        row.rowVersion());
  }

  static Row row(Rights.Membership membership) {
    return Row.of(Tables.MEMBERSHIP)
        .set("group_id", membership.group())
        .set("user_id", membership.user())
        .set("account", membership.account())
        .set("created_at", membership.createdAt());
  }

  static Rights.Policy policy(Row row) {
    return new Rights.Policy(
        row.text("id"),
        row.text("account"),
        row.text("name"),
        row.text("description"),
        row.text("kind"),
        row.text("document"),
        row.instant("created_at"),
        row.instant("updated_at"),
        row.rowVersion());
  }

  static Row row(Rights.Policy policy) {
    return Row.of(Tables.POLICY)
        .set("id", policy.id())
        .set("account", policy.account())
        .set("name", policy.name())
        .set("description", policy.description())
        .set("kind", policy.kind())
        .set("document", policy.document())
        .set("created_at", policy.createdAt())
        .set("updated_at", policy.updatedAt());
  }

  static Rights.Attachment attachment(Row row) {
    return new Rights.Attachment(
        holderKind(row.text("holder_kind")),
        row.text("holder"),
        row.text("scope"),
        row.text("policy"),
        row.text("account"),
        row.instant("created_at"),
        row.rowVersion());
  }

  static Row row(Rights.Attachment attachment) {
    return Row.of(Tables.ATTACHMENT)
        .set("holder_kind", text(attachment.holderKind()))
        .set("holder", attachment.holder())
        .set("scope", attachment.scope())
        .set("policy", attachment.policy())
        .set("account", attachment.account())
        .set("created_at", attachment.createdAt());
  }

  static Rights.Agency agency(Row row) {
    return new Rights.Agency(
        row.text("id"),
        row.text("account"),
        row.text("name"),
        row.text("trusted_account"),
        row.text("description"),
        row.number("duration_seconds"),
        row.instant("created_at"),
        row.rowVersion());
  }

  static Row row(Rights.Agency agency) {
    return Row.of(Tables.AGENCY)
        .set("id", agency.id())
        .set("account", agency.account())
        .set("name", agency.name())
        .set("trusted_account", agency.trustedAccount())
        .set("description", agency.description())
        .set("duration_seconds", agency.durationSeconds())
        .set("created_at", agency.createdAt());
  }

  static Rights.TemporaryKey temporaryKey(Row row) {
    return new Rights.TemporaryKey(
        row.text("id"),
        row.text("account"),
        row.text("user"),
        row.textOrNull("agency"),
        row.bytes("secret"),
        row.integer("wrapped_by"),
        row.text("security_token"),
        row.text("parent"),
        row.textOrNull("narrowing"),
        row.textOrNull("session"),
        row.textOrNull("project"),
        row.instant("issued_at"),
        row.instant("expires_at"),
        row.rowVersion());
  }

  static Row row(Rights.TemporaryKey temporaryKey) {
    return Row.of(Tables.TEMPORARY_KEY)
        .set("id", temporaryKey.id())
        .set("account", temporaryKey.account())
        .set("user", temporaryKey.user())
        .set("agency", temporaryKey.agency())
        .set("secret", temporaryKey.secret())
        .set("wrapped_by", temporaryKey.systemKeyVersion())
        .set("security_token", temporaryKey.securityToken())
        .set("parent", temporaryKey.parent())
        .set("narrowing", temporaryKey.narrowing())
        .set("session", temporaryKey.session())
        .set("project", temporaryKey.project())
        .set("issued_at", temporaryKey.issuedAt())
        .set("expires_at", temporaryKey.expiresAt());
  }

  static Rights.IdentityProvider identityProvider(Row row) {
    return new Rights.IdentityProvider(
        row.text("id"),
        row.text("account"),
        row.text("name"),
        row.text("description"),
        row.text("issuer"),
        row.text("audiences"),
        row.text("algorithms"),
        row.text("jwks_location"),
        row.text("jwks"),
        row.text("mapping"),
        row.flag("enabled"),
        row.instant("created_at"),
        row.numberOrZero("by_administrators") != 0,
        row.numberOrZero("generation"),
        row.rowVersion());
  }

  static Row row(Rights.IdentityProvider identityProvider) {
    return Row.of(Tables.IDENTITY_PROVIDER)
        .set("id", identityProvider.id())
        .set("account", identityProvider.account())
        .set("name", identityProvider.name())
        .set("description", identityProvider.description())
        .set("issuer", identityProvider.issuer())
        .set("audiences", identityProvider.audiences())
        .set("algorithms", identityProvider.algorithms())
        .set("jwks_location", identityProvider.jwksLocation())
        .set("jwks", identityProvider.jwks())
        .set("mapping", identityProvider.mapping())
        .set("enabled", identityProvider.enabled())
        .set("created_at", identityProvider.createdAt())
        .set("by_administrators", identityProvider.byAdministrators())
        .set("generation", identityProvider.generation());
  }

  static Rights.ClientCa clientCa(Row row) {
    return new Rights.ClientCa(
        row.text("account"),
        row.text("name"),
        row.text("pem"),
        row.text("sha256"),
        row.flag("enabled"),
        row.instant("created_at"),
        row.numberOrZero("by_administrators") != 0,
        row.rowVersion());
  }

  static Row row(Rights.ClientCa clientCa) {
    return Row.of(Tables.CLIENT_CA)
        .set("account", clientCa.account())
        .set("name", clientCa.name())
        .set("pem", clientCa.pem())
        .set("sha256", clientCa.sha256())
        .set("enabled", clientCa.enabled())
        .set("created_at", clientCa.createdAt())
        .set("by_administrators", clientCa.byAdministrators());
  }

  static Rights.CertificateUser certificateUser(Row row) {
    return new Rights.CertificateUser(
        row.text("account"),
        row.text("ca"),
        row.text("name"),
        row.text("user_id"),
        row.instant("created_at"),
        row.rowVersion());
  }

  static Row row(Rights.CertificateUser certificateUser) {
    return Row.of(Tables.CERTIFICATE_USER)
        .set("account", certificateUser.account())
        .set("ca", certificateUser.ca())
        .set("name", certificateUser.name())
        .set("user_id", certificateUser.user())
        .set("created_at", certificateUser.createdAt());
  }

  static String text(Rights.HolderKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  private static Rights.HolderKind holderKind(String text) {
    return Rights.HolderKind.valueOf(text.toUpperCase(Locale.ROOT));
  }
}
