package dev.yaoku.api.huawei;

import static dev.yaoku.api.huawei.Calls.json;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.crypto.Hashes;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Makes ciphertext of every kind with calls, and opens it. */
final class Blobs {
  private final Calls calls;

  Blobs(Calls calls) {
    this.calls = calls;
  }

  /** What a blob is: of which operation, in Base64 or hex. */
  record Made(String by, boolean isDataKey, String text) {
    byte[] bytes() {
      return isDataKey ? HexFormat.of().parseHex(text) : Base64.getDecoder().decode(text);
    }

    /** The same bytes as the other kind is written. */
    String otherwise() {
      return isDataKey ? Base64.getEncoder().encodeToString(bytes()) : hex(bytes());
    }
  }

  static String hex(byte[] bytes) {
    return HexFormat.of().withUpperCase().formatHex(bytes);
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  String key(String name, String spec) {
    return call(
            "CreateKey",
            "{'key_alias':'%s','key_spec':'%s','key_usage':'ENCRYPT_DECRYPT'}"
                .formatted(name, spec))
        .text("/key_info/key_id");
  }

  Calls.Reply call(String operation, String body) {
    return calls.call(operation, json(body));
  }

  Calls.Reply call(Caller caller, String operation, String body) {
    return calls.call(
        caller, operation, Map.of(), List.of(), json(body).getBytes(StandardCharsets.UTF_8));
  }

  /** A blob of every operation that makes some, under a symmetric key. */
  List<Made> all(String key, boolean isSm4) {
    String about = "{'key_id':'" + key + "'";
    byte[] digest = isSm4 ? Hashes.sm3(new byte[1]) : Hashes.sha256(new byte[1]);
    Made data = data("EncryptData", about + ",'plain_text':'hello'}", "/cipher_text");
    Made dataKey = dataKey("CreateDatakey", about + "}");
    List<Made> made =
        List.of(
            data,
            dataKey,
            dataKey("CreateDatakeyWithoutPlaintext", about + "}"),
            dataKey(
                "EncryptDatakey",
                about + ",'plain_text':'00" + hex(digest) + "','datakey_plain_length':1}"),
            data(
                "CreateEcDatakeyPair",
                about + ",'key_spec':'ECC_NIST_P256'}",
                "/private_key_cipher_text"),
            data(
                "CreateRsaDatakeyPair",
                about + ",'key_spec':'RSA_2048'}",
                "/private_key_cipher_text"),
            data("ReEncrypt", moving(data.text(), key), "/cipher_text"),
            dataKey("ReEncrypt", moving(dataKey.text(), key)));
    assertThat(made).filteredOn(Made::isDataKey).hasSize(4);
    return made;
  }

  private Made data(String operation, String body, String pointer) {
    return new Made(operation, false, call(operation, body).text(pointer));
  }

  private Made dataKey(String operation, String body) {
    return new Made(operation, true, call(operation, body).text("/cipher_text"));
  }

  static String moving(String blob, String to) {
    return "{'cipher_text':'" + blob + "','destination_key_id':'" + to + "'}";
  }

  static String opening(String blob) {
    return "{'cipher_text':'" + blob + "'}";
  }

  /** How long the data key in a blob of these tests is. */
  static int dataKeyBytes(Made blob) {
    return blob.by().equals("EncryptDatakey") ? 1 : 32;
  }

  static String unwrapping(String key, String blob, int bytes) {
    return "{'key_id':'%s','cipher_text':'%s','datakey_cipher_length':'%d'}"
        .formatted(key, blob, bytes);
  }
}
