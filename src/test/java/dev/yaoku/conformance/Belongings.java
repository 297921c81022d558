package dev.yaoku.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.Principals.Who;
import dev.yaoku.conformance.Survey.State;
import dev.yaoku.server.LiveServer;
import dev.yaoku.server.Tenant;
import dev.yaoku.server.Tenant.Reply;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * What the steps are about: what the principals' account has, made anew for each step, and what
 * another tenant has.
 */
final class Belongings {
  static final String UNKNOWN = "00000000-0000-4000-8000-000000000000";
  static final String KEY_SPACE = "1c5b8e57-6a3c-4f0e-9d55-0b1d4f1f3a22";

  /** Steps that are about names of keys. */
  static final Set<String> ABOUT_NAMES = Set.of("AssociateAlias", "DeleteAlias");

  private static final Map<String, State> STATES =
      Map.of(
          "EnableKey", State.DISABLED,
          "CancelKeyDeletion", State.PENDING_DELETION,
          "ImportKeyMaterial", State.PENDING_IMPORT);

  /** A thing that is another's, and the same where there is none. */
  record Other(String theirs, String unknown) {}

  private final Walk walk;
  private final LiveServer server;
  private final Principals principals;
  private final Tenant owner;
  private int made;

  Belongings(Walk walk, Principals principals) {
    this.walk = walk;
    this.server = walk.server;
    this.principals = principals;
    this.owner = principals.owner;
  }

  /** A number that was not given out before. */
  int next() {
    return made++;
  }

  /** Everything that the step is about, made anew. */
  Map<String, String> of(Step step, Who who) throws GeneralSecurityException {
    Subject subject = Subject.of(step);
    State state = STATES.getOrDefault(step.operation(), State.ENABLED);
    Map<String, String> names = new HashMap<>(new Subjects(walk).prepare(subject, step, state));
    if (subject == Subject.SYMMETRIC || subject == Subject.OTHER) {
      names.putIfAbsent("other", key(names));
    }
    if (subject == Subject.SIGNING) {
      String about = "{'key_id':'" + names.get("signing") + "','message':'aGVsbG8=',";
      String how = "'signing_algorithm':'ECDSA_SHA_256','message_type':'RAW'}";
      names.put("signature", owner.ok("sign", about + how).text("/signature"));
    }
    if (subject == Subject.MAC) {
      String about = "{'key_id':'" + names.get("mac_key") + "','message':'aGVsbG8=',";
      names.put(
          "mac", owner.ok("generate-mac", about + "'mac_algorithm':'HMAC_SHA_256'}").text("/mac"));
    }
    if (subject == Subject.AGREEING) {
      String about = "{'key_id':'" + names.get("agreeing") + "'}";
      names.put("public_key", owner.ok("get-publickey", about).text("/public_key"));
    }
    String text = step.target() + step.body();
    if (text.contains("$keystore")) {
      names.put("keystore", keystore(owner));
      if (step.operation().equals("DisableKeyStore")) {
        owner.call("POST", "/keystores/" + names.get("keystore") + "/enable", "").is(200);
      }
    }
    if (text.contains("$access_point") || text.contains("$policy")) {
      String point = accessPoint(owner);
      names.put("access_point", point);
      names.putIfAbsent("policy", policy(owner, point));
      if (step.operation().equals("EnableAccessPoint")) {
        owner.call("POST", "/kms/access-points/" + point + "/disable", "");
      }
    }
    names.put("label", names.getOrDefault("label", "label") + "-" + made++);
    if (ABOUT_NAMES.contains(step.operation())) {
      owner.kms(
          "aliases",
          "{'key_id':'" + names.get("other") + "','alias':'alias/" + names.get("label") + "'}");
    }
    if (who == Who.GRANTEE && subject != Subject.NONE && state != State.PENDING_DELETION) {
      grant(subject, names);
    }
    return names;
  }

  private String key(Map<String, String> names) {
    return names.getOrDefault("key", owner.key("other-" + made++, ""));
  }

