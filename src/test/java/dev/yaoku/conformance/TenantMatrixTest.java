package dev.yaoku.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.Survey.State;
import dev.yaoku.server.LiveServer;
import dev.yaoku.server.Tenant;
import dev.yaoku.server.Tenant.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation of the cloud's API by six principals of one account, on what is theirs, and on
 * what is of another project and of another account: that is never there, whoever asks and however
 * it is named.
 */
class TenantMatrixTest {
  /** Who asks. */
  private enum Who {
    ADMINISTRATOR,
    KEY_USER,
    READER,
    NOBODY,
    GRANTEE,
    EXPIRED
  }

  /**
   * What each may do with what is there, in the order of {@link Who}: {@code +} it is done, {@code
   * -} KMS.0307, {@code k} KMS.0306, {@code x} KMS.0303. A grant is on a key that is enabled, so
   * the grantee has none where the key is in another state.
   *
   * @see "contract/permissions.md, sections 1, 2, 5 and 6"
   */
  private static final String EXPECTED =
      """
      CreateKey +----x
      ListKeyDetail +++-+x
      DisableKey +kk-kx
      EnableKey +kk--x
      UpdateKeyAlias +kk-kx
      UpdateKeyDescription +kk-kx
      DeleteKey +kk-kx
      CancelKeyDeletion +kk--x
      ListKeys +++--x
      ShowUserInstances +-+--x
      ShowUserQuotas +-+--x
      CreateRandom ++---x
      EncryptData ++k-+x
      DecryptData ++k-+x
      ReEncrypt ++k-+x
      CreateDatakey ++k-+x
      CreateDatakeyWithoutPlaintext ++k-+x
      EncryptDatakey ++k-+x
      DecryptDatakey ++k-+x
      CreateRsaDatakeyPair ++k-kx
      CreateEcDatakeyPair ++k-kx
      Sign ++k-kx
      ValidateSignature ++k-kx
      GenerateMac ++k-kx
      VerifyMac ++k-kx
      ShowPublicKey ++k-kx
      DeriveSharedSecret ++k-kx
      CreateParametersForImport +kk-kx
      ImportKeyMaterial +kk--x
      RotateOnDemand +kk-kx
      DeleteImportedKeyMaterial +kk-kx
      EnableKeyRotation +kk-kx
      UpdateKeyRotationInterval +kk-kx
      ShowKeyRotationStatus +k+-kx
      DisableKeyRotation +kk-kx
      CreateGrant +kk-+x
      ListGrants +k+-kx
      ListRetirableGrants +-+--x
      CancelGrant +kk-kx
      CancelSelfGrant +kk-+x
      CreateKmsTag +kk-kx
      BatchCreateKmsTags +kk-kx
      ShowKmsTags +k+-kx
      ListKmsTags +-+--x
      ListKmsByTags +-+--x
      DeleteTag +kk-kx
      CreateAlias +kk-kx
      ListAliases +----x
      AssociateAlias +kk-kx
      DeleteAlias +kk-kx
      CreateKeyStore +----x
      ListKeyStores +----x
      ShowKeyStore +----x
      EnableKeyStore +----x
      DisableKeyStore +----x
      DeleteKeyStore +----x
      CreatePin ++---x
      CreateAccessPoint +----x
      ListAccessPoint +----x
      DisableAccessPoint +----x
      EnableAccessPoint +----x
      DownloadAccessPointPrivateKey +----x
      CreateKeyPolicy +----x
      ListKeyPolicy +----x
      ShowKeyPolicy +----x
      UpdateKeyPolicy +----x
      CreateDatakeyCapsule ++k-kx
      DecryptDatakeyCapsule ++k-kx
      ReplicateKey +kk-kx
      UpdatePrimaryRegion +kk-kx
      ListSupportRegions +++--x
      ShowVersions ++++++
      ShowVersion ++++++
      DeleteKeyPolicy +----x
      DeleteAccessPoint +----x
      """;

