package dev.yaoku.conformance;

import static dev.yaoku.conformance.Step.get;
import static dev.yaoku.conformance.Step.kms;
import static dev.yaoku.conformance.Step.project;
import static dev.yaoku.conformance.Step.region;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Every operation of a {@code --dev} server once, in an order in which each succeeds. */
final class Steps {
  private Steps() {}

  private static final String ABOUT = "{'key_id':'$key'}";
  private static final String ENTERPRISE_PROJECT = "11111111-2222-4333-8444-555555555555";
  private static final String ABOUT_EXTERNAL = "{'key_id':'$external'}";
  private static final String OF_SIGNATURE =
      "'message':'aGVsbG8=','signing_algorithm':'ECDSA_SHA_256','message_type':'RAW'";
  private static final String OF_MAC =
      "{'key_id':'$mac_key','mac_algorithm':'HMAC_SHA_256','message':'aGVsbG8='";

  private static final String KEY_SPACE = "1c5b8e57-6a3c-4f0e-9d55-0b1d4f1f3a22";
  private static final String ABOUT_ACCESS_POINT = "/kms/access-points/$access_point";
  private static final String ABOUT_POLICY = "/kms/key-policies/$policy";
  private static final String PROVIDER = "/v3/OS-FEDERATION/identity_providers/shop";
  private static final String OPENID =
      "/v3.0/OS-FEDERATION/identity-providers/shop/openid-connect-config";
  private static final String OPENID_SETTINGS =
      "{'openid_connect_config':{'access_mode':'program','idp_url':'https://accounts.example.com',"
          + "'client_id':'yaoku','algorithms':['ES256'],'signing_key':'$key_set'}}";
  private static final String AUTHORITY = "/v3/OS-YAOKU/client-authorities/shop";
  private static final String CERTIFICATE = AUTHORITY + "/names/dns%3Aweb.example.com";

