package dev.yaoku.conformance;

import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** Which codes a bad value of a member may have ({@code errors.md} 4). */
final class Expected {
  private Expected() {}

  private static final String MISSING = "KMS.0204";
  private static final String WRONG_KIND = "KMS.0308";
  private static final Set<String> KEY = codes("0205 0207");

  /** With an operation before it where that differs. */
  private static final Map<String, Set<String>> BY_MEMBER =
      Map.ofEntries(
          Map.entry("BatchCreateKmsTags action", codes("0404")),
          Map.entry("CheckAccess key_id", codes("0205 0207 0308")),
          Map.entry("CreateDatakey key_spec", codes("1902")),
          Map.entry("CreateDatakeyWithoutPlaintext key_spec", codes("1902")),
          Map.entry("CreateEcDatakeyPair key_spec", codes("1902")),
          Map.entry("CreateKey key_spec", codes("1110")),
          Map.entry("CreateRsaDatakeyPair key_spec", codes("1902")),
          Map.entry("DecryptData additional_authenticated_data", codes("0308 2201 2203")),
          Map.entry("DecryptData encryption_context", codes("0208 2201 2203")),
          Map.entry("DecryptData shop", codes("0208 2201")),
          Map.entry("DecryptDatakey additional_authenticated_data", codes("0308 2201 2203")),
          Map.entry("DecryptDatakey encryption_context", codes("0208 2201 2203")),
          Map.entry("DecryptDatakey shop", codes("0208 2203")),
          Map.entry("DeriveSharedSecret attestation_document", codes("3804")),
          Map.entry("EncryptDatakey key_spec", codes("1902")),
          Map.entry("ListKmsByTags action", codes("0404")),
          Map.entry("access_point_name", codes("1101 1104")),
          Map.entry("alias", codes("1101")),
          Map.entry("aliases", codes("0207 0308 1101")),
          Map.entry("attestation_document", codes("0306 0308 3804")),
          Map.entry("cipher_text", codes("0205 2201 2203")),
          Map.entry("custom_public_key", codes("0306 0308 3804")),
          Map.entry("custom_signature", codes("0306 0308 3804")),
          Map.entry("datakey_capsule", codes("2201")),
          Map.entry("datakey_cipher_length", codes("2202 2204")),
          Map.entry("datakey_length", codes("1901 1903")),
          Map.entry("datakey_plain_length", codes("2102 2104")),
          Map.entry("description", codes("1103")),
          Map.entry("destination_key_id", KEY),
          Map.entry("ecs_signature", codes("3804")),
          Map.entry("encrypted_key_material", codes("0308 0311 2604")),
          Map.entry("encryption_context", codes("0208")),
          Map.entry("end_time", codes("0308 2801")),
          Map.entry("expiration_time", codes("0308 2602")),
          Map.entry("expire_time", codes("0306 0308 3804")),
          Map.entry("grant_id", codes("0308 2501 2502")),
          Map.entry("grantee_principal", codes("2402")),
          Map.entry("import_token", codes("0308 2603 2605")),
          Map.entry("key", codes("0403 0406 0411")),
          // The second where an earlier wrong value was a name and was taken.
          Map.entry("key_alias", codes("1101 1104")),
          Map.entry("key_description", codes("1103")),
          Map.entry("key_id", KEY),
          Map.entry("keyspace_id", codes("0205 0207 0308")),
          Map.entry("keystore_id", codes("0308 0340 8003")),
          Map.entry("limit", codes("1601")),
          Map.entry("marker", codes("1602")),
          Map.entry("matches", codes("0403 0415")),
          Map.entry("message", codes("0308 0329")),
          // A message is a digest unless it is said to be raw.
          Map.entry("message_type", codes("0308 0329")),
          Map.entry("offset", codes("0417")),
          Map.entry("pending_days", codes("1401")),
          Map.entry("plain_text", codes("0308 2101 2103 2104")),
          Map.entry("policy", codes("0308 2801")),
          Map.entry("policy_id", KEY),
          Map.entry("policy_name", codes("1101 1104")),
          Map.entry("project_id", codes("0321")),
          Map.entry("projects", codes("0308 0321")),
          Map.entry("random_data_length", codes("1801 1802")),
          Map.entry("realm", codes("1102")),
          Map.entry("recipient", codes("0308 3804")),
          Map.entry("resource_id", KEY),
          Map.entry("resource_type", codes("0212")),
          Map.entry("retiring_principal", codes("2402")),
          Map.entry("rotation_interval", codes("3001")),
          Map.entry("sequence", codes("0206")),
          Map.entry("service", codes("1101")),
          Map.entry("service_token", codes("3804")),
          Map.entry("shop", codes("0208")),
          Map.entry("source_additional_authenticated_data", codes("0308 2201 2203")),
          Map.entry("source_key_id", KEY),
          Map.entry("start_time", codes("0308 2801")),
          Map.entry("tag", codes("0401 0411 0414")),
          Map.entry("tags", codes("0401 0411 0414")),
          Map.entry("target_key_id", KEY),
          Map.entry("user", Set.of("YAOKU.0002")),
          Map.entry("value", codes("0402 0405 0410")),
          Map.entry("values", codes("0405 0410 0414")));

