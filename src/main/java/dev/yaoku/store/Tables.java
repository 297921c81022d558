package dev.yaoku.store;

import java.util.List;

/** The tables that decide rights, column by column as in the migrations. */
final class Tables {
  static final Table SETTING = Table.named("setting", "name").text("name", "value").build();

  static final Table SYSTEM_KEY =
      Table.named("system_key", "version")
          .number("version")
          .bytes("wrapped")
          .number("created_at")
          .build();

  static final Table PROJECT_KEY =
      Table.named("project_key", "project", "version")
          .text("project")
          .number("version")
          .bytes("wrapped", "lasting")
          .number("created_at")
          .build();

  static final Table ACCOUNT =
      Table.named("account", "id").text("id", "name").number("enabled", "created_at").build();

  static final Table PROJECT =
      Table.named("project", "id")
          .text("id", "account", "name", "region")
          .number("enabled", "created_at")
          .later()
          .text("description")
          .build();

  static final Table USER =
      Table.named("user", "id")
          .text("id", "account", "name")
          .bytes("password")
          .number("wrapped_by", "administrator", "enabled", "created_at")
          .later()
          .text("description", "email")
          .later()
          .text("area_code", "phone", "access_mode", "external_id")
          .number("pwd_status")
          .build();

  static final Table ACCESS_KEY =
      Table.named("access_key", "id")
          .text("id", "account", "user")
          .bytes("secret")
          .number("wrapped_by", "enabled", "created_at")
          .later()
          .text("description")
          .build();

  static final Table TOKEN =
      Table.named("token", "sha256")
          .text("sha256", "account", "user", "project")
          .number("domain_scope")
          .text("methods", "parent")
          .number("issued_at", "expires_at")
          .later()
          .text("agency", "narrowing", "session", "parent_key")
          .build();

  static final Table GROUP =
      Table.named("user_group", "id")
          .text("id", "account", "name", "description")
          .number("created_at")
          .build();

  static final Table MEMBERSHIP =
      Table.named("membership", "group_id", "user_id")
          .text("group_id", "user_id", "account")
          .number("created_at")
          .build();

  static final Table POLICY =
      Table.named("policy", "id")
          .text("id", "account", "name", "description", "kind", "document")
          .number("created_at", "updated_at")
          .build();

  static final Table ATTACHMENT =
      Table.named("attachment", "holder_kind", "holder", "scope", "policy")
          .text("holder_kind", "holder", "scope", "policy", "account")
          .number("created_at")
          .build();

  static final Table AGENCY =
      Table.named("agency", "id")
          .text("id", "account", "name", "trusted_account", "description")
          .number("duration_seconds", "created_at")
          .build();

  static final Table TEMPORARY_KEY =
      Table.named("temporary_key", "id")
          .text("id", "account", "user", "agency")
          .bytes("secret")
          .number("wrapped_by")
          .text("security_token", "parent", "narrowing", "session", "project")
          .number("issued_at", "expires_at")
          .build();

  static final Table IDENTITY_PROVIDER =
      Table.named("identity_provider", "id")
          .text("id", "account", "name", "description", "issuer", "audiences", "algorithms")
          .text("jwks_location", "jwks", "mapping")
          .number("enabled", "created_at")
          .later()
          .number("by_administrators", "generation")
          .build();

  static final Table CLIENT_CA =
      Table.named("client_ca", "account", "name")
          .text("account", "name", "pem", "sha256")
          .number("enabled", "created_at")
          .later()
          .number("by_administrators")
          .build();

  static final Table CERTIFICATE_USER =
      Table.named("certificate_user", "account", "ca", "name")
          .text("account", "ca", "name", "user_id")
          .number("created_at")
          .build();

  static final Table KEYSTORE =
      Table.named("keystore", "id")
          .text("id", "account", "project", "alias", "type", "cluster")
          .number("enabled", "created_at")
          .build();

  static final Table KEY =
      Table.named("key", "id")
          .text("id", "account", "project")
          .number("number")
          .text("name", "description", "spec", "usage", "origin", "state")
          .number("deletion_at", "created_at")
          .text("realm", "enterprise_project", "keystore")
          .number("is_default", "current_version", "rotation_enabled", "rotation_interval_days")
          .number("rotation_due_at", "rotation_last_at", "rotation_count", "material_expires_at")
          .text("replica_set")
          .bytes("tag_digest")
          .build();

  static final Table KEY_VERSION =
      Table.named("key_version", "key_id", "version")
          .text("key_id")
          .number("version")
          .text("material_id")
          .bytes("wrapped")
          .number("project_key_version")
          .bytes("fingerprint")
          .number("waiting", "created_at", "expires_at")
          .later()
          .text("project")
          .number("key_number")
          .foundBy("project", "key_number")
          .build();

  static final Table KEY_GRANT =
      Table.named("key_grant", "id")
          .text("id", "key_id", "project", "grantee", "grantee_type", "operations", "issuer")
          .text("retiring", "name")
          .number("created_at")
          .later()
          .text("parent")
          .later()
          .number("key_number")
          .build();

  static final Table ALIAS =
      Table.named("alias", "project", "name")
          .text("account", "name", "project", "key_id", "alias")
          .number("created_at", "updated_at")
          .build();

  static final Table IMPORT_TOKEN =
      Table.named("import_token", "id")
          .text("id", "key_id", "sha256", "algorithm")
          .bytes("wrapped")
          .number("project_key_version", "attempts", "created_at", "expires_at")
          .build();

  static final Table SET_MEMBER =
      Table.named("set_member", "key_id")
          .text("key_id", "replica_set", "account", "project", "region")
          .number("created_at")
          .build();

  static final Table TAG =
      Table.named("tag", "project", "key_number", "tag_key")
          .text("project")
          .number("key_number")
          .text("tag_key", "tag_value", "key_id")
          .build();

  static final Table KEY_POLICY =
      Table.named("key_policy", "id")
          .text("id", "account", "project", "key_space", "name", "policy", "description")
          .text("created_by")
          .number("created_at", "modified_at", "opened_at")
          .build();

  static final Table ACCESS_POINT =
      Table.named("access_point", "id")
          .text("id", "account", "project", "key_space", "name", "kind", "identity", "cluster")
          .text("description")
          .number("enabled")
          .bytes("wrapped")
          .number("project_key_version", "handed_out")
          .text("created_by")
          .number("created_at", "modified_at")
          .build();

  /** All of them. */
  static final List<Table> ALL =
      List.of(
          SETTING,
          SYSTEM_KEY,
          PROJECT_KEY,
          ACCOUNT,
          PROJECT,
          USER,
          ACCESS_KEY,
          TOKEN,
          GROUP,
          MEMBERSHIP,
          POLICY,
          ATTACHMENT,
          AGENCY,
          TEMPORARY_KEY,
          IDENTITY_PROVIDER,
          CLIENT_CA,
          CERTIFICATE_USER,
          KEYSTORE,
          KEY,
          KEY_VERSION,
          KEY_GRANT,
          ALIAS,
          IMPORT_TOKEN,
          SET_MEMBER,
          TAG,
          KEY_POLICY,
          ACCESS_POINT);

  private Tables() {}
}
