package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.Provider;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Operations on keys whose pair was made elsewhere, of every kind and in every state, with the
 * contract's codes (semantics.md 1): a pair comes once, and never goes alone. What is refused
 * changes nothing.
 */
class ImportedPairStatesTest {
  private static final AtomicInteger NAMES = new AtomicInteger();

  /** Kinds of pairs, with how they sign. */
  private static final Map<String, String> KINDS =
      Map.of(
          "EC_P256", "ECDSA_SHA_256",
          "ED25519", "ED25519_SHA_512",
          "RSA_2048", "RSASSA_PSS_SHA_256",
          "SM2", "SM2DSA_SM3");

  private static final List<String> STATES =
      List.of("pending import", "enabled", "disabled", "pending deletion");

  @TempDir static Path scratch;
  private static LiveServer server;
  private static Tenant tenant;
  private static final Map<String, byte[]> PAIRS = new HashMap<>();

  /** Keys by kind and state, until an operation changes them. */
  private static final Map<String, Prepared> READY = new HashMap<>();

  private static final Set<String> CHANGE_STATES =
      Set.of("enable-key", "disable-key", "schedule-key-deletion", "cancel-key-deletion");

  @BeforeAll
  static void start() throws IOException, GeneralSecurityException {
    server = new LiveServer(scratch.resolve("data"), Map.of("quotas.keys", "10000"));
    tenant = Tenant.first(server);
    Provider other = new BouncyCastleProvider();
    PAIRS.put("EC_P256", pkcs8(curve(KeyPairGenerator.getInstance("EC"), "secp256r1")));
    PAIRS.put("SM2", pkcs8(curve(KeyPairGenerator.getInstance("EC", other), "sm2p256v1")));
    PAIRS.put("ED25519", pkcs8(KeyPairGenerator.getInstance("Ed25519")));
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048);
    PAIRS.put("RSA_2048", pkcs8(rsa));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static KeyPairGenerator curve(KeyPairGenerator pairs, String name)
      throws GeneralSecurityException {
    pairs.initialize(new ECGenParameterSpec(name));
    return pairs;
  }