  private void grant(Subject subject, Map<String, String> names) {
    boolean symmetric = subject == Subject.SYMMETRIC || subject == Subject.OTHER;
    String more =
        symmetric
            ? ",'create-datakey','create-datakey-without-plaintext','encrypt-datakey',"
                + "'decrypt-datakey','encrypt-data','decrypt-data'"
            : "";
    String key = names.get(subject.variable.substring(1));
    Reply reply =
        owner.kms(
            "create-grant",
            ("{'key_id':'%s','grantee_principal':'%s','operations':['describe-key',"
                    + "'create-grant','retire-grant'%s]}")
                .formatted(key, principals.userOf(Who.GRANTEE), more));
    if (reply.status() == 200) {
      names.put("grant", reply.text("/grant_id"));
    }
  }

  private String keystore(Tenant of) {
    String body = "{'keystore_alias':'store-" + made++ + "','hsm_cluster_id':'c-" + made++ + "',";
    return of.call("POST", "/keystores", body + "'hsm_ca_cert':'PEM'}")
        .is(200)
        .text("/keystore/keystore_id");
  }

  private String accessPoint(Tenant of) {
    String body = "{'keyspace_id':'" + KEY_SPACE + "','access_point_name':'point-" + made++;
    return of.kms("access-points", body + "','type':3}").is(201).text("/access_point_id");
  }

  private String policy(Tenant of, String point) {
    return of.kms(
            "key-policies",
            "{'keyspace_id':'%s','policy_name':'policy-%d','policy':{'allowed_access_point':['%s']}}"
                .formatted(KEY_SPACE, made++, point))
        .is(201)
        .text("/policy_id");
  }

  /** What another has, by the walk's names, with what would be in its place if there were none. */
  Map<String, List<Other>> ofTenant(Tenant of) {
    String name = "theirs-" + of.project;
    String symmetric = of.key(name, "");
    String about = "{'key_id':'" + symmetric + "'";
    of.kms("aliases", about + ",'alias':'alias/" + name + "'}").is(201);
    Map<String, List<Other>> all = new LinkedHashMap<>();
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put("key", symmetric);
    keys.put("other", symmetric);
    keys.put("external", of.key("x-" + name, "'origin':'external'"));
    keys.put("signing", of.key("s-" + name, "'key_spec':'EC_P256','key_usage':'SIGN_VERIFY'"));
    keys.put("agreeing", of.key("a-" + name, "'key_spec':'EC_P256','key_usage':'KEY_AGREEMENT'"));
    keys.put("mac_key", of.key("m-" + name, "'key_spec':'HMAC_256'"));
    String urn = "kms:" + server.known("region") + ":%s:alias:%s";
    keys.forEach((variable, id) ->
        all.put(
            variable,
            List.of(
                new Other(id, UNKNOWN),
                new Other("alias/" + name, "alias/unknown"),
                new Other(urn.formatted(of.account, name), urn.formatted("f".repeat(32), name)),
                new Other(urn.formatted(of.account, name), urn.formatted(of.account, "unknown")))));
    String grant = ",'grantee_principal':'abc','operations':['describe-key']}";
    all.put(
        "grant",
        List.of(new Other(of.ok("create-grant", about + grant).text("/grant_id"), "0".repeat(64))));
    all.put("keystore", List.of(new Other(keystore(of), UNKNOWN)));
    String point = accessPoint(of);
    all.put("access_point", List.of(new Other(point, UNKNOWN)));
    all.put("policy", List.of(new Other(policy(of, point), UNKNOWN)));
    all.put("label", List.of(new Other(name, "unknown")));
    String cipherText =
        of.ok("encrypt-data", about + ",'plain_text':'hello'}").text("/cipher_text");
    all.put("cipher_text", List.of(new Other(cipherText, ofUnknownKey(cipherText, symmetric))));
    return all;
  }

  /** The ciphertext as if a key had made it that nobody has: its id stands in it as it is. */
  private static String ofUnknownKey(String cipherText, String key) {
    byte[] blob = Base64.getDecoder().decode(cipherText);
    String bytes = new String(blob, ISO_8859_1);
    int at = bytes.indexOf(new String(bytesOf(key), ISO_8859_1));
    assertThat(at).isNotNegative();
    System.arraycopy(bytesOf(UNKNOWN), 0, blob, at, 16);
    return Base64.getEncoder().encodeToString(blob);
  }

  private static byte[] bytesOf(String id) {
    UUID uuid = UUID.fromString(id);
    return ByteBuffer.allocate(16)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }
}
