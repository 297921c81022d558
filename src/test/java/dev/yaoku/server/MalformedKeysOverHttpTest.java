package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys from outside that are no keys are the sender's mistake, never the server's. */
class MalformedKeysOverHttpTest {
  private static final HexFormat HEX = HexFormat.of();

  /** SubjectPublicKeyInfo of RSA whose bit string has no bits. */
  private static final String NO_BITS = "3012300d06092a864886f70d0101010500030100";

  private static final String RSA = "300d06092a864886f70d0101010500";
  private static final String P_256 = "301306072a8648ce3d020106082a8648ce3d030107";
  private static final String ED25519 = "300506032b6570";

  @TempDir static Path scratch;
  private static LiveServer server;
  private static Tenant owner;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of());
    owner = Tenant.first(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String base64(String hex) {
    return Base64.getEncoder().encodeToString(HEX.parseHex(hex));
  }

  @Test
  void aCapsuleIsNotMadeForARecipientWithoutAKey() {
    String key = owner.key("sealing", "");

    assertThat(
            owner
                .kms(
                    "datakey-capsule/create",
                    "{'key_id':'%s','datakey_length':'256','key_policy':'{}','public_key':'%s'}"
                        .formatted(key, base64(NO_BITS)))
                .code())
        .isEqualTo("KMS.0308");
  }

  @Test
  void aClusterWithoutAKeyIsNoAccessPoint() {
    assertThat(
            owner
                .kms(
                    "access-points",
                    "{'keyspace_id':'%s','access_point_name':'c','type':'2','identity':'%s','cluster_id':'c'}"
                        .formatted(KeySpaces.space(), base64(NO_BITS)))
                .code())
        .isEqualTo("KMS.0308");
  }

  /** Of the two points with the same x one has an even y, whose last bit can be left over. */
  @Test
  void noSecretIsAgreedOnWithAPointWhoseLastBitIsLeftOver() {
    String key = owner.key("agreeing", "'key_spec':'EC_P256','key_usage':'KEY_AGREEMENT'");
    byte[] spki;
    int peers = 0;
    do {
      peers++;
      String peer = owner.key("peer-" + peers, "'key_spec':'EC_P256','key_usage':'KEY_AGREEMENT'");
      String pem = owner.ok("get-publickey", "{'key_id':'" + peer + "'}").text("/public_key");
      spki = Base64.getDecoder().decode(pem.replaceAll("-----[A-Z ]+-----|\\s", ""));
    } while ((spki[spki.length - 1] & 1) != 0);
    assertThat(derive(key, spki)).isEqualTo("200");

    spki[spki.length - 66] = 1;

    assertThat(derive(key, spki)).isEqualTo("KMS.0308");
  }

  private static String derive(String key, byte[] spki) {
    return owner
        .kms(
            "derive-shared-secret",
            "{'key_id':'%s','key_agreement_algorithm':'ECDH','public_key':'%s'}"
                .formatted(key, Base64.getEncoder().encodeToString(spki)))
        .code();
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, 020100" + RSA + "0400",
    "EC_P256, 020100" + P_256 + "0400",
    "ED25519, 020100" + ED25519 + "0400",
    "EC_P256, 02050100000000" + P_256 + "0400",
    "EC_P256, 020100" + P_256 + "040b3009020101040101810100"
  })
  void aMalformedPrivateKeyIsNotImported(String spec, String content)
      throws GeneralSecurityException {
    Importer importer = new Importer(server);
    String key =
        server.kms(
            "create-key",
            "{'key_alias':'k%d','origin':'external','key_spec':'%s','key_usage':'SIGN_VERIFY'}"
                .formatted(content.hashCode(), spec),
            "/key_info/key_id");
    byte[] pkcs8 = HEX.parseHex("30" + HEX.toHexDigits((byte) (content.length() / 2)) + content);

    assertThat(importer.bringPair(key, pkcs8).toString()).contains("KMS.2609");
  }
}
