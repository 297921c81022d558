package dev.yaoku.access;

import dev.yaoku.key.GrantOperation;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What callers ask to do; the names are those that policies use ({@code permissions.md}, section
 * 1).
 */
public enum Action {
  CREATE_KEY("kms:cmk:create", "createKey"),
  ENABLE_KEY("kms:cmk:enable", "enableKey"),
  DISABLE_KEY("kms:cmk:disable", "disableKey"),
  SCHEDULE_KEY_DELETION("kms:cmk:update", "scheduleKeyDeletion"),
  CANCEL_KEY_DELETION("kms:cmk:update", "cancelKeyDeletion"),
  UPDATE_KEY_ALIAS("kms:cmk:update", "updateKeyAlias"),
  UPDATE_KEY_DESCRIPTION("kms:cmk:update", "updateKeyDescription"),
  LIST_KEYS("kms:cmk:list", "listKeys"),
  DESCRIBE_KEY("kms:cmk:get", "describeKey", GrantOperation.DESCRIBE_KEY),
  SHOW_USER_INSTANCES("kms:cmk:getInstance", "showUserInstances"),
  SHOW_USER_QUOTAS("kms:cmk:getQuota", "showUserQuotas"),
  CREATE_RANDOM("kms:cmk:generate", "genRandom"),
  CREATE_DATA_KEY("kms:dek:create", "createDataKey", GrantOperation.CREATE_DATAKEY),
  CREATE_DATA_KEY_WITHOUT_PLAINTEXT(
      "kms:dek:create",
      "createDataKeyWithoutPlaintext",
      GrantOperation.CREATE_DATAKEY_WITHOUT_PLAINTEXT),
  ENCRYPT_DATA_KEY("kms:dek:crypto", "encryptDatakey", GrantOperation.ENCRYPT_DATAKEY),
  DECRYPT_DATA_KEY("kms:dek:crypto", "decryptDatakey", GrantOperation.DECRYPT_DATAKEY),
  CREATE_RSA_DATA_KEY_PAIR("kms:dek:create", "createDataKeyPair"),
  CREATE_EC_DATA_KEY_PAIR("kms:dek:create", "createDataKeyPair"),
  ENCRYPT_DATA("kms:cmk:crypto", "encryptData", GrantOperation.ENCRYPT_DATA),
  DECRYPT_DATA("kms:cmk:crypto", "decryptData", GrantOperation.DECRYPT_DATA),
  RE_ENCRYPT_FROM("kms:cmk:reEncryptFrom", "reEncrypt", GrantOperation.DECRYPT_DATA),
  RE_ENCRYPT_TO("kms:cmk:reEncryptTo", "reEncrypt", GrantOperation.ENCRYPT_DATA),
  RE_ENCRYPT_DATA_KEY_FROM("kms:cmk:reEncryptFrom", "reEncrypt", GrantOperation.DECRYPT_DATAKEY),
  RE_ENCRYPT_DATA_KEY_TO("kms:cmk:reEncryptTo", "reEncrypt", GrantOperation.ENCRYPT_DATAKEY),
  SIGN("kms:cmk:sign", "sign"),
  VERIFY("kms:cmk:verify", "verify"),
  GENERATE_MAC("kms:cmk:generateMac", "generateMac"),
  VERIFY_MAC("kms:cmk:verifyMac", "verifyMac"),
  GET_PUBLIC_KEY("kms:cmk:getPublicKey", "getPublicKey"),
  DERIVE_SHARED_SECRET("kms:cmk:deriveSharedSecret", "deriveSharedSecret"),
  GET_IMPORT_PARAMETERS("kms:cmk:getMaterial", "getParametersForImport"),
  IMPORT_MATERIAL("kms:cmk:importMaterial", "importKeyMaterial"),
  DELETE_MATERIAL("kms:cmk:deleteMaterial", "deleteImportedKeyMaterial"),
  ENABLE_ROTATION("kms:cmk:enableRotation", "enableKeyRotation"),
  DISABLE_ROTATION("kms:cmk:disableRotation", "disableKeyRotation"),
  UPDATE_ROTATION("kms:cmk:updateRotation", "updateKeyRotationInterval"),
  GET_ROTATION("kms:cmk:getRotation", "getKeyRotationStatus"),
  ROTATE_ON_DEMAND("kms:cmk:rotateOnDemand", "rotateOnDemand"),
  CREATE_GRANT("kms:grant:create", "createGrant", GrantOperation.CREATE_GRANT),
  REVOKE_GRANT("kms:grant:revoke", "revokeGrant"),
  RETIRE_GRANT("kms:grant:retire", "retireGrant"),
  LIST_GRANTS("kms:grant:list", "listGrants"),
  LIST_RETIRABLE_GRANTS("kms:grant:list", "listRetirableGrants"),
  CREATE_ALIAS("kms:alias:create", "createAlias"),
  DELETE_ALIAS("kms:alias:delete", "deleteAlias"),
  ASSOCIATE_ALIAS("kms:alias:associate", "associateAlias"),
  LIST_ALIASES("kms:alias:list", "listAliases"),
  LIST_KEYS_BY_TAGS("kms:cmkTag:listInstance", "listKmsByTags"),
  SHOW_KEY_TAGS("kms:cmkTag:list", "showKmsTags"),
  LIST_PROJECT_TAGS("kms:cmkTag:list", "listKmsTags"),
  BATCH_CREATE_TAGS("kms:cmkTag:batch", "batchCreateKeyTags"),
  BATCH_DELETE_TAGS("kms:cmkTag:batch", "batchDeleteKeyTags"),
  CREATE_TAG("kms:cmkTag:create", "createKeyTag"),
  DELETE_TAG("kms:cmkTag:delete", "deleteKeyTag"),
  CREATE_KEYSTORE("kms:keystore:create", "createKeyStore"),
  LIST_KEYSTORES("kms:keystore:list", "listKeyStores"),
  SHOW_KEYSTORE("kms:keystore:get", "showKeyStore"),
  DELETE_KEYSTORE("kms:keystore:delete", "deleteKeyStore"),
  ENABLE_KEYSTORE("kms:keystore:enable", "enableKeyStore"),
  DISABLE_KEYSTORE("kms:keystore:disable", "disableKeyStore"),
  CREATE_DEFAULT_KEY("yaoku:key:createDefault", "createDefaultKey"),
  SHOW_KEY("yaoku:key:show", "showKey"),
  UNDELETE_KEY("yaoku:key:undelete", "undeleteKey"),
  SHOW_CLOCK("yaoku:clock:show", "showClock"),
  ACCEPT_CLOCK("yaoku:clock:accept", "acceptClock"),
  MIGRATE_RESOURCE("eps:resources:add", "migrateResource"),
  FILTER_RESOURCES("eps:resources:list", "filterResources"),
  CREATE_PIN("kms:cmk:createDataKey", "createPin"),
  CREATE_CAPSULE("kms:cmk:createDatakeyCapsule", "createDatakeyCapsule"),
  OPEN_CAPSULE("kms:cmk:decryptDatakeyCapsule", "decryptDatakeyCapsule"),
  CREATE_KEY_POLICY("kms:policy:create", "createKeyPolicy"),
  LIST_KEY_POLICIES("kms:policy:list", "listKeyPolicy"),
  SHOW_KEY_POLICY("kms:policy:get", "showKeyPolicy"),
  UPDATE_KEY_POLICY("kms:policy:update", "updateKeyPolicy"),
  DELETE_KEY_POLICY("kms:policy:delete", "deleteKeyPolicy"),
  CREATE_ACCESS_POINT("kms:accessPoint:create", "createAccessPoint"),
  LIST_ACCESS_POINTS("kms:accessPoint:list", "listAccessPoint"),
  DELETE_ACCESS_POINT("kms:accessPoint:delete", "deleteAccessPoint"),
  ENABLE_ACCESS_POINT("kms:accessPoint:enable", "enableAccessPoint"),
  DISABLE_ACCESS_POINT("kms:accessPoint:disable", "disableAccessPoint"),
  GET_ACCESS_POINT_KEY("kms:accessPoint:getPrivateKey", "downloadAccessPointPrivateKey"),
  REPLICATE_KEY("kms:cmk:replicate", "replicateKey"),
  UPDATE_PRIMARY_REGION("kms:cmk:updatePrimaryRegion", "updatePrimaryRegion"),
  LIST_REGIONS("kms:cmk:list", "listSupportRegions"),
  EXPLAIN_REFUSAL("yaoku:access:explain", "explainRefusal"),
  CHECK_ACCESS("yaoku:access:check", "checkAccess"),
  CREATE_ACCOUNT("yaoku:account:create", "createAccount"),
  LIST_ACCOUNTS("yaoku:account:list", "listAccounts"),
  UPDATE_ACCOUNT("yaoku:account:update", "updateAccount"),
  MOVE_CLOCK("dev:clock:forward", "moveClock"),
  CREATE_TOKEN("iam:tokens:create", "createToken"),
  SHOW_TOKEN("iam:tokens:get", "showToken"),
  REVOKE_TOKEN("iam:tokens:delete", "revokeToken"),
  CREATE_TEMPORARY_KEY("iam:securitytokens:create", "createTemporaryAccessKey"),
  ASSUME_AGENCY("iam:tokens:assume", "assumeAgency"),
  LIST_PROJECTS("iam:projects:list", "listProjects"),
  LIST_DOMAINS("iam:domains:list", "listDomains"),
  SHOW_CATALOG("iam:catalog:get", "showCatalog"),
  LIST_USERS("iam:users:listUsers", "listUsers"),
  SHOW_USER("iam:users:getUser", "showUser"),
  CREATE_USER("iam:users:createUser", "createUser"),
  UPDATE_USER("iam:users:updateUser", "updateUser"),
  DELETE_USER("iam:users:deleteUser", "deleteUser"),
  SET_PASSWORD("iam:users:setPassword", "setPassword"),
  LIST_GROUPS("iam:groups:listGroups", "listGroups"),
  SHOW_GROUP("iam:groups:getGroup", "showGroup"),
  CREATE_GROUP("iam:groups:createGroup", "createGroup"),
  UPDATE_GROUP("iam:groups:updateGroup", "updateGroup"),
  DELETE_GROUP("iam:groups:deleteGroup", "deleteGroup"),
  ADD_MEMBER("iam:permissions:addUserToGroup", "addUserToGroup"),
  REMOVE_MEMBER("iam:permissions:removeUserFromGroup", "removeUserFromGroup"),
  LIST_ACCESS_KEYS("iam:credentials:listCredentials", "listAccessKeys"),
  SHOW_ACCESS_KEY("iam:credentials:getCredential", "showAccessKey"),
  CREATE_ACCESS_KEY("iam:credentials:createCredential", "createAccessKey"),
  UPDATE_ACCESS_KEY("iam:credentials:updateCredential", "updateAccessKey"),
  DELETE_ACCESS_KEY("iam:credentials:deleteCredential", "deleteAccessKey"),
  LIST_POLICIES("iam:roles:listRoles", "listPolicies"),
  SHOW_POLICY("iam:roles:getRole", "showPolicy"),
  CREATE_POLICY("iam:roles:createRole", "createPolicy"),
  UPDATE_POLICY("iam:roles:updateRole", "updatePolicy"),
  DELETE_POLICY("iam:roles:deleteRole", "deletePolicy"),
  LIST_ATTACHMENTS("iam:permissions:listRoleAssignments", "listAttachedPolicies"),
  ATTACH_POLICY("iam:permissions:grantRole", "attachPolicy"),
  DETACH_POLICY("iam:permissions:revokeRole", "detachPolicy"),
  LIST_AGENCIES("iam:agencies:listAgencies", "listAgencies"),
  SHOW_AGENCY("iam:agencies:getAgency", "showAgency"),
  CREATE_AGENCY("iam:agencies:createAgency", "createAgency"),
  UPDATE_AGENCY("iam:agencies:updateAgency", "updateAgency"),
  DELETE_AGENCY("iam:agencies:deleteAgency", "deleteAgency"),
  SHOW_PROJECT("iam:projects:getProject", "showProject"),
  CREATE_PROJECT("iam:projects:createProject", "createProject"),
  UPDATE_PROJECT("iam:projects:updateProject", "updateProject"),
  MANAGE_IDENTITY_PROVIDERS("iam:identityProviders:manage", "manageIdentityProviders");