  private static byte[] pkcs8(KeyPairGenerator pairs) {
    return pairs.generateKeyPair().getPrivate().getEncoded();
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource({
    // Columns as in STATES
    "describe-key, 200, 200, 200, 200",
    "enable-key, KMS.1201, KMS.1201, 200, KMS.0210",
    "disable-key, KMS.1301, 200, KMS.1301, KMS.0210",
    "schedule-key-deletion, 200, 200, 200, KMS.1402",
    "cancel-key-deletion, KMS.1501, KMS.1501, KMS.1501, 200",
    "sign, KMS.1301, 200, KMS.0209, KMS.0210",
    "verify, KMS.1301, 200, KMS.0209, KMS.0210",
    "get-publickey, KMS.1301, 200, KMS.0209, KMS.0210",
    "create-grant, KMS.1301, 200, KMS.0209, KMS.0210",
    "get-parameters-for-import, 200, KMS.0310, KMS.0310, KMS.0210",
    "import-key-material, 200, KMS.0310, KMS.0310, KMS.0210",
    "delete-imported-key-material, KMS.2702, KMS.2702, KMS.2702, KMS.2702",
    "rotate-on-demand, NO ROTATION, NO ROTATION, NO ROTATION, NO ROTATION",
    "enable-key-rotation, NO ROTATION, NO ROTATION, NO ROTATION, NO ROTATION",
    "disable-key-rotation, NO ROTATION, NO ROTATION, NO ROTATION, NO ROTATION",
    "yaoku-rotate-now, NO ROTATION, NO ROTATION, NO ROTATION, NO ROTATION",
  })
  void everyOperationAnswersAsTheContractSaysInEveryState(
      String operation,
      String pendingImport,
      String enabled,
      String disabled,
      String pendingDeletion) {
    List<String> wanted = List.of(pendingImport, enabled, disabled, pendingDeletion);
    Map<String, String> expected = new LinkedHashMap<>();
    Map<String, String> found = new LinkedHashMap<>();
    KINDS.forEach((spec, algorithm) -> {
      for (int i = 0; i < STATES.size(); i++) {
        String state = STATES.get(i);
        String what = spec + ", " + state;
        expected.put(what, wanted.get(i).replace("NO ROTATION", noRotation(spec)));
        Prepared subject =
            operation.equals("import-key-material")
                ? prepared(spec, algorithm, state, true)
                : READY.computeIfAbsent(what, _ -> prepared(spec, algorithm, state, false));
        found.put(what, outcome(operation, subject, algorithm));
        if (found.getOrDefault(what, "").equals("200") && CHANGE_STATES.contains(operation)) {
          READY.remove(what);
        }
      }
    });

    assertThat(found).isEqualTo(expected);
  }

  private static String noRotation(String spec) {
    return spec.startsWith("RSA") ? "KMS.0324" : "KMS.0325";
  }

  /**
   * A key with what was made with it, and for it.
   *
   * @param parcel a further import, asked for while the key had no pair, or nothing
   */
  private record Prepared(String key, String signature, String parcel) {}

  private static Prepared prepared(String spec, String algorithm, String state, boolean further) {
    String key =
        tenant.key(
            "pair-" + NAMES.incrementAndGet(),
            "'origin':'external','key_usage':'SIGN_VERIFY','key_spec':'" + spec + "'");
    String parcel = further ? parcel(key, spec) : "";
    if (state.equals("pending import")) {
      return new Prepared(key, "aGVsbG8=", parcel);
    }
    tenant.ok("import-key-material", about(key, parcel(key, spec)));
    String signature = tenant.ok("sign", about(key, signing(algorithm))).text("/signature");
    if (state.equals("disabled")) {
      tenant.ok("disable-key", about(key, ""));
    } else if (state.equals("pending deletion")) {
      tenant.ok("schedule-key-deletion", about(key, ",'pending_days':'7'"));
    }
    return new Prepared(key, signature, parcel);
  }

  /** The members of an import. */
  private static String parcel(String key, String spec) {
    byte[] temporary = new byte[32];
    String wrapped =
        Base64.getEncoder()
            .encodeToString(wrap(temporary, Objects.requireNonNull(PAIRS.get(spec))));
    Importer.Parcel parcel = new Importer(server).parcel(key, temporary);
    return ",'import_token':'%s','encrypted_key_material':'%s','encrypted_privatekey':'%s'"
        .formatted(parcel.token(), parcel.material(), wrapped);
  }

  private static byte[] wrap(byte[] temporary, byte[] pkcs8) {
    try {
      Cipher wrap = Cipher.getInstance("AES/KWP/NoPadding");
      wrap.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(temporary, "AES"));
      return wrap.doFinal(pkcs8);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String outcome(String operation, Prepared subject, String algorithm) {
    String more =
        switch (operation) {
          case "sign" -> signing(algorithm);
          case "verify" -> signing(algorithm) + ",'signature':'" + subject.signature() + "'";
          case "schedule-key-deletion" -> ",'pending_days':'7'";
          case "create-grant" -> ",'grantee_principal':'a','operations':['describe-key']";
          case "get-parameters-for-import" -> ",'wrapping_algorithm':'RSAES_OAEP_SHA_256'";
          case "import-key-material" -> subject.parcel();
          default -> "";
        };
    String before = described(subject.key());
    Reply reply = tenant.kms(operation, about(subject.key(), more));
    if (reply.status() < 300) {
      return Integer.toString(reply.status());
    }
    assertThat(described(subject.key())).as("what %s refused", operation).isEqualTo(before);
    return reply.is(400).code();
  }

  private static String described(String key) {
    return tenant.ok("describe-key", about(key, "")).raw().body();
  }

  private static String signing(String algorithm) {
    return ",'message':'aGVsbG8=','message_type':'RAW','signing_algorithm':'" + algorithm + "'";
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }
}
