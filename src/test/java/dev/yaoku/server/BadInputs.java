package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;

/** What nobody should send. */
final class BadInputs {
  /** The id of a key, or of anything else, that is not there. */
  static final String NOWHERE = "00000000-0000-4000-8000-000000000000";

  /** Members that real requests have, and one that none has. */
  static final List<String> MEMBERS =
      List.of(
          "key_id",
          "key_alias",
          "key_spec",
          "key_usage",
          "key_description",
          "origin",
          "limit",
          "marker",
          "offset",
          "key_state",
          "pending_days",
          "plain_text",
          "cipher_text",
          "sequence",
          "encryption_context",
          "additional_authenticated_data",
          "encryption_algorithm",
          "datakey_length",
          "datakey_plain_length",
          "datakey_cipher_length",
          "random_data_length",
          "message",
          "signature",
          "signing_algorithm",
          "message_type",
          "mac",
          "mac_algorithm",
          "tags",
          "tag",
          "action",
          "matches",
          "keystore_alias",
          "hsm_cluster_id",
          "alias",
          "aliases",
          "target_key_id",
          "grant_id",
          "operations",
          "grantee_principal",
          "retiring_principal",
          "wrapping_algorithm",
          "import_token",
          "encrypted_key_material",
          "encrypted_privatekey",
          "expiration_time",
          "rotation_interval",
          "destination_key_id",
          "source_key_id",
          "public_key",
          "key_agreement_algorithm",
          "recipient",
          "with_plain_text",
          "auth",
          "forward_seconds",
          "keyspace_id",
          "policy",
          "policy_id",
          "policy_name",
          "key_policy",
          "access_point_name",
          "type",
          "identity",
          "cluster_id",
          "description",
          "pin_type",
          "keystore_id",
          "datakey_capsule",
          "attestation_document",
          "nobody_knows_this");

  /** No value of any member. */
  static final List<String> VALUES =
      List.of(
          "null",
          "{}",
          "[]",
          "[[]]",
          "{\"a\":{\"b\":[]}}",
          "\"!\"",
          "\"\\u0000!\"",
          "-1",
          "1e999",
          "99999999999999999999999999",
          "0.5",
          "\"" + "ä!".repeat(5_000) + "\"",
          "\"\\ud800!\"",
          "\"../../etc/passwd!\"",
          "\"' OR 1=1 --!\"",
          "\"${jndi:ldap://x}!\"",
          "[null]",
          "[true]",
          "\"%00!\"",
          "\"\uD83D\uDD11!\"");

  /** Segments of a path, and values of a query, as they go over the wire; none names anything. */
  private static final List<String> ENCODED =
      List.of(
          NOWHERE,
          "-1",
          "99999999999999999999999999",
          "0.5",
          "%20",
          "%00",
          "x%00y",
          "%FF",
          "%C0%80",
          "%ED%A0%80",
          "%F0%9F%94%91",
          "%C3%A4".repeat(300),
          "..%2F..%2Fetc",
          "%25zz",
          "%27%20OR%201%3D1--",
          "%2A",
          "%5B%5D",
          "%7B%22a%22%3A1%7D",
          "a%0D%0Ab",
          "x".repeat(2_000));

  /** Control characters, bytes that are not UTF-8, and a parameter that is there twice. */
  private static final Pattern MALFORMED =
      Pattern.compile("%(00|0D|FF|C0|ED)|[?&]([a-z_]+)=.*&\\2=");

  private static final List<String> PARAMETERS =
      List.of(
          "limit",
          "marker",
          "offset",
          "key_id",
          "key_state",
          "keyspace_id",
          "name",
          "domain_id",
          "user_id",
          "enabled",
          "nocatalog");

  private BadInputs() {}

  /** Whether a target is refused for its form, before anybody asks who sent it. */
  static boolean isMalformed(String target) {
    return MALFORMED.matcher(target).find();
  }

  /** Bodies that are no JSON object, or are not well-formed, or too long. */
  static List<byte[]> noObjects() {
    List<byte[]> bodies = new ArrayList<>();
    for (String text :
        List.of(
            "{",
            "[]",
            "\"x\"",
            "1",
            "nul",
            "{\"a\":1,\"a\":2}",
            "{}{}",
            "{\"a\":}",
            "{'a':1}",
            "{\"a\":1,}",
            "<xml/>",
            "\u0000",
            "{\"a\":" + "[".repeat(500) + "]".repeat(500) + "}")) {
      bodies.add(text.getBytes(UTF_8));
    }
    bodies.add(new byte[] {'{', '"', (byte) 0xff, '"', ':', '1', '}'});
    bodies.add(new byte[] {'{', '"', 'a', '"', ':', '"', (byte) 0xc0, (byte) 0x80, '"', '}'});
    bodies.add(filled(20_000));
    return bodies;
  }

  static byte[] filled(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 'x');
    return bytes;
  }

  /** Members with values that none of them can have; a key, if it is named, that is not there. */
  static String junk(Random random) {
    StringBuilder body = new StringBuilder("{");
    List<String> left = new ArrayList<>(MEMBERS);
    if (random.nextBoolean()) {
      left.remove("key_id");
      body.append("\"key_id\":\"").append(NOWHERE).append('"');
    }
    for (int members = 1 + random.nextInt(6); members > 0; members--) {
      String member = left.remove(random.nextInt(left.size()));
      String value = VALUES.get(random.nextInt(VALUES.size()));
      body.append(body.length() > 1 ? "," : "").append('"').append(member).append("\":");
      body.append(value);
    }
    return body.append('}').toString();
  }

  /** A segment of a path that names nothing. */
  static String segment(Random random) {
    return ENCODED.get(random.nextInt(ENCODED.size()));
  }

  /** A query with parameters that mean something somewhere, and values that none of them has. */
  static String query(Random random) {
    StringBuilder query = new StringBuilder();
    for (int parameters = random.nextInt(4); parameters > 0; parameters--) {
      String name =
          random.nextInt(4) == 0
              ? MEMBERS.get(random.nextInt(MEMBERS.size()))
              : PARAMETERS.get(random.nextInt(PARAMETERS.size()));
      query.append(query.isEmpty() ? '?' : '&').append(name).append('=').append(segment(random));
    }
    return query.toString();
  }
}