  /** What everybody may do who proved an identity, as it is about oneself. */
  private static final Set<Action> ABOUT_ONESELF =
      EnumSet.of(
          CREATE_TOKEN,
          SHOW_TOKEN,
          REVOKE_TOKEN,
          CREATE_TEMPORARY_KEY,
          LIST_PROJECTS,
          LIST_DOMAINS,
          SHOW_CATALOG);

  /**
   * What a session may do in the account, though it is less than the person behind it: what it
   * shows lets nobody in, and what it makes ends by itself.
   */
  private static final Set<Action> HARMLESS =
      EnumSet.of(
          ASSUME_AGENCY,
          LIST_ACCOUNTS,
          SHOW_CLOCK,
          LIST_USERS,
          SHOW_USER,
          LIST_GROUPS,
          SHOW_GROUP,
          LIST_POLICIES,
          SHOW_POLICY,
          LIST_ATTACHMENTS,
          LIST_AGENCIES,
          SHOW_AGENCY,
          SHOW_PROJECT);

  /** What events say of all that is not about keys. */
  public static final String IDENTITY = "iam";

  /** What actions are about. */
  private enum Kind {
    KEY("KeyId", "cmk"),
    ALIAS("", "cmk"),
    KEYSTORE("keystore", "keystore"),
    POLICY("policy", "policy"),
    ACCESS_POINT("accessPoint", "accessPoint"),
    CLOCK("", "clock"),
    OTHER("", IDENTITY);