  private static final List<Step> BEFORE =
      List.of(
          // Keys
          kms(
                  "CreateKey",
                  "create-key",
                  "{'key_alias':'orders-$label','key_description':'of the shop'}")
              .noting("key", "/key_info/key_id"),
          kms("CreateKey", "create-key", "{'key_alias':'invoices'}")
              .noting("other", "/key_info/key_id"),
          kms("ListKeyDetail", "describe-key", ABOUT),
          kms("DisableKey", "disable-key", ABOUT),
          kms("EnableKey", "enable-key", ABOUT),
          kms("UpdateKeyAlias", "update-key-alias", "{'key_id':'$key','key_alias':'named-$label'}"),
          kms(
              "UpdateKeyDescription",
              "update-key-description",
              "{'key_id':'$key','key_description':'of both shops'}"),
          kms("DeleteKey", "schedule-key-deletion", "{'key_id':'$other','pending_days':'7'}"),
          kms("CancelKeyDeletion", "cancel-key-deletion", "{'key_id':'$other'}"),
          kms("EnableKey", "enable-key", "{'key_id':'$other'}"),
          kms("ListKeys", "list-keys", "{'limit':'1','marker':'0'}"),
          project("ShowUserInstances", "GET", "/kms/user-instances", ""),
          project("ShowUserQuotas", "GET", "/kms/user-quotas", ""),
          new Step(
              "MigrateResource",
              "POST",
              "/v1.0/enterprise-projects/" + ENTERPRISE_PROJECT + "/resources-migrate",
              "{'resource_id':'$key','resource_type':'kms','project_id':'$project'}",
              Map.of()),
          new Step(
              "FilterResources",
              "POST",
              "/v1.0/enterprise-projects/" + ENTERPRISE_PROJECT + "/resources/filter",
              "{'limit':1000,'offset':0,'projects':['$project'],'resource_types':['kms']}",
              Map.of()),
          // Data
          kms("CreateRandom", "gen-random", "{'random_data_length':'128'}"),
          kms("EncryptData", "encrypt-data", "{'key_id':'$key','plain_text':'hello world'}")
              .noting("cipher_text", "/cipher_text"),
          kms("DecryptData", "decrypt-data", "{'cipher_text':'$cipher_text'}"),
          kms(
              "ReEncrypt",
              "re-encrypt",
              "{'destination_key_id':'$other','cipher_text':'$cipher_text'}"),
          kms("CreateDatakey", "create-datakey", "{'key_id':'$key','datakey_length':'256'}")
              .noting("data_key", "/cipher_text"),
          kms(
              "CreateDatakeyWithoutPlaintext",
              "create-datakey-without-plaintext",
              "{'key_id':'$key','key_spec':'AES_256'}"),
          kms(
              "EncryptDatakey",
              "encrypt-datakey",
              "{'key_id':'$key','plain_text':'"
                  + "00".repeat(64)
                  + "F5A5FD42D16A20302798EF6ED309979B43003D2320D9F0E8EA9831A92759FB4B',"
                  + "'datakey_plain_length':'64'}"),
          kms(
              "DecryptDatakey",
              "decrypt-datakey",
              "{'key_id':'$key','cipher_text':'$data_key','datakey_cipher_length':'32'}"),
          kms(
              "CreateRsaDatakeyPair",
              "create-rsa-datakey-pair",
              "{'key_id':'$key','key_spec':'RSA_2048','with_plain_text':false}"),
          kms(
              "CreateEcDatakeyPair",
              "create-ec-datakey-pair",
              "{'key_id':'$key','key_spec':'ECC_NIST_P256','with_plain_text':true}"),
          // Signatures, MACs, agreement
          kms(
                  "CreateKey",
                  "create-key",
                  "{'key_alias':'sign','key_spec':'EC_P256','key_usage':'SIGN_VERIFY'}")
              .noting("signing", "/key_info/key_id"),
          kms("Sign", "sign", "{'key_id':'$signing'," + OF_SIGNATURE + "}")
              .noting("signature", "/signature"),
          kms(
              "ValidateSignature",
              "verify",
              "{'key_id':'$signing','signature':'$signature'," + OF_SIGNATURE + "}"),
          kms(
                  "CreateKey",
                  "create-key",
                  "{'key_alias':'mac','key_spec':'HMAC_256','key_usage':'GENERATE_VERIFY_MAC'}")
              .noting("mac_key", "/key_info/key_id"),
          kms("GenerateMac", "generate-mac", OF_MAC + "}").noting("mac", "/mac"),
          kms("VerifyMac", "verify-mac", OF_MAC + ",'mac':'$mac'}"),
          kms(
                  "CreateKey",
                  "create-key",
                  "{'key_alias':'agree','key_spec':'EC_P256','key_usage':'KEY_AGREEMENT'}")
              .noting("agreeing", "/key_info/key_id"),
          kms("ShowPublicKey", "get-publickey", "{'key_id':'$agreeing'}")
              .noting("public_key", "/public_key"),
          kms(
              "DeriveSharedSecret",
              "derive-shared-secret",
              "{'key_id':'$agreeing','key_agreement_algorithm':'ECDH',"
                  + "'public_key':'$public_key'}"),
          // Import
          kms("CreateKey", "create-key", "{'key_alias':'ours','origin':'external'}")
              .noting("external", "/key_info/key_id"),
          kms(
                  "CreateParametersForImport",
                  "get-parameters-for-import",
                  "{'key_id':'$external','wrapping_algorithm':'RSAES_OAEP_SHA_256'}")
              .noting("token", "/import_token", "wrapping", "/public_key"),
          kms(
              "ImportKeyMaterial",
              "import-key-material",
              "{'key_id':'$external','import_token':'$token',"
                  + "'encrypted_key_material':'$wrapped'}"),
          kms(
                  "CreateParametersForImport",
                  "get-parameters-for-import",
                  "{'key_id':'$external','wrapping_algorithm':'RSAES_OAEP_SHA_256'}")
              .noting("token", "/import_token", "wrapping", "/public_key"),
          kms(
              "ImportKeyMaterial",
              "import-key-material",
              "{'key_id':'$external','import_token':'$token',"
                  + "'encrypted_key_material':'$wrapped'}"),
          kms("RotateOnDemand", "rotate-on-demand", ABOUT_EXTERNAL),
          kms("DeleteImportedKeyMaterial", "delete-imported-key-material", ABOUT_EXTERNAL),
          // Rotation
          kms("EnableKeyRotation", "enable-key-rotation", ABOUT),
          kms(
              "UpdateKeyRotationInterval",
              "update-key-rotation-interval",
              "{'key_id':'$key','rotation_interval':30}"),
          kms("RotateKeyNow", "yaoku-rotate-now", ABOUT),
          kms("ListKeyVersions", "yaoku-list-versions", ABOUT),
          kms("ShowKeyRotationStatus", "get-key-rotation-status", ABOUT),
          kms("DisableKeyRotation", "disable-key-rotation", ABOUT),
          // Grants
          kms(
                  "CreateGrant",
                  "create-grant",
                  "{'key_id':'$key','grantee_principal':'$user','operations':['describe-key',"
                      + "'encrypt-data'],'name':'shop'}")
              .noting("grant", "/grant_id"),
          kms("ListGrants", "list-grants", "{'key_id':'$key','limit':'100','marker':''}"),
          kms("ListRetirableGrants", "list-retirable-grants", "{'limit':'100'}"),
          kms("CancelGrant", "revoke-grant", "{'key_id':'$key','grant_id':'$grant'}"),
          kms(
                  "CreateGrant",
                  "create-grant",
                  "{'key_id':'$key','grantee_principal':'$user','operations':['describe-key']}")
              .noting("grant", "/grant_id"),
          kms("CancelSelfGrant", "retire-grant", "{'key_id':'$key','grant_id':'$grant'}"),
          kms(
                  "CreateGrant",
                  "create-grant",
                  "{'key_id':'$key','grantee_principal':'$user','operations':['describe-key']}")
              .noting("grant", "/grant_id"),
          kms(
              "CancelGrantTree",
              "yaoku-revoke-grant-tree",
              "{'key_id':'$key','grant_id':'$grant'}"),
          // Tags
          kms("CreateKmsTag", "$key/tags", "{'tag':{'key':'env','value':'prod'}}"),
          kms(
              "BatchCreateKmsTags",
              "$key/tags/action",
              "{'action':'create','tags':[{'key':'team','value':'pay'}]}"),
          project("ShowKmsTags", "GET", "/kms/$key/tags", ""),
          project("ListKmsTags", "GET", "/kms/tags", ""),
          kms(
              "ListKmsByTags",
              "resource_instances/action",
              "{'action':'filter','limit':'10','offset':'0',"
                  + "'tags':[{'key':'env','values':['prod']}]}"),
          project("DeleteTag", "DELETE", "/kms/$key/tags/env", ""),
          // Aliases
          kms("CreateAlias", "aliases", "{'key_id':'$key','alias':'alias/$label'}"),
          project("ListAliases", "GET", "/kms/aliases?key_id=$key&limit=50&marker=", ""),
          kms(
              "AssociateAlias",
              "alias/associate",
              "{'alias':'alias/$label','target_key_id':'$other'}"),
          project(
              "DeleteAlias",
              "DELETE",
              "/kms/aliases",
              "{'key_id':'$other','aliases':['alias/$label']}"),
          // Keystores
          project(
                  "CreateKeyStore",
                  "POST",
                  "/keystores",
                  "{'keystore_alias':'vault-$label','hsm_cluster_id':'$label','hsm_ca_cert':'PEM'}")
              .noting("keystore", "/keystore/keystore_id"),
          project("ListKeyStores", "GET", "/keystores?limit=10&offset=0", ""),
          project("ShowKeyStore", "GET", "/keystores/$keystore", ""),
          project("EnableKeyStore", "POST", "/keystores/$keystore/enable", ""),
          project("DisableKeyStore", "POST", "/keystores/$keystore/disable", ""),
          project("DeleteKeyStore", "DELETE", "/keystores/$keystore", ""),
          // Administration
          kms("CreateDefaultKey", "yaoku-create-default-key", "{'service':'obs'}"),
          kms("ShowKey", "yaoku-show-key", ABOUT),
          kms("DeleteKey", "schedule-key-deletion", "{'key_id':'$other','pending_days':'7'}"),
          kms("UndeleteKey", "yaoku-undelete-key", "{'key_id':'$other'}"),
          get("ShowClock", "/yaoku/v1/clock"),
          get("ExplainRefusal", "/yaoku/v1/refusals/$refused"),
          kms(
              "CheckAccess",
              "yaoku-check-access",
              "{'user':'$user','action':'encrypt-data','key_id':'$key'}"),
          new Step("AcceptClock", "POST", "/yaoku/v1/clock/accept", "", Map.of()),
          // Key spaces
          kms("CreatePin", "create-pin", "{'pin_type':'CipherText','keystore_id':'0'}"),
          kms(
                  "CreateAccessPoint",
                  "access-points",
                  "{'keyspace_id':'"
                      + KEY_SPACE
                      + "','access_point_name':'cash-$label','type':3,"
                      + "'description':'in the shop'}")
              .noting("access_point", "/access_point_id"),
          project(
              "ListAccessPoint",
              "GET",
              "/kms/access-points?keyspace_id=" + KEY_SPACE + "&limit=50&marker=",
              ""),
          project("DisableAccessPoint", "POST", ABOUT_ACCESS_POINT + "/disable", ""),
          project("EnableAccessPoint", "POST", ABOUT_ACCESS_POINT + "/enable", ""),
          project(
                  "DownloadAccessPointPrivateKey",
                  "POST",
                  ABOUT_ACCESS_POINT + "/get-privatekey",
                  "")
              .noting("program_key", "/private_key"),
          kms(
                  "CreateKeyPolicy",
                  "key-policies",
                  "{'keyspace_id':'"
                      + KEY_SPACE
                      + "','policy_name':'cash-$label',"
                      + "'policy':'{\\'allowed_access_point\\':[\\'$access_point\\']}',"
                      + "'description':'of the shop'}")
              .noting("policy", "/policy_id"),
          project(
              "ListKeyPolicy",
              "GET",
              "/kms/key-policies?keyspace_id=" + KEY_SPACE + "&limit=50&marker=",
              ""),
          project("ShowKeyPolicy", "GET", ABOUT_POLICY, ""),
          project(
              "UpdateKeyPolicy",
              "PUT",
              ABOUT_POLICY,
              "{'policy':'{\\'allowed_access_point\\':[\\'$access_point\\'],"
                  + "\\'validity_period\\':{\\'end_time\\':\\'2099-12-31T00:00:00Z\\'}}',"
                  + "'description':'of both shops'}"),
          kms(
                  "CreateDatakeyCapsule",
                  "datakey-capsule/create",
                  "{'key_id':'$key','datakey_length':'256','policy_id':'$policy'}")
              .noting("capsule", "/datakey_capsule"),
          kms(
              "DecryptDatakeyCapsule",
              "datakey-capsule/decrypt",
              "{'key_id':'$key','datakey_capsule':'$capsule','attestation_document':{"
                  + "'custom_signature':'$proof','custom_public_key':'$program_public',"
                  + "'expire_time':'$until'}}"),
          // Regions
          region(
                  "ReplicateKey",
                  "POST",
                  "keys/$key/replicate",
                  "{'replica_region':'cn-south-1','replica_project_id':'$far_project',"
                      + "'key_alias':'replica-$label','key_description':'of the shop',"
                      + "'tags':[{'key':'env','value':'prod'}]}")
              .noting("replica", "/key_id"),
          region(
              "UpdatePrimaryRegion",
              "PUT",
              "keys/$key/update-primary-region",
              "{'primary_region':'cn-south-1'}"),
          region("ListSupportRegions", "GET", "regions?limit=10&offset=0", ""),
          // Versions and identity
          get("ShowVersions", "/"),
          get("ShowVersion", "/v1.0"),
          get("ShowIdentityVersion", "/v3"),
          new Step(
              "CreateToken",
              "POST",
              "/v3/auth/tokens",
              "{'auth':{'identity':{'methods':['password'],'password':{'user':{'name':'$user_name',"
                  + "'password':'$password','domain':{'name':'$domain_name'}}}},"
                  + "'scope':{'project':{'name':'$project_name'}}}}",
              Map.of()),
          get("ShowToken", "/v3/auth/tokens"),
          new Step("CheckToken", "HEAD", "/v3/auth/tokens", "", Map.of()),
          get("ListProjects", "/v3/projects?name=$project_name"),
          get("ListOwnProjects", "/v3/auth/projects"),
          get("KeystoneListProjectsForUser", "/v3/users/$user/projects"),
          get("ListDomains", "/v3/auth/domains"),
          get("KeystoneListDomains", "/v3/domains?name=$domain_name")
              .noting("own_domain", "/domains/0/id"),
          get("KeystoneShowDomain", "/v3/domains/$own_domain"),
          get("ListRegions", "/v3/regions"),
          get("KeystoneShowRegion", "/v3/regions/$project_name"),
          get("KeystoneListServices", "/v3/services?type=identity")
              .noting("service", "/services/0/id"),
          get("KeystoneShowService", "/v3/services/$service"),
          get("KeystoneListEndpoints", "/v3/endpoints?service_id=$service")
              .noting("endpoint", "/endpoints/0/id"),
          get("KeystoneShowEndpoint", "/v3/endpoints/$endpoint"),
          get("ShowCatalog", "/v3/auth/catalog"));

