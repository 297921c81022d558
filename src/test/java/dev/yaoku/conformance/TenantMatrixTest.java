package dev.yaoku.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.Belongings.Other;
import dev.yaoku.conformance.Principals.Who;
import dev.yaoku.server.Tenant;
import dev.yaoku.server.Tenant.Reply;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
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

  private static final Set<String> KEYS =
      Set.of("key", "other", "external", "signing", "agreeing", "mac_key");
  private static final String A_NEW_ID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
  private static final String A_TIME = "20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]*Z";

  @TempDir static Path scratch;
  private static Walk walk;
  private static Tenant elsewhere;
  private static Tenant stranger;
  private static Principals principals;
  private static Belongings belongings;

  @BeforeAll
  static void start() throws Exception {
    walk = new Walk(scratch.resolve("data"), Map.of("auth.token-life", "1m"));
    principals = new Principals(walk);
    belongings = new Belongings(walk, principals);
    elsewhere = principals.owner.elsewhere();
    stranger = Tenant.another(walk.server);
  }

  @AfterAll
  static void stop() {
    walk.close();
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
        Reply reply = principals.ask(who, step, belongings.of(step, who));
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
        && other.account.equals(principals.owner.account);
  }

  private static void nothingOf(Tenant other) throws GeneralSecurityException {
    Map<String, List<Other>> theirs = belongings.ofTenant(other);
    String before = everythingOf(other, theirs);
    int compared = 0;
    for (Step step : steps()) {
      for (Who who : Who.values()) {
        Map<String, String> names = belongings.of(step, who);
        for (Map.Entry<String, List<Other>> one : theirs.entrySet()) {
          if (names(step, one.getKey()) && !isTaken(other, step, one.getKey())) {
            compared += compare(step, who, names, one.getKey(), one.getValue());
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(500);
    assertThat(everythingOf(other, theirs)).isEqualTo(before);
  }

  private static boolean names(Step step, String variable) {
    boolean there = (step.target() + step.body()).matches("(?s).*\\$" + variable + "(?![a-z_]).*");
    return there
        && (!variable.equals("label") || Belongings.ABOUT_NAMES.contains(step.operation()));
  }

  private static int compare(
      Step step, Who who, Map<String, String> names, String variable, List<Other> others) {
    boolean inPath = step.target().contains("$" + variable);
    int compared = 0;
    for (Other other : others) {
      if (inPath && KEYS.contains(variable) && !other.unknown().equals(Belongings.UNKNOWN)) {
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
      principals.owner.call(
          "DELETE",
          "/kms/aliases",
          "{'key_id':'" + names.get("other") + "','aliases':['alias/" + name + "']}");
    }
  }

  private static String shape(
      Step step, Who who, Map<String, String> names, String variable, String id) {
    Map<String, String> swapped = new HashMap<>(names);
    if (!Belongings.ABOUT_NAMES.contains(step.operation())) {
      swapped.put("label", "new-" + belongings.next());
    }
    swapped.put(variable, id);
    return shape(principals.ask(who, step, swapped), id);
  }

  /** All that a caller sees of an answer, but for the id that it sent itself and the request's. */
  private static String shape(Reply reply, String id) {
    String requestId = reply.raw().headers().firstValue("x-request-id").orElseThrow();
    return reply.status()
        + " "
        + new TreeSet<>(reply.raw().headers().map().keySet())
        + " "
        + reply
            .raw()
            .body()
            .replace(id, "ID")
            .replace(requestId, "REQUEST")
            .replaceAll(A_NEW_ID, "NEW")
            .replaceAll(A_TIME, "TIME");
  }

  private static String everythingOf(Tenant other, Map<String, List<Other>> theirs) {
    StringBuilder all = new StringBuilder();
    theirs.forEach((variable, things) -> {
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
      String path = "/kms/" + what + "?keyspace_id=" + Belongings.KEY_SPACE;
      all.append(other.call("GET", path, "").raw().body());
    }
    return new String(all.toString().getBytes(UTF_8), UTF_8);
  }
}