    private final String inPolicies;
    private final String inEvents;

    Kind(String inPolicies, String inEvents) {
      this.inPolicies = inPolicies;
      this.inEvents = inEvents;
    }
  }

  /** What actions are about by how their names begin. */
  private static final Map<String, Kind> KINDS =
      Map.of(
          "kms:cmk:", Kind.KEY,
          "kms:dek:", Kind.KEY,
          "kms:grant:", Kind.KEY,
          "kms:cmkTag:", Kind.KEY,
          "yaoku:key:", Kind.KEY,
          "kms:alias:", Kind.ALIAS,
          "kms:keystore:", Kind.KEYSTORE,
          "kms:policy:", Kind.POLICY,
          "kms:accessPoint:", Kind.ACCESS_POINT,
          "yaoku:clock:", Kind.CLOCK);

  private final String policyName;
  private final String traceName;
  private final @Nullable GrantOperation grantOperation;

  Action(String policyName, String traceName) {
    this(policyName, traceName, null);
  }

  Action(String policyName, String traceName, @Nullable GrantOperation grantOperation) {
    this.policyName = policyName;
    this.traceName = traceName;
    this.grantOperation = grantOperation;
  }

  /** What a grant must allow for this; null if no grant can. */
  public @Nullable GrantOperation grantOperation() {
    return grantOperation;
  }