  private static final List<Step> AFTER =
      List.of(
          project("DeleteKeyPolicy", "DELETE", ABOUT_POLICY, ""),
          project("DeleteAccessPoint", "DELETE", ABOUT_ACCESS_POINT, ""),
          // Other ways in
          new Step(
              "CreateIdentityProvider",
              "PUT",
              "/v3/OS-FEDERATION/identity_providers/$label",
              "{'identity_provider':{'description':'of the shop','enabled':true}}",
              Map.of()),
          new Step(
              "UpdateIdentityProvider",
              "PATCH",
              PROVIDER,
              "{'identity_provider':{'description':'of both shops'}}",
              Map.of()),
          get("ListIdentityProviders", "/v3/OS-FEDERATION/identity_providers"),
          get("ShowIdentityProvider", PROVIDER),
          new Step("CreateOpenIdConnectConfig", "POST", OPENID, OPENID_SETTINGS, Map.of()),
          new Step("UpdateOpenIdConnectConfig", "PUT", OPENID, OPENID_SETTINGS, Map.of()),
          get("ShowOpenIdConnectConfig", OPENID),
          new Step(
              "PutIdentityMapping",
              "PUT",
              "/v3/OS-FEDERATION/mappings/shop",
              "{'mapping':{'rules':[{'remote':[{'type':'sub'}],"
                  + "'local':[{'user':{'name':'{0}'}}]}]}}",
              Map.of()),
          get("ShowIdentityMapping", "/v3/OS-FEDERATION/mappings/shop"),
          get("ListIdentityMappings", "/v3/OS-FEDERATION/mappings"),
          new Step(
              "UpdateIdentityMapping",
              "PATCH",
              "/v3/OS-FEDERATION/mappings/mapping_shop",
              "{'mapping':{'rules':[{'remote':[{'type':'sub'}],"
                  + "'local':[{'user':{'name':'{0}'}}]}]}}",
              Map.of()),
          new Step(
              "PutIdentityProtocol",
              "PUT",
              PROVIDER + "/protocols/oidc",
              "{'protocol':{'mapping_id':'shop'}}",
              Map.of()),
          new Step(
              "UpdateIdentityProtocol",
              "PATCH",
              PROVIDER + "/protocols/oidc",
              "{'protocol':{'mapping_id':'mapping_shop'}}",
              Map.of()),
          get("ListIdentityProtocols", PROVIDER + "/protocols"),
          get("ShowIdentityProtocol", PROVIDER + "/protocols/oidc"),
          new Step(
              "CreateTokenWithIdToken",
              "POST",
              "/v3.0/OS-AUTH/id-token/tokens",
              "{'auth':{'id_token':{'id':'$id_token'},'scope':{'project':{'id':'$project'}}}}",
              Map.of()),
          new Step("DeleteIdentityProtocol", "DELETE", PROVIDER + "/protocols/oidc", "", Map.of()),
          new Step(
              "PutIdentityMapping",
              "PUT",
              "/v3/OS-FEDERATION/mappings/shop",
              "{'mapping':{'rules':[{'remote':[{'type':'sub'}],"
                  + "'local':[{'user':{'name':'{0}'}}]}]}}",
              Map.of()),
          new Step(
              "DeleteIdentityMapping",
              "DELETE",
              "/v3/OS-FEDERATION/mappings/mapping_shop",
              "",
              Map.of()),
          new Step("DeleteIdentityProvider", "DELETE", PROVIDER, "", Map.of()),
          new Step(
              "PutClientAuthority",
              "PUT",
              AUTHORITY,
              "{'client_authority':{'certificate':'$authority'}}",
              Map.of()),
          get("ListClientAuthorities", "/v3/OS-YAOKU/client-authorities"),
          get("ShowClientAuthority", AUTHORITY),
          new Step("PutCertificateName", "PUT", CERTIFICATE, "{'user_id':'$user'}", Map.of()),
          new Step("DeleteCertificateName", "DELETE", CERTIFICATE, "", Map.of()),
          new Step("DeleteClientAuthority", "DELETE", AUTHORITY, "", Map.of()),
          new Step("RevokeToken", "DELETE", "/v3/auth/tokens", "", Map.of()),
          new Step(
              "KeystoneUpdateUserPassword",
              "POST",
              "/v3/users/$user/password",
              "{'user':{'password':'Of-The-Owner-1','original_password':'$password'}}",
              Map.of()),
          new Step("MoveClock", "POST", "/dev/clock", "{'forward_seconds':60}", Map.of()));

  /** Taken once more they undo what was done by requests like them, for later steps. */
  static final Set<String> RESTORED_BY_THEMSELVES =
      Set.of("UpdateOpenIdConnectConfig", "PutIdentityMapping", "UpdateIdentityMapping");

  static final List<Step> ALL =
      Stream.of(BEFORE, IdentitySteps.ALL, AFTER).flatMap(List::stream).toList();
}