  private static final String KEY_USER_POLICY =
      "{'Version':'1.1','Statement':[{'Effect':'Allow','Action':['kms:cmk:crypto','kms:cmk:get',"
          + "'kms:cmk:list','kms:cmk:sign','kms:cmk:verify','kms:cmk:generateMac',"
          + "'kms:cmk:verifyMac','kms:cmk:getPublicKey','kms:cmk:generate','kms:dek:create',"
          + "'kms:dek:crypto']}]}";
  private static final String READER_POLICY = "system_all_39";

  private static final Map<String, State> STATES =
      Map.of(
          "EnableKey", State.DISABLED,
          "CancelKeyDeletion", State.PENDING_DELETION,
          "ImportKeyMaterial", State.PENDING_IMPORT);

  private static final String UNKNOWN = "00000000-0000-4000-8000-000000000000";
  private static final Set<String> KEYS =
      Set.of("key", "other", "external", "signing", "agreeing", "mac_key");
  private static final Set<String> ABOUT_NAMES = Set.of("AssociateAlias", "DeleteAlias");
  private static final String A_NEW_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final String A_TIME = "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]*Z";
  private static final String KEY_SPACE = "1c5b8e57-6a3c-4f0e-9d55-0b1d4f1f3a22";
  private static final String PASSWORD = "Correct-Horse-1";

  @TempDir static Path scratch;
  private static Walk walk;
  private static LiveServer server;
  private static Tenant owner;
  private static Tenant elsewhere;
  private static Tenant stranger;
  private static String expired = "";
  private static final Map<Who, Tenant> PEOPLE = new EnumMap<>(Who.class);
  private static int made;

  @BeforeAll
  static void start() throws Exception {
    walk = new Walk(scratch.resolve("data"), Map.of("auth.token-life", "1m"));
    server = walk.server;
    owner = Tenant.first(server);
    elsewhere = owner.elsewhere();
    stranger = Tenant.another(server);
    PEOPLE.put(Who.ADMINISTRATOR, owner);
    PEOPLE.put(Who.KEY_USER, holding(ownPolicy()));
    PEOPLE.put(Who.READER, holding(READER_POLICY));
    PEOPLE.put(Who.NOBODY, holding(""));
    PEOPLE.put(Who.GRANTEE, holding(""));
    expired = token();
    owner.send("POST", "/dev/clock", "{'forward_seconds':120}").is(200);
  }

  @AfterAll
  static void stop() {
    walk.close();
  }

  // Who there is

  private static Tenant holding(String policy) {
    String name = "person-" + made++;
    String body = "{'user':{'name':'" + name + "','password':'" + PASSWORD + "'}}";
    String id = owner.send("POST", "/v3/users", body).is(201).text("/user/id");
    Reply key =
        owner.send(
            "POST", "/v3.0/OS-CREDENTIAL/credentials", "{'credential':{'user_id':'" + id + "'}}");
    if (!policy.isEmpty()) {
      owner
          .send("PUT", "/v3/projects/" + owner.project + "/users/" + id + "/roles/" + policy, "")
          .is(204);
    }
    return owner.as(id, key.text("/credential/access"), key.text("/credential/secret"));
  }

  private static String ownPolicy() {
    return owner
        .send(
            "POST",
            "/v3.0/OS-ROLE/roles",
            "{'role':{'display_name':'using keys','type':'XA','policy':" + KEY_USER_POLICY + "}}")
        .is(201)
        .text("/role/id");
  }

  private static String token() {
    return tokenOf(
        server.known("user_name"), server.known("password"), server.known("domain_name"));
  }