  /** Whether it is done to the account or the installation itself and not in a project. */
  public boolean isOfAccount() {
    return policyName.startsWith("iam:") || isOfInstallation();
  }

  /** Whether it is done to the installation, which the people of one account run. */
  public boolean isOfInstallation() {
    return policyName.startsWith("yaoku:clock:") || policyName.startsWith("yaoku:account:");
  }

  /** Whether everybody may do it who proved an identity, as it is about oneself. */
  public boolean isAboutOneself() {
    return ABOUT_ONESELF.contains(this);
  }

  /**
   * Whether it makes or shows what outlives a session, such as an access key. Temporary keys, roles
   * and other sessions that are less than the person behind them may not do it (SECURITY_DESIGN
   * H11).
   */
  public boolean needsLastingIdentity() {
    return isOfAccount() && !isAboutOneself() && !HARMLESS.contains(this);
  }

  /** The type of resource that it is about in policies; empty where that has no name. */
  public String resourceType() {
    return kind().inPolicies;
  }

  /** The type of resource that it is about in events. */
  public String recordedAs() {
    return this == CREATE_RANDOM ? "rng" : kind().inEvents;
  }

  private Kind kind() {
    String beginning = policyName.substring(0, policyName.lastIndexOf(':') + 1);
    return KINDS.getOrDefault(beginning, Kind.OTHER);
  }

  /** The name in policies, such as {@code kms:cmk:create}. */
  public String policyName() {
    return policyName;
  }

  /** The name in the audit trail, such as {@code createKey} ({@code audit-and-metrics.md}). */
  public String traceName() {
    return traceName;
  }
}
