package dev.yaoku.server;

import dev.yaoku.crypto.Oaep;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;

/** Brings material of a test's own into a server, as a customer does, with the JDK alone. */
final class Importer {
  private final LiveServer server;

  Importer(LiveServer server) {
    this.server = server;
  }

  /** A key that waits for material. */
  String key(String spec, String usage) {
    return server.kms(
        "create-key",
        "{'key_alias':'%s-%s','origin':'external','key_spec':'%s','key_usage':'%s'}"
            .formatted(spec, usage, spec, usage),
        "/key_info/key_id");
  }

  /**
   * Imports raw material.
   *
   * @param material wiped
   * @return the answer
   */
  JsonNode bring(String key, byte[] material) {
    return bring(key, material, "");
  }

  /**
   * Imports a private key.
   *
   * @param pkcs8 wiped
   * @return the answer
   */
  JsonNode bringPair(String key, byte[] pkcs8) throws GeneralSecurityException {
    byte[] temporary = new byte[32];
    Cipher wrap = Cipher.getInstance("AES/KWP/NoPadding");
    wrap.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(temporary, "AES"));
    String wrapped = Base64.getEncoder().encodeToString(wrap.doFinal(pkcs8));
    Arrays.fill(pkcs8, (byte) 0);
    return bring(key, temporary, ",'encrypted_privatekey':'" + wrapped + "'");
  }

  /**
   * Imports what is encrypted under the key of the parameters.
   *
   * @param material raw, or a temporary key; wiped
   * @param more members besides, with apostrophes for quotes
   * @return the answer
   */
  JsonNode bring(String key, byte[] material, String more) {
    Parcel parcel = parcel(key, material);
    return server.kms(
        "import-key-material",
        "{'key_id':'%s','import_token':'%s','encrypted_key_material':'%s'%s}"
            .formatted(key, parcel.token(), parcel.material(), more));
  }

  /**
   * Material on its way to a key.
   *
   * @param material encrypted under the key that goes with the token, Base64
   */
  record Parcel(String token, String material) {}

  /**
   * Asks for a token and encrypts material for it.
   *
   * @param material wiped
   */
  Parcel parcel(String key, byte[] material) {
    JsonNode parameters =
        server.kms(
            "get-parameters-for-import",
            "{'key_id':'" + key + "','wrapping_algorithm':'RSAES_OAEP_SHA_256'}");
    try {
      String encrypted = Oaep.encrypted(parameters.at("/public_key").asString(), material);
      return new Parcel(parameters.at("/import_token").asString(), encrypted);
    } finally {
      Arrays.fill(material, (byte) 0);
    }
  }
}