  /** What may be left out; with an operation before it, of that alone. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "CheckAccess agency_name",
          "CheckAccess domain_id",
          "CheckAccess key_id",
          "CreateDatakey datakey_length",
          "CreateDatakey key_spec",
          "CreateDatakeyCapsule public_key",
          "CreateDatakeyWithoutPlaintext datakey_length",
          "CreateDatakeyWithoutPlaintext key_spec",
          "CreateKey key_spec",
          "CreateKey keystore_id",
          "CreateKeyStore cluster_id",
          "DecryptData key_id",
          "DecryptDatakeyCapsule public_key",
          "DeriveSharedSecret attestation_document",
          "EncryptDatakey key_spec",
          "ListKeys key_spec",
          "ListKmsByTags action",
          "ListKmsByTags tags",
          "ListRetirableGrants key_id",
          "ReEncrypt datakey_cipher_length",
          "ReplicateKey key_id",
          "ReplicateKey tags",
          "UpdatePrimaryRegion key_id",
          "additional_authenticated_data",
          "allowed_access_point",
          "allowed_data_security_zone",
          "description",
          "destination_additional_authenticated_data",
          "destination_encryption_algorithm",
          "ecs_signature",
          "encrypted_privatekey",
          "encryption_algorithm",
          "encryption_context",
          "end_time",
          "enterprise_project_id",
          "expiration_time",
          "grantee_principal_type",
          "hsm_ca_cert",
          "hsm_cluster_id",
          "key_description",
          "key_encryption_algorithm",
          "key_state",
          "key_usage",
          "keystore_type",
          "limit",
          "marker",
          "matches",
          "name",
          "offset",
          "origin",
          "pin",
          "pin_type",
          "projects",
          "realm",
          "recipient",
          "region_id",
          "resource_types",
          "retiring_principal",
          "sequence",
          "service_token",
          "shop",
          "source_encryption_algorithm",
          "source_key_id",
          "start_time",
          "validity_period",
          "value",
          "values",
          "version",
          "vm_id",
          "with_plain_text");

  /** Members in which a value of the wrong kind has another code than in all others. */
  private static final Map<String, String> WRONG_KINDS =
      Map.of(
          "encryption_context", "KMS.0208",
          "matches", "KMS.0415",
          "realm", "KMS.1102",
          "sequence", "KMS.0206",
          "tag", "KMS.0414",
          "tags", "KMS.0414");

