package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.service.KeyWorld;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever is wrong with a ciphertext, the whole answer is the same: status, headers, body
 * (SECURITY_DESIGN M1, H3). Data keys know two refusals: what shows without a key, and what does
 * not.
 */
class OneRefusalTest {
  private static final String AAD = "'additional_authenticated_data':'purpose=test'";
  private static final String NOBODYS = "00000000-0000-4000-8000-000000000000";
  private static final int KEY_ID_AT = 4;
  private static final int VERSION_AT = 20;
  private static final int NONCE_AT = 24;
  private static final int COMMITMENT_AT = 48;
  private static final int CIPHERTEXT_AT = 80;
  private static final int BLOB_BYTES_MIN = 124;

  /**
   * What spoils a blob and leaves it one that could be of this key, so that it fails where it is
   * opened.
   */
  private static final Set<String> WELL_FORMED =
      Set.of(
          "the key's other version",
          "nonce",
          "commitment",
          "ciphertext",
          "tag",
          "another key's under this one's name",
          "a step more");

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

  private static byte[] flipped(byte[] blob, int at, int bits) {
    byte[] spoilt = blob.clone();
    spoilt[at] ^= (byte) bits;
    return spoilt;
  }

  /** Everything that can be wrong with a blob of two versions' key. */
  private static Map<String, byte[]> spoilt(byte[] blob, byte[] otherKeys) {
    Map<String, byte[]> spoilt = new LinkedHashMap<>();
    spoilt.put("format", flipped(blob, 1, 3));
    spoilt.put("other suite", flipped(blob, 2, 3));
    spoilt.put("other kind", flipped(blob, 3, 3));
    spoilt.put("unknown version", flipped(blob, VERSION_AT, 1));
    spoilt.put("version 0", ByteBuffer.wrap(blob.clone()).putInt(VERSION_AT, 0).array());
    spoilt.put("the key's other version", flipped(blob, VERSION_AT + 3, 3));
    spoilt.put("nonce", flipped(blob, NONCE_AT, 1));
    spoilt.put("commitment", flipped(blob, COMMITMENT_AT + 31, 128));
    spoilt.put("ciphertext", flipped(blob, CIPHERTEXT_AT, 1));
    spoilt.put("tag", flipped(blob, blob.length - 1, 1));
    byte[] moved = otherKeys.clone();
    System.arraycopy(blob, 4, moved, 4, 20);
    spoilt.put("another key's under this one's name", moved);
    spoilt.put("one byte more", Arrays.copyOf(blob, blob.length + 1));
    spoilt.put("a step more", Arrays.copyOf(blob, blob.length + 16));
    return spoilt;
  }

  private String twoVersions(String name, String spec) {
    String key = blobs.key(name, spec);
    assertThat(blobs.call("RotateKeyNow", "{'key_id':'" + key + "'}").status()).isEqualTo(200);
    return key;
  }