  private static String tokenOf(String user, String password, String domain) {
    String body =
        ("{'auth':{'identity':{'methods':['password'],'password':{'user':{'name':'%s',"
                + "'password':'%s','domain':{'name':'%s'}}}},'scope':{'project':{'name':'%s'}}}}")
            .formatted(user, password, domain, server.known("project_name"));
    HttpResponse<String> answer =
        server.send(
            server
                .to("/v3/auth/tokens")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body.replace('\'', '"'))));
    return answer.headers().firstValue("x-subject-token").orElseThrow();
  }

  private static Reply ask(Who who, Step step, Map<String, String> names) {
    String target = walk.fill(step.target(), names);
    String body = walk.fill(step.body(), names);
    Tenant asking = PEOPLE.get(who);
    if (asking != null) {
      return asking.send(step.method(), target, body);
    }
    HttpResponse<String> answer =
        server.send(
            server
                .to(target)
                .header("content-type", "application/json")
                .header("x-auth-token", expired)
                .method(step.method(), BodyPublishers.ofString(body.replace('\'', '"'))));
    return new Reply(answer.statusCode(), answer);
  }

  // What there is

  /** Everything that the step is about, made anew. */
  private static Map<String, String> things(Step step, Who who) throws GeneralSecurityException {
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

  private static String key(Map<String, String> names) {
    return names.getOrDefault("key", owner.key("other-" + made++, ""));
  }

  private static void grant(Subject subject, Map<String, String> names) {
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
                .formatted(key, PEOPLE.getOrDefault(Who.GRANTEE, owner).user, more));
    if (reply.status() == 200) {
      names.put("grant", reply.text("/grant_id"));
    }
  }

  private static String keystore(Tenant of) {
    String body = "{'keystore_alias':'store-" + made++ + "','hsm_cluster_id':'c-" + made++ + "',";
    return of.call("POST", "/keystores", body + "'hsm_ca_cert':'PEM'}")
        .is(200)
        .text("/keystore/keystore_id");
  }

  private static String accessPoint(Tenant of) {
    String body = "{'keyspace_id':'" + KEY_SPACE + "','access_point_name':'point-" + made++;
    return of.kms("access-points", body + "','type':3}").is(201).text("/access_point_id");
  }

  private static String policy(Tenant of, String point) {
    return of.kms(
            "key-policies",
            "{'keyspace_id':'%s','policy_name':'policy-%d','policy':{'allowed_access_point':['%s']}}"
                .formatted(KEY_SPACE, made++, point))
        .is(201)
        .text("/policy_id");
  }

  /** What another has, by the walk's names, with what would be in its place if there were none. */
  private static Map<String, List<Other>> belongings(Tenant of) {
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

  /** A thing that is another's, and the same where there is none. */
  private record Other(String theirs, String unknown) {}

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

  private static List<Step> steps() {
    Map<String, Step> once = new LinkedHashMap<>();
    Steps.ALL.stream()
        .filter(step -> Contract.OPERATIONS.contains(step.operation()))
        .forEach(step -> once.putIfAbsent(step.operation(), step));
    assertThat(once).hasSameSizeAs(Contract.OPERATIONS);
    return List.copyOf(once.values());
  }

  @Test
  void everyPrincipalMayDoWhatItsRightsSay() throws GeneralSecurityException {
    List<String> seen = new ArrayList<>();
    for (Step step : steps()) {
      StringBuilder row = new StringBuilder(step.operation()).append(' ');
      // The administrator last: the others leave things as they are.
      Map<Who, String> outcomes = new EnumMap<>(Who.class);
      for (Who who : Who.values()) {
        Reply reply = ask(who, step, things(step, who));
        outcomes.put(who, outcome(reply));
      }
      outcomes.values().forEach(row::append);
      seen.add(row.toString());
    }
    assertThat(String.join("\n", seen)).isEqualTo(EXPECTED.strip());
  }

  private static String outcome(Reply reply) {
    if (reply.status() < 300) {
      return "+";
    }
    return switch (reply.code()) {
      case "KMS.0307" -> "-";
      case "KMS.0306" -> "k";
      case "KMS.0303" -> "x";
      default -> "[" + reply.status() + " " + reply.code() + "]";
    };
  }

  @Test
  void whatIsOfAnotherAccountIsNotThereForAnyone() throws GeneralSecurityException {
    nothingOf(stranger);
  }

  @Test
  void whatIsOfAnotherProjectIsNotThereForAnyone() throws GeneralSecurityException {
    nothingOf(elsewhere);
  }

  /** Aliases are an account's: their names are taken in all its projects (semantics.md). */
  private static boolean isTaken(Tenant other, Step step, String variable) {
    return variable.equals("label")
        && step.operation().equals("AssociateAlias")
        && other.account.equals(owner.account);
  }

  private static void nothingOf(Tenant other) throws GeneralSecurityException {
    Map<String, List<Other>> belongings = belongings(other);
    String before = everythingOf(other, belongings);
    int compared = 0;
    for (Step step : steps()) {
      for (Who who : Who.values()) {
        Map<String, String> names = things(step, who);
        for (Map.Entry<String, List<Other>> one : belongings.entrySet()) {
          if (names(step, one.getKey()) && !isTaken(other, step, one.getKey())) {
            compared += compare(step, who, names, one.getKey(), one.getValue());
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(500);
    assertThat(everythingOf(other, belongings)).isEqualTo(before);
  }

  private static boolean names(Step step, String variable) {
    boolean there = (step.target() + step.body()).matches("(?s).*\\$" + variable + "(?![a-z_]).*");
    return there && (!variable.equals("label") || ABOUT_NAMES.contains(step.operation()));
  }

  private static int compare(
      Step step, Who who, Map<String, String> names, String variable, List<Other> others) {
    boolean inPath = step.target().contains("$" + variable);
    int compared = 0;
    for (Other other : others) {
      if (inPath && KEYS.contains(variable) && !other.unknown().equals(UNKNOWN)) {
        continue; // names of keys are for bodies
      }
      assertThat(shape(step, who, names, variable, other.theirs()))
          .as(step.operation() + " by " + who + " with " + variable + " = " + other)
          .isEqualTo(shape(step, who, names, variable, other.unknown()));
      compared++;
      if (step.operation().equals("AssociateAlias") && variable.equals("label")) {
        forget(names, other); // it has made what was not there
      }
    }
    return compared;
  }

  private static void forget(Map<String, String> names, Other other) {
    for (String name : List.of(other.theirs(), other.unknown())) {
      owner.call(
          "DELETE",
          "/kms/aliases",
          "{'key_id':'" + names.get("other") + "','aliases':['alias/" + name + "']}");
    }
  }

  private static String shape(
      Step step, Who who, Map<String, String> names, String variable, String id) {
    Map<String, String> swapped = new HashMap<>(names);
    if (!ABOUT_NAMES.contains(step.operation())) {
      swapped.put("label", "new-" + made++);
    }
    swapped.put(variable, id);
    return shape(ask(who, step, swapped), id);
  }

  /** All that a caller sees of an answer, but for the id that it sent itself and the request's. */
  private static String shape(Reply reply, String id) {
    String requestId = reply.raw().headers().firstValue("x-request-id").orElseThrow();
    return reply.status()
        + " "
        + new java.util.TreeSet<>(reply.raw().headers().map().keySet())
        + " "
        + reply
            .raw()
            .body()
            .replace(id, "ID")
            .replace(requestId, "REQUEST")
            .replaceAll(A_NEW_ID, "NEW")
            .replaceAll(A_TIME, "TIME");
  }

  private static String everythingOf(Tenant other, Map<String, List<Other>> belongings) {
    StringBuilder all = new StringBuilder();
    belongings.forEach((variable, things) -> {
      String id = things.getFirst().theirs();
      if (KEYS.contains(variable)) {
        String about = "{'key_id':'" + id + "'}";
        all.append(other.ok("describe-key", about).raw().body());
        all.append(other.ok("list-grants", about).raw().body());
        all.append(other.call("GET", "/kms/" + id + "/tags", "").raw().body());
      }
    });
    all.append(other.call("GET", "/kms/aliases", "").raw().body());
    all.append(other.call("GET", "/keystores", "").raw().body());
    for (String what : List.of("key-policies", "access-points")) {
      String path = "/kms/" + what + "?keyspace_id=" + KEY_SPACE;
      all.append(other.call("GET", path, "").raw().body());
    }
    return new String(all.toString().getBytes(UTF_8), UTF_8);
  }
}