  private static final String NAME = "[\\w-]{1,64}";
  private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  /** What is right in these, whatever stood there; numbers and truth are taken as texts. */
  private static final Map<String, String> RIGHT =
      Map.ofEntries(
          Map.entry("CheckAccess agency_name", "(?s).*"),
          Map.entry("CheckAccess domain_id", "(?s).*"),
          Map.entry("CheckAccess key_id", UUID),
          Map.entry("CheckAccess user", "f{64}"), // a user whom another request made
          Map.entry("CreateAccessPoint cluster_id", "[^\\x00]{1,255}"),
          Map.entry("ListKmsByTags value", "(?s).{1,255}"),
          Map.entry("ListRetirableGrants key_id", "(?s).*"),
          Map.entry("access_point_name", NAME),
          Map.entry("additional_authenticated_data", "(?s).{0,128}"),
          Map.entry("alias", NAME),
          Map.entry("allowed_access_point", UUID),
          Map.entry("allowed_data_security_zone", NAME),
          Map.entry("description", NAME),
          Map.entry("destination_additional_authenticated_data", "(?s).{0,128}"),
          Map.entry("encrypted_privatekey", "(?s).*"),
          Map.entry("encryption_context", "(?s).{0,8000}"),
          Map.entry("enterprise_project_id", UUID),
          Map.entry("grantee_principal", "[0-9a-z]{1,64}"),
          Map.entry("hsm_ca_cert", ".*"),
          Map.entry("hsm_cluster_id", NAME),
          Map.entry("key", NAME),
          Map.entry("key_alias", NAME),
          Map.entry("key_description", NAME),
          Map.entry("key_encryption_algorithm", "(?s).*"),
          Map.entry("keyspace_id", UUID),
          Map.entry("keystore_alias", NAME),
          Map.entry("mac", "[0-9a-f]{64}"),
          Map.entry("message", "[0-9a-f]{64}"),
          Map.entry("name", NAME),
          Map.entry("pin", "(?s).{0,1024}"),
          Map.entry("plain_text", "(?s).{1,4096}"),
          Map.entry("policy_name", NAME),
          Map.entry("public_key", "MII[\\w+/]+={0,2}"), // of another key
          Map.entry("realm", "[^\\x00]{0,64}"),
          Map.entry("resource_types", "(?s).*"),
          Map.entry("retiring_principal", "[0-9a-z]{1,64}"),
          Map.entry("sequence", "(?s).{0,255}"),
          Map.entry("service", "[a-z]+"),
          Map.entry("shop", "(?s).{0,8000}"),
          Map.entry("signature", "[0-9a-z]{4,}"),
          Map.entry("value", NAME),
          Map.entry("values", NAME),
          Map.entry("version", "(?s).{1,32}"),
          Map.entry("vm_id", "(?s).{0,64}"),
          Map.entry("with_plain_text", "true|false"));

  /** Objects none of whose members must be there; what they do not know is passed over. */
  private static final Set<String> NEEDS_NOTHING = Set.of("recipient");

  private static Set<String> codes(String digits) {
    return java.util.Arrays.stream(digits.split(" ", -1))
        .map(four -> "KMS." + four)
        .collect(java.util.stream.Collectors.toUnmodifiableSet());
  }

  /** Whether the contract lets this outcome be of a request with this value in this place. */
  static boolean may(String operation, String place, JsonNode wrong, String outcome) {
    String[] path = place.substring(1).split("/", -1);
    String last = path[path.length - 1];
    String member = last.matches("\\d+") ? path[path.length - 2] : last;
    boolean absent =
        wrong.isMissingNode() || wrong.isNull() || (wrong.isString() && wrong.asString().isEmpty());
    Set<String> own = BY_MEMBER.getOrDefault(operation + " " + member, BY_MEMBER.get(member));
    return (own == null ? outcome.equals(WRONG_KIND) : own.contains(outcome))
        || (absent && outcome.equals(MISSING))
        || (wrong.isContainer() && outcome.equals(WRONG_KINDS.getOrDefault(path[0], WRONG_KIND)))
        || (outcome.equals("ok") && isRight(operation, member, wrong, absent));
  }

  private static boolean isRight(String operation, String member, JsonNode value, boolean absent) {
    String here = operation + " " + member;
    if (absent) {
      return OPTIONAL.contains(here) || OPTIONAL.contains(member);
    }
    if (value.isObject()) {
      return NEEDS_NOTHING.contains(member);
    }
    String right = RIGHT.getOrDefault(here, RIGHT.get(member));
    return right != null && value.isValueNode() && value.asString().matches(right);
  }
}