  private byte[] data(String key) {
    return Base64.getDecoder()
        .decode(
            blobs
                .call(
                    "EncryptData",
                    "{'key_id':'" + key + "','plain_text':'" + "p".repeat(20) + "'," + AAD + "}")
                .text("/cipher_text"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AES_256", "SM4"})
  void allThatIsWrongWithDataIsOneAnswer(String spec) {
    String key = twoVersions("a", spec);
    String other = blobs.key("b", spec);
    byte[] blob = data(key);
    assertThat(decrypt(blob, AAD).status()).isEqualTo(200);
    Calls.Reply expected = decrypt(flipped(blob, blob.length - 1, 1), AAD);
    assertThat(expected.code()).isEqualTo("KMS.2201");

    spoilt(blob, data(other))
        .forEach((what, bytes) -> assertThat(decrypt(bytes, AAD)).as(what).isEqualTo(expected));
    for (int length = 1; length < blob.length; length++) {
      assertThat(decrypt(Arrays.copyOf(blob, length), AAD)).as("%d", length).isEqualTo(expected);
    }
    for (String bound :
        new String[] {
          "'sequence':''",
          "'additional_authenticated_data':'purpose=test '",
          "'encryption_context':'purpose=test'",
          AAD + ",'encryption_context':{'a':''}"
        }) {
      assertThat(decrypt(blob, bound)).as(bound).isEqualTo(expected);
    }
    assertThat(decrypt(blob, AAD + ",'key_id':'" + other + "'")).isEqualTo(expected);
    assertThat(blobs.call("DecryptData", "{'cipher_text':'" + "%".repeat(188) + "'}"))
        .isEqualTo(expected);
  }

  /** The key of a ciphertext is the one that it names: another name is another key (ADR 18). */
  @ParameterizedTest
  @ValueSource(strings = {"AES_256", "SM4"})
  void aChangeOfAnyBitIsThatRefusalOrAKeyThatIsNotThere(String spec) {
    String key = blobs.key("a", spec);
    byte[] blob = data(key);
    Calls.Reply damaged = decrypt(flipped(blob, blob.length - 1, 1), AAD);
    Calls.Reply notThere =
        blobs.call("EncryptData", "{'key_id':'" + NOBODYS + "','plain_text':'x'}");
    assertThat(notThere.code()).isEqualTo("KMS.0207");

    for (int at = 0; at < blob.length; at++) {
      for (int bit = 1; bit <= 0x80; bit <<= 1) {
        byte[] spoilt = flipped(blob, at, bit);
        boolean isName = at >= KEY_ID_AT && at < VERSION_AT;
        assertThat(decrypt(spoilt, AAD))
            .as("byte %d, bit %x", at, bit)
            .isEqualTo(isName ? notThere : damaged);
        assertThat(decrypt(spoilt, AAD + ",'key_id':'" + key + "'"))
            .as("byte %d, bit %x, the key named", at, bit)
            .isEqualTo(damaged);
      }
    }
  }

  @Test
  void aCiphertextOfAKeyOfOthersIsOneOfAKeyThatIsNotThere() {
    String key = blobs.key("a", "AES_256");
    byte[] named = flipped(data(key), KEY_ID_AT, 1);
    for (Caller other : new Caller[] {world.mallory(), world.aliceElsewhere()}) {
      String theirs =
          blobs.call(other, "CreateKey", "{'key_alias':'theirs'}").text("/key_info/key_id");
      String text =
          blobs
              .call(
                  other, "EncryptData", "{'key_id':'" + theirs + "','plain_text':'x'," + AAD + "}")
              .text("/cipher_text");
      assertThat(blobs.call("DecryptData", "{'cipher_text':'" + text + "'," + AAD + "}"))
          .isEqualTo(decrypt(named, AAD));
    }
  }

  private Calls.Reply decrypt(byte[] blob, String more) {
    return blobs.call("DecryptData", "{'cipher_text':'" + Blobs.base64(blob) + "'," + more + "}");
  }

  @ParameterizedTest
  @CsvSource({"RSA_2048, RSAES_OAEP_SHA_256, KMS.0311", "SM2, SM2_ENCRYPT, KMS.2201"})
  void allThatIsWrongWithAsymmetricCiphertextIsOneAnswer(
      String spec, String algorithm, String code) {
    String key = blobs.key("a", spec);
    byte[] blob = encrypted(key, algorithm);
    byte[] others = encrypted(blobs.key("b", spec), algorithm);
    Calls.Reply expected = decrypt(others, asking(key, algorithm));
    assertThat(expected.code()).isEqualTo(code);
    assertThat(decrypt(blob, asking(key, algorithm)).status()).isEqualTo(200);

    // Below 128 characters it is no ciphertext by the wire's own rule, whatever the key.
    for (int length = 96; length < blob.length; length++) {
      assertThat(decrypt(Arrays.copyOf(blob, length), asking(key, algorithm)))
          .as("%d bytes", length)
          .isEqualTo(expected);
    }
    assertThat(decrypt(Arrays.copyOf(blob, blob.length + 1), asking(key, algorithm)))
        .isEqualTo(expected);
    for (int value : new int[] {0, 1, 0xff}) {
      byte[] filled = new byte[blob.length];
      Arrays.fill(filled, (byte) value);
      assertThat(decrypt(filled, asking(key, algorithm))).as("%d", value).isEqualTo(expected);
    }
  }

  private byte[] encrypted(String key, String algorithm) {
    String body = asking(key, algorithm) + ",'plain_text':'" + "p".repeat(20) + "'";
    return Base64.getDecoder()
        .decode(blobs.call("EncryptData", "{" + body + "}").text("/cipher_text"));
  }

  private static String asking(String key, String algorithm) {
    return "'key_id':'" + key + "','encryption_algorithm':'" + algorithm + "'";
  }

  private byte[] dataKey(String key, String more) {
    return HexFormat.of()
        .parseHex(
            blobs
                .call("CreateDatakey", "{'key_id':'" + key + "'" + more + "}")
                .text("/cipher_text"));
  }

  private Calls.Reply unwrap(String key, byte[] blob, int length, String more) {
    return blobs.call(
        "DecryptDatakey",
        "{'key_id':'%s','cipher_text':'%s','datakey_cipher_length':%d%s}"
            .formatted(key, Blobs.hex(blob), length, more));
  }

  @ParameterizedTest
  @ValueSource(strings = {"AES_256", "SM4"})
  void noByteOfAWrappedDataKeyCanBeChanged(String spec) {
    String key = twoVersions("a", spec);
    byte[] blob = dataKey(key, "," + AAD);
    Calls.Reply form = unwrap(key, new byte[BLOB_BYTES_MIN], 32, "," + AAD);
    Calls.Reply seal = unwrap(key, flipped(blob, blob.length - 1, 1), 32, "," + AAD);
    assertThat(form.code()).isEqualTo("KMS.2201");
    assertThat(seal.code()).isEqualTo("KMS.2203");
    assertThat(unwrap(key, blob, 32, "," + AAD).status()).isEqualTo(200);

    for (int at = 0; at < blob.length; at++) {
      for (int bit = 1; bit <= 0x80; bit <<= 1) {
        assertThat(unwrap(key, flipped(blob, at, bit), 32, "," + AAD))
            .as("byte %d, bit %x", at, bit)
            .isEqualTo(at < NONCE_AT ? form : seal);
      }
    }
    for (int length = 1; length < blob.length; length++) {
      boolean wellFormed = length >= BLOB_BYTES_MIN && (length - BLOB_BYTES_MIN) % 16 == 0;
      assertThat(unwrap(key, Arrays.copyOf(blob, length), 32, "," + AAD))
          .as("%d bytes", length)
          .isEqualTo(wellFormed ? seal : form);
    }
    spoilt(blob, dataKey(blobs.key("b", spec), "," + AAD))
        .forEach((what, bytes) -> {
          assertThat(unwrap(key, bytes, 32, "," + AAD))
              .as(what)
              .isEqualTo(WELL_FORMED.contains(what) ? seal : form);
        });
    byte[] relabelled = flipped(blob, VERSION_AT + 3, 3);
    assertThat(unwrap(key, relabelled, 32, "," + AAD)).isEqualTo(seal);
  }

  @ParameterizedTest
  @ValueSource(strings = {"AES_256", "SM4"})
  void aDataKeyOfAnotherKeyIsNoneOfThisOne(String spec) {
    String key = blobs.key("a", spec);
    String other = blobs.key("b", spec);

    assertThat(unwrap(key, dataKey(other, ""), 32, "").code()).isEqualTo("KMS.2201");
    assertThat(unwrap(other, dataKey(key, ""), 32, "").code()).isEqualTo("KMS.2201");
  }

  @ParameterizedTest
  @ValueSource(strings = {"AES_256", "SM4"})
  void aWrongLengthIsToldOnlyToWhomTheDataKeyOpens(String spec) {
    String key = blobs.key("a", spec);
    byte[] blob = dataKey(key, "," + AAD);
    Calls.Reply seal = unwrap(key, blob, 32, "");
    assertThat(seal.code()).isEqualTo("KMS.2203");

    for (int length : new int[] {1, 16, 31, 33, 1024}) {
      assertThat(unwrap(key, blob, length, "," + AAD).code())
          .as("%d", length)
          .isEqualTo("KMS.2204");
      assertThat(unwrap(key, blob, length, "")).as("%d, not bound", length).isEqualTo(seal);
      assertThat(unwrap(key, flipped(blob, 90, 1), length, "," + AAD)).isEqualTo(seal);
    }
  }

  @Test
  void aDataKeyIsWrappedWithTheDigestOfItsKeysFamilyOnly() {
    byte[] plain = new byte[16];
    String sha256 = Blobs.hex(plain) + Blobs.hex(Hashes.sha256(plain));
    String sm3 = Blobs.hex(plain) + Blobs.hex(Hashes.sm3(plain));
    String aes = blobs.key("a", "AES_256");
    String sm4 = blobs.key("b", "SM4");

    assertThat(wrap(aes, sha256).status()).isEqualTo(200);
    assertThat(wrap(sm4, sm3).status()).isEqualTo(200);
    Calls.Reply refused = wrap(aes, sm3);
    assertThat(refused.code()).isEqualTo("KMS.2103");
    assertThat(wrap(sm4, sha256)).isEqualTo(refused);
    byte[] bytes = HexFormat.of().parseHex(sha256);
    for (int at = 0; at < bytes.length; at++) {
      assertThat(wrap(aes, Blobs.hex(flipped(bytes, at, 1)))).as("byte %d", at).isEqualTo(refused);
    }
    assertThat(refused.body()).doesNotContain(Blobs.hex(Hashes.sha256(plain)));
  }

  private Calls.Reply wrap(String key, String withDigest) {
    return blobs.call(
        "EncryptDatakey",
        "{'key_id':'%s','plain_text':'%s','datakey_plain_length':16}".formatted(key, withDigest));
  }
}
