package dev.yaoku.conformance;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Valid requests that have every member that their operations read; several of an operation where
 * members exclude each other.
 */
final class FullRequests {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String SEQUENCE = "'sequence':'919c82d4-8046-4722-9094-35c3c6524cff'";
  private static final String BOUND =
      "'additional_authenticated_data':'of the shop','encryption_context':{'shop':'north'}";
  private static final String PIN = "'pin':'1234','pin_type':'PlainText'";

  /** What the walk's first request of an operation leaves out, or has otherwise. */
  private static final Map<String, List<String>> MORE =
      Map.ofEntries(
          more(
              "CreateKey",
              "'key_spec':'AES_256','key_usage':'ENCRYPT_DECRYPT','origin':'kms','realm':'north',"
                  + "'enterprise_project_id':'0','keystore_id':'0','vm_id':'machine'"),
          more("ListKeys", "'key_state':'2','key_spec':'ALL','enterprise_project_id':'all'"),
          more("MigrateResource", "'region_id':'cn-north-4'"),
          more("EncryptData", "'encryption_algorithm':'SYMMETRIC_DEFAULT'," + BOUND),
          more(
              "DecryptData",
              "'cipher_text':'$bound_text','key_id':'$key',"
                  + "'encryption_algorithm':'SYMMETRIC_DEFAULT',"
                  + BOUND),
          more(
              "ReEncrypt",
              "'cipher_text':'$moving_key','source_key_id':'$other',"
                  + "'source_encryption_algorithm':'SYMMETRIC_DEFAULT',"
                  + "'destination_encryption_algorithm':'SYMMETRIC_DEFAULT',"
                  + "'source_additional_authenticated_data':'of the shop',"
                  + "'destination_additional_authenticated_data':'of both shops',"
                  + "'datakey_cipher_length':'32'"),
          more("CreateDatakey", "'key_spec':'AES_256'," + BOUND + "," + PIN),
          more("CreateDatakeyWithoutPlaintext", "'datakey_length':'256'," + BOUND + "," + PIN),
          more("EncryptDatakey", "'key_spec':'RSA'," + BOUND + "," + PIN),
          more("DecryptDatakey", "'cipher_text':'$bound_key'," + BOUND),
          more("CreateRsaDatakeyPair", "'additional_authenticated_data':'of the shop'"),
          more("CreateEcDatakeyPair", "'additional_authenticated_data':'of the shop'," + PIN),
          more(
              "DeriveSharedSecret",
              "'recipient':{'attestation_document':'',"
                  + "'key_encryption_algorithm':'RSAES_OAEP_SHA_256'}"),
          more(
              "ImportKeyMaterial",
              "'encrypted_privatekey':'" + "AAAA".repeat(90) + "','expiration_time':'4102444800'"),
          more(
              "CreateGrant",
              "'operations':['describe-key'],'grantee_principal_type':'user','retiring_principal':'$user'"),
          more("ListRetirableGrants", "'key_id':'$key','marker':'0'"),
          more("ListKmsByTags", "'matches':[{'key':'resource_name','value':'shop'}]"),
          more("CreateKeyStore", "'keystore_type':'DHSM','cluster_id':'$label'"),
          more(
              "CheckAccess",
              "",
              "'key_id':null,'action':'iam:tokens:assume','agency_name':'auditors',"
                  + "'domain_id':'$domain'"),
          // First the one for which no pair of RSA is made.
          more("CreateAccessPoint", "'type':2,'identity':'$public_key','cluster_id':'cluster'", ""),
          more(
              "UpdateKeyPolicy",
              "'policy':{'version':'1.0','allowed_access_point':['$access_point'],"
                  + "'allowed_data_security_zone':['1c5b8e57-6a3c-4f0e-9d55-0b1d4f1f3a22'],"
                  + "'validity_period':{'start_time':'2026-01-01T00:00:00Z',"
                  + "'end_time':'2099-12-31T00:00:00Z'}}"),
          more(
              "CreateDatakeyCapsule",
              "'public_key':'$program_public'",
              "'policy_id':null,'key_policy':{'allowed_access_point':['$access_point']}"),
          more(
              "DecryptDatakeyCapsule",
              "'public_key':'$program_public','attestation_document':{'ecs_signature':'',"
                  + "'service_token':'','custom_signature':'$proof',"
                  + "'custom_public_key':'$program_public','expire_time':'$until'}"),
          more("ReplicateKey", "'key_id':'$key','enterprise_project_id':'0'"),
          more("UpdatePrimaryRegion", "'key_id':'$key'"));

  private FullRequests() {}

  static Map.Entry<String, List<String>> more(String operation, String... members) {
    return Map.entry(operation, List.of(members));
  }

  /**
   * The full requests of an operation.
   *
   * @param step a request of it
   * @param members all that it reads
   */
  static List<Step> of(Step step, Set<String> members) {
    String sequence = members.contains("/sequence") ? SEQUENCE : "";
    List<String> own = IdentityRequests.MORE.getOrDefault(step.operation(), List.of(""));
    return MORE.getOrDefault(step.operation(), own).stream()
        .map(more -> with(step, more, sequence))
        .toList();
  }

  private static Step with(Step step, String... more) {
    ObjectNode body = object(step.body());
    Stream.of(more).forEach(members -> body.setAll(object("{" + members + "}")));
    body.propertyNames().stream()
        .filter(name -> body.get(name).isNull())
        .toList()
        .forEach(body::remove);
    return new Step(step.operation(), step.method(), step.target(), body.toString(), Map.of());
  }

  /** As steps are written: with apostrophes for quotes. */
  private static ObjectNode object(String text) {
    return (ObjectNode) JSON.readTree(text.replace('\'', '"'));
  }

  /** Pointers to all members of a schema, with 0 for every element of an array. */
  static Set<String> members(JsonNode schema) {
    Set<String> members = new TreeSet<>();
    add(members, schema, "");
    return members;
  }

  private static void add(Set<String> members, JsonNode schema, String at) {
    schema
        .path("properties")
        .properties()
        .forEach(member -> {
          members.add(at + "/" + member.getKey());
          add(members, member.getValue(), at + "/" + member.getKey());
        });
    if (schema.has("items")) {
      add(members, schema.get("items"), at + "/0");
    }
  }
}
