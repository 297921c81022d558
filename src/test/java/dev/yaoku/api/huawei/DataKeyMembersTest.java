package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Hashes;
import dev.yaoku.service.KeyWorld;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The members that newer SDKs send with data keys (operations-new.md 4). */
class DataKeyMembersTest {
  @TempDir static Path directory;
  private static KeyWorld world;
  private static Blobs blobs;
  private static String key;

  @BeforeAll
  static void open() {
    world = KeyWorld.in(directory, KeyWorld.roomy());
    blobs = new Blobs(new Calls(world));
    key = blobs.key("k", "AES_256");
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static Calls.Reply call(String operation, String more) {
    return blobs.call(operation, "{'key_id':'" + key + "'" + more + "}");
  }

  @ParameterizedTest
  @CsvSource({
    "AES_256, 32",
    "AES_128, 16",
    "SM4, 16",
    "HMAC_256, 32",
    "HMAC_384, 48",
    "HMAC_512, 64",
    "HMAC_SM3, 32"
  })
  void aDataKeyIsAsLongAsItsKindSaysUnlessALengthIsGiven(String spec, int bytes) {
    String kind = ",'key_spec':'" + spec + "'";

    assertThat(call("CreateDatakey", kind).text("/plain_text")).hasSize(2 * bytes);
    assertThat(opened(call("CreateDatakeyWithoutPlaintext", kind), bytes)).hasSize(2 * bytes);
    String longer = kind + ",'datakey_length':'" + 8 * (bytes + 1) + "'";
    assertThat(call("CreateDatakey", longer).text("/plain_text")).hasSize(2 * bytes + 2);
    assertThat(opened(call("CreateDatakeyWithoutPlaintext", longer), bytes + 1))
        .hasSize(2 * bytes + 2);
  }

  @Test
  void whoNamesAnotherKindIsToldAllThatThereAre() {
    Calls.Reply refused = call("CreateDatakey", ",'key_spec':'DES'");
    assertThat(refused.code()).isEqualTo("KMS.1902");
    assertThat(refused.text("/error/error_msg"))
        .contains("AES_128, AES_256, HMAC_256, HMAC_384, HMAC_512, HMAC_SM3, SM4.");
  }

  private static String opened(Calls.Reply made, int bytes) {
    String body = Blobs.unwrapping(key, made.text("/cipher_text"), bytes);
    return blobs.call("DecryptDatakey", body).text("/data_key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CreateDatakey",
        "CreateDatakeyWithoutPlaintext",
        "EncryptDatakey",
        "CreateEcDatakeyPair"
      })
  void aPinIsCheckedAndIgnored(String operation) {
    String rest =
        switch (operation) {
          case "EncryptDatakey" ->
              ",'datakey_plain_length':1,'plain_text':'00"
                  + Blobs.hex(Hashes.sha256(new byte[1]))
                  + "'";
          case "CreateEcDatakeyPair" -> ",'key_spec':'ECC_NIST_P256'";
          default -> "";
        };
    Calls.Reply without = call(operation, rest);
    for (String pin :
        new String[] {
          ",'pin':'1234'",
          ",'pin':'','pin_type':''",
          ",'pin':'0123456789ABCDEF','pin_type':'PlainText'",
          ",'pin':'" + "密".repeat(1024) + "','pin_type':'CipherText'"
        }) {
      Calls.Reply with = call(operation, rest + pin);
      assertThat(with.status()).as(with.body()).isEqualTo(200);
      assertThat(with.json().propertyNames())
          .containsExactlyElementsOf(without.json().propertyNames());
      assertThat(with.body()).hasSameSizeAs(without.body());
    }
    assertThat(call(operation, rest + ",'pin_type':'Plain'").code()).isEqualTo("KMS.0308");
    assertThat(call(operation, rest + ",'pin':'" + "密".repeat(1025) + "'").code())
        .isEqualTo("KMS.0308");
    assertThat(call(operation, rest + ",'pin':{}").code()).isEqualTo("KMS.0308");
  }

  @Test
  void theKindOfAWrappedDataKeyIsCheckedAndIgnored() {
    String rest =
        ",'datakey_plain_length':1,'plain_text':'00" + Blobs.hex(Hashes.sha256(new byte[1])) + "'";
    for (String kind : new String[] {"SM2", "RSA", ""}) {
      Calls.Reply made = call("EncryptDatakey", rest + ",'key_spec':'" + kind + "'");
      assertThat(opened(made, 1)).isEqualTo("00");
    }
    assertThat(call("EncryptDatakey", rest + ",'key_spec':'AES_256'").code()).isEqualTo("KMS.1902");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 15, 16, 17, 1023, 1024})
  void aDataKeyOfAnyLengthComesBackWhole(int bytes) {
    Calls.Reply made = call("CreateDatakey", ",'datakey_length':" + 8 * bytes);
    assertThat(opened(made, bytes)).isEqualTo(made.text("/plain_text")).hasSize(2 * bytes);
  }

  @Test
  void aDataKeyMayHave1024BytesAndNoMore() {
    assertThat(call("CreateDatakey", ",'datakey_length':8200").code()).isEqualTo("KMS.1901");
    assertThat(call("CreateDatakeyWithoutPlaintext", ",'datakey_length':8200").code())
        .isEqualTo("KMS.1901");
    byte[] plain = new byte[1025];
    String text = Blobs.hex(plain) + Blobs.hex(Hashes.sha256(plain));
    assertThat(
            call("EncryptDatakey", ",'datakey_plain_length':1025,'plain_text':'" + text + "'")
                .code())
        .isEqualTo("KMS.2102");
  }
}
