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

  private static final Map<String, Set<String>> BY_MEMBER =
      Map.ofEntries(
          Map.entry("key_id", KEY),
          Map.entry("source_key_id", KEY),
          Map.entry("destination_key_id", KEY),
          Map.entry("target_key_id", KEY),
          Map.entry("resource_id", KEY),
          // The second where an earlier wrong value was a name and was taken.
          Map.entry("key_alias", codes("1101 1104")),
          Map.entry("key_description", codes("1103")),
          Map.entry("key_spec", codes("0308 1110 1902")),
          Map.entry("pending_days", codes("1401")),
          Map.entry("limit", codes("1601")),
          Map.entry("marker", codes("1602")),
          Map.entry("offset", codes("0417")),
          Map.entry("random_data_length", codes("1801 1802")),
          Map.entry("plain_text", codes("0308 2101 2103 2104")),
          Map.entry("cipher_text", codes("0205 2201 2203")),
          Map.entry("datakey_length", codes("1901 1903")),
          Map.entry("datakey_plain_length", codes("2102 2104")),
          Map.entry("datakey_cipher_length", codes("2202 2204")),
          Map.entry("rotation_interval", codes("3001")),
          Map.entry("import_token", codes("0308 2603 2605")),
          Map.entry("encrypted_key_material", codes("0308 0311 2604")),
          Map.entry("grantee_principal", codes("2402")),
          Map.entry("grant_id", codes("0308 2501 2502")),
          Map.entry("action", codes("0308 0404")),
          Map.entry("user", Set.of("YAOKU.0002")),
          Map.entry("tags", codes("0401 0414")),
          Map.entry("tag", codes("0401 0411 0414")),
          Map.entry("key", codes("0403 0406 0411 0414")),
          Map.entry("value", codes("0402 0405 0410 0414")),
          Map.entry("values", codes("0405 0410 0414")),
          Map.entry("alias", codes("1101")),
          Map.entry("aliases", codes("0207 0308 1101")),
          Map.entry("message", codes("0308 0329")),
          // A message is a digest unless it is said to be raw.
          Map.entry("message_type", codes("0308 0329")),
          Map.entry("project_id", codes("0321")),
          Map.entry("projects", codes("0308 0321")),
          Map.entry("resource_type", codes("0212")),
          Map.entry("service", codes("1101")),
          Map.entry("keystore_id", codes("0308 0340 8003")),
          Map.entry("keyspace_id", codes("0205 0207 0308")),
          Map.entry("policy_id", KEY),
          Map.entry("policy_name", codes("1101 1104")),
          Map.entry("access_point_name", codes("1101 1104")),
          Map.entry("description", codes("1103")),
          Map.entry("start_time", codes("0308 2801")),
          Map.entry("end_time", codes("0308 2801")),
          Map.entry("datakey_capsule", codes("2201")),
          Map.entry("policy", codes("0308 2801")),
          Map.entry("attestation_document", codes("0306 0308 3804")),
          Map.entry("custom_signature", codes("0306 0308 3804")),
          Map.entry("custom_public_key", codes("0306 0308 3804")),
          Map.entry("expire_time", codes("0306 0308 3804")));

  /** What may be left out; with an operation before it, of that alone. */
  private static final Set<String> OPTIONAL =
      Set.of(
          "CheckAccess key_id",
          "CreateDatakey datakey_length",
          "CreateDatakeyWithoutPlaintext key_spec",
          "ListKmsByTags action",
          "ListKmsByTags tags",
          "ReplicateKey tags",
          "description",
          "hsm_ca_cert",
          "key_description",
          "limit",
          "marker",
          "name",
          "offset",
          "pin_type",
          "projects",
          "resource_types",
          "value",
          "values",
          "with_plain_text");

  private static final String NAME = "[\\w-]{1,64}";
  private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

  /** What is right in these, whatever stood there; numbers and truth are taken as texts. */
  private static final Map<String, String> RIGHT =
      Map.ofEntries(
          Map.entry("CheckAccess key_id", UUID),
          Map.entry("access_point_name", NAME),
          Map.entry("alias", NAME),
          Map.entry("description", NAME),
          Map.entry("grantee_principal", "[0-9a-z]{1,64}"),
          Map.entry("hsm_ca_cert", ".*"),
          Map.entry("hsm_cluster_id", NAME),
          Map.entry("key", NAME),
          Map.entry("key_alias", NAME),
          Map.entry("key_description", NAME),
          Map.entry("keyspace_id", UUID),
          Map.entry("keystore_alias", NAME),
          Map.entry("mac", "[0-9a-f]{64}"),
          Map.entry("message", "[0-9a-f]{64}"),
          Map.entry("name", NAME),
          Map.entry("plain_text", "(?s).{1,4096}"),
          Map.entry("policy_name", NAME),
          Map.entry("service", "[a-z]+"),
          Map.entry("signature", "[0-9a-z]{4,}"),
          Map.entry("value", NAME),
          Map.entry("with_plain_text", "true|false"));

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
    Set<String> own = BY_MEMBER.get(member);
    return (own == null ? outcome.equals(WRONG_KIND) : own.contains(outcome))
        || (absent && outcome.equals(MISSING))
        || (wrong.isContainer() && outcome.equals(WRONG_KIND))
        || (outcome.equals("ok") && isRight(operation, member, wrong, absent));
  }

  private static boolean isRight(String operation, String member, JsonNode value, boolean absent) {
    String here = operation + " " + member;
    if (absent) {
      return OPTIONAL.contains(here) || OPTIONAL.contains(member);
    }
    String right = RIGHT.getOrDefault(here, RIGHT.get(member));
    return right != null && value.isValueNode() && value.asString().matches(right);
  }
}
