package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.crypto.Context;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyReference;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Bound;
import dev.yaoku.service.Encryption;
import dev.yaoku.service.Randoms;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Encryption and decryption of data, and random numbers. */
final class CryptoRoutes {
  private static final int PLAINTEXT_BYTES_MAX = 4096;
  private static final int RANDOM_BITS_MAX = 8192;

  private static final byte[] KEY_ID = Out.ascii("{\"key_id\":\"");
  private static final byte[] CIPHER_TEXT = Out.ascii("\",\"cipher_text\":\"");
  private static final byte[] PLAIN_TEXT = Out.ascii("\",\"plain_text\":\"");
  private static final byte[] PLAIN_TEXT_BASE64 = Out.ascii("\",\"plain_text_base64\":\"");
  private static final byte[] RANDOM_DATA = Out.ascii("{\"random_data\":\"");
  private static final byte[] END = Out.ascii("\"}");

  private final Frame frame;
  private final Encryption encryption;
  private final Randoms randoms;

  CryptoRoutes(Frame frame, Encryption encryption, Randoms randoms) {
    this.frame = frame;
    this.encryption = encryption;
    this.randoms = randoms;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onKey(
                "EncryptData",
                "/kms/encrypt-data",
                Manner.FAST_SECRET,
                Action.ENCRYPT_DATA,
                EncryptRequest.class,
                this::encrypt)
            .answering(Encrypted.class),
        frame
            .onKey(
                "DecryptData",
                "/kms/decrypt-data",
                Manner.FAST_SECRET,
                Action.DECRYPT_DATA,
                DecryptRequest.class,
                this::decrypt)
            .answering(Decrypted.class),
        frame
            .onProject(
                "CreateRandom",
                "/kms/gen-random",
                Manner.FAST_SECRET,
                Action.CREATE_RANDOM,
                RandomRequest.class,
                this::random)
            .answering(RandomData.class));
  }

  record EncryptRequest(
      @Nullable String keyId,
      @Nullable SecretBytes plainText,
      @Nullable String encryptionAlgorithm,
      @Nullable String additionalAuthenticatedData,
      @Nullable Context encryptionContext,
      @Nullable String sequence) {}

  private Answer encrypt(Caller caller, EncryptRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    SecretBytes plaintext = request.plainText();
    if (plaintext == null) {
      throw Members.missing("plain_text");
    }
    if (plaintext.length() == 0 || plaintext.length() > PLAINTEXT_BYTES_MAX) {
      throw Members.bad(
          Field.PLAINTEXT, "plain_text", "plain_text must have 1 to 4096 bytes of UTF-8.");
    }
    EncryptionAlgorithm algorithm = Syntax.algorithm(request.encryptionAlgorithm());
    Bound bound = Syntax.bound(request.additionalAuthenticatedData(), request.encryptionContext());
    Encryption.Encrypted encrypted = encryption.encrypt(caller, key, algorithm, plaintext, bound);
    return Answer.json(200, encryptedJson(encrypted.key().text(), encrypted.blob()));
  }

  record Encrypted(String keyId, String cipherText) {}

  static byte[] encryptedJson(String keyId, byte[] blob) {
    int size =
        KEY_ID.length
            + keyId.length()
            + CIPHER_TEXT.length
            + Out.base64Length(blob.length)
            + END.length;
    return new Out(size).put(KEY_ID).put(keyId).put(CIPHER_TEXT).base64(blob).put(END).done();
  }

  record DecryptRequest(
      @Nullable String cipherText,
      @Nullable String encryptionAlgorithm,
      @Nullable String keyId,
      @Nullable String additionalAuthenticatedData,
      @Nullable Context encryptionContext,
      @Nullable String sequence) {}

  private Answer decrypt(Caller caller, DecryptRequest request, Exchange exchange) {
    String keyId = Members.optional(request.keyId());
    KeyReference key = keyId == null ? null : KeyReference.parse(keyId);
    EncryptionAlgorithm algorithm = Syntax.algorithm(request.encryptionAlgorithm());
    Bound bound = Syntax.bound(request.additionalAuthenticatedData(), request.encryptionContext());
    byte[] blob = Encodings.base64(Members.required("cipher_text", request.cipherText()));
    try (Encryption.Decrypted decrypted = encryption.decrypt(caller, key, algorithm, blob, bound)) {
      byte[] body =
          decrypted.plaintext().lend(bytes -> decryptedJson(decrypted.key().text(), bytes));
      return Answer.json(200, body);
    }
  }

  record Decrypted(String keyId, String plainText, String plainTextBase64) {}

  static byte[] decryptedJson(String keyId, byte[] plaintext) {
    int size =
        KEY_ID.length
            + keyId.length()
            + PLAIN_TEXT.length
            + Out.textLength(plaintext)
            + PLAIN_TEXT_BASE64.length
            + Out.base64Length(plaintext.length)
            + END.length;
    return new Out(size)
        .put(KEY_ID)
        .put(keyId)
        .put(PLAIN_TEXT)
        .text(plaintext)
        .put(PLAIN_TEXT_BASE64)
        .base64(plaintext)
        .put(END)
        .done();
  }

  record RandomRequest(@Nullable String randomDataLength, @Nullable String sequence) {}

  private Answer random(Caller caller, RandomRequest request, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    int bits =
        Members.number(
            "random_data_length",
            request.randomDataLength(),
            Field.RANDOM_LENGTH_RANGE,
            Byte.SIZE,
            RANDOM_BITS_MAX);
    if (bits % Byte.SIZE != 0) {
      throw Members.bad(
          Field.RANDOM_LENGTH_MULTIPLE,
          "random_data_length",
          "random_data_length must be a multiple of 8.");
    }
    try (SecretBytes random = randoms.random(caller, bits / Byte.SIZE)) {
      return Answer.json(200, random.lend(CryptoRoutes::randomJson));
    }
  }

  record RandomData(String randomData) {}

  private static byte[] randomJson(byte[] bytes) {
    int size = RANDOM_DATA.length + 2 * bytes.length + END.length;
    return new Out(size).put(RANDOM_DATA).hex(bytes).put(END).done();
  }
}
