package dev.yaoku.conformance;

import static dev.yaoku.conformance.Step.kms;
import static dev.yaoku.conformance.Step.project;

import java.util.List;
import java.util.Map;

/** Steps of which the walk shows nothing: members that are there at times, and other shapes. */
final class VariantSteps {
  private VariantSteps() {}

  private static final String WANTED_KEY = "'public_key':'$program_public'";

  static final List<Step> ALL =
      List.of(
          kms("EnableKey", "enable-key", "{'key_id':'$other'}"),
          kms(
              "CreateRsaDatakeyPair",
              "create-rsa-datakey-pair",
              "{'key_id':'$other','key_spec':'RSA_2048'}"),
          kms(
              "CreateEcDatakeyPair",
              "create-ec-datakey-pair",
              "{'key_id':'$other','key_spec':'ECC_NIST_P256','with_plain_text':'false'}"),
          kms(
                  "CreateAccessPoint",
                  "access-points",
                  "{'keyspace_id':'1c5b8e57-6a3c-4f0e-9d55-0b1d4f1f3a22',"
                      + "'access_point_name':'variant','type':3}")
              .noting("access_point", "/access_point_id"),
          project(
                  "DownloadAccessPointPrivateKey",
                  "POST",
                  "/kms/access-points/$access_point/get-privatekey",
                  "")
              .noting("program_key", "/private_key"),
          kms(
                  "CreateKeyPolicy",
                  "key-policies",
                  "{'keyspace_id':'1c5b8e57-6a3c-4f0e-9d55-0b1d4f1f3a22','policy_name':'variant',"
                      + "'policy':{'allowed_access_point':['$access_point']}}")
              .noting("policy", "/policy_id"),
          kms(
                  "CreateDatakeyCapsule",
                  "datakey-capsule/create",
                  "{'key_id':'$other','datakey_length':'256','policy_id':'$policy',"
                      + WANTED_KEY
                      + "}")
              .noting("capsule", "/datakey_capsule"),
          kms(
              "DecryptDatakeyCapsule",
              "datakey-capsule/decrypt",
              "{'key_id':'$other','datakey_capsule':'$capsule','attestation_document':{"
                  + "'custom_signature':'$proof','custom_public_key':'$program_public',"
                  + "'expire_time':'$until'},"
                  + WANTED_KEY
                  + "}"),
          project(
              "UpdateKeyPolicy",
              "PUT",
              "/kms/key-policies/$policy",
              "{'policy':{'allowed_data_security_zone':['zone'],"
                  + "'validity_period':{'start_time':'2026-01-01T00:00:00Z'}}}"),
          project("ShowKeyPolicy", "GET", "/kms/key-policies/$policy", ""),
          kms(
              "CreateGrant",
              "create-grant",
              "{'key_id':'$other','grantee_principal':'$user','name':'named',"
                  + "'retiring_principal':'$user','operations':['describe-key']}"),
          kms("ListGrants", "list-grants", "{'key_id':'$other'}"),
          kms("ListRetirableGrants", "list-retirable-grants", "{}"),
          kms("ListKmsByTags", "resource_instances/action", "{'action':'count'}"),
          kms("CreateAlias", "aliases", "{'key_id':'$other','alias':'variant'}"),
          kms("ShowKeyRotationStatus", "get-key-rotation-status", "{'key_id':'$other'}"),
          kms("ShowKeyRotationStatus", "get-key-rotation-status", "{'key_id':'$external'}"),
          kms("ListKeyVersions", "yaoku-list-versions", "{'key_id':'$external'}"),
          kms("ShowKey", "yaoku-show-key", "{'key_id':'$external'}"),
          new Step(
              "CreateToken",
              "POST",
              "/v3/auth/tokens",
              "{'auth':{'identity':{'methods':['password'],'password':{'user':{'name':'$user_name',"
                  + "'password':'$password','domain':{'name':'$domain_name'}}}},"
                  + "'scope':{'domain':{'name':'$domain_name'}}}}",
              Map.of()),
          new Step(
              "CreateAgency",
              "POST",
              "/v3.0/OS-AGENCY/agencies",
              "{'agency':{'name':'for a day','trust_domain_name':'$domain_name',"
                  + "'duration':'ONEDAY'}}",
              Map.of()));
}
