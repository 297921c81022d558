package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Oaep;
import dev.yaoku.service.KeyWorld;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server or a key made is read in the one spelling that its bytes have in Base64. */
class OneSpellingTest {
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

  @TempDir Path directory;
  private KeyWorld world;
  private Blobs blobs;

  @BeforeEach
  void open() {
    world = KeyWorld.in(directory, KeyWorld.roomy());
    blobs = new Blobs(new Calls(world));
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** The same bytes without padding, and with bits that the last group does not use. */
  private static List<String> otherwise(String base64) {
    String bare = base64.replace("=", "");
    assertThat(bare).isNotEqualTo(base64);
    char last = bare.charAt(bare.length() - 1);
    String odd =
        bare.substring(0, bare.length() - 1)
            + ALPHABET.charAt(ALPHABET.indexOf(last) + 1)
            + base64.substring(bare.length());
    assertThat(Base64.getDecoder().decode(odd)).isEqualTo(Base64.getDecoder().decode(base64));
    return List.of(bare, odd);
  }

  private String key(String more) {
    return blobs.call("CreateKey", "{'key_alias':'k'," + more + "}").text("/key_info/key_id");
  }

  @Test
  void aSignature() {
    String key = key("'key_spec':'ED25519','key_usage':'SIGN_VERIFY'");
    String members =
        "{'key_id':'%s','message':'aGVsbG8=','message_type':'RAW',"
            + "'signing_algorithm':'ED25519_SHA_512'%s}";
    String signature = blobs.call("Sign", members.formatted(key, "")).text("/signature");

    assertThat(verdict(members, key, signature).text("/signature_valid")).isEqualTo("true");
    for (String other : otherwise(signature)) {
      assertThat(verdict(members, key, other).code()).as(other).isEqualTo("KMS.0308");
    }
  }

  private Calls.Reply verdict(String members, String key, String signature) {
    return blobs.call(
        "ValidateSignature", members.formatted(key, ",'signature':'" + signature + "'"));
  }

  @Test
  void allThatAnImportSends() throws GeneralSecurityException {
    String key = key("'origin':'external','key_spec':'ED25519','key_usage':'SIGN_VERIFY'");
    Calls.Reply parameters =
        blobs.call(
            "CreateParametersForImport",
            "{'key_id':'" + key + "','wrapping_algorithm':'RSAES_OAEP_SHA_256'}");
    String token = parameters.text("/import_token");
    byte[] temporary = new byte[32];
    String material = Oaep.encrypted(parameters.text("/public_key"), temporary);
    String wrapped = Blobs.base64(wrapped(temporary));

    for (String other : otherwise(token)) {
      assertThat(bring(key, other, material, wrapped)).as(other).isEqualTo("KMS.2605");
    }
    for (String other : otherwise(material)) {
      assertThat(bring(key, token, other, wrapped)).as(other).isEqualTo("KMS.0308");
    }
    for (String other : otherwise(wrapped)) {
      assertThat(bring(key, token, material, other)).as(other).isEqualTo("KMS.2609");
    }
    assertThat(bring(key, token, material, wrapped)).isEmpty();
  }

  private String bring(String key, String token, String material, String privateKey) {
    return blobs
        .call(
            "ImportKeyMaterial",
            "{'key_id':'%s','import_token':'%s','encrypted_key_material':'%s','encrypted_privatekey':'%s'}"
                .formatted(key, token, material, privateKey))
        .code();
  }

  private static byte[] wrapped(byte[] temporary) throws GeneralSecurityException {
    Cipher wrap = Cipher.getInstance("AES/KWP/NoPadding");
    wrap.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(temporary, "AES"));
    return wrap.doFinal(
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded());
  }
}
