package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.Utf8;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.crypto.Blob;
import dev.yaoku.crypto.Context;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyReference;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Bound;
import dev.yaoku.service.DataKeys;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Data keys: made, wrapped and unwrapped, never stored. */
final class DataKeyRoutes {
  private static final int BITS_MAX = 8192;
  private static final int BYTES_MAX = 1024;
  private static final int BYTES_DEFAULT = 32;
  private static final int BLOB_BYTES_MAX = Blob.size(BYTES_MAX);
  private static final int PIN_CHARACTERS_MAX = 1024;

  /** How many bytes a data key of a kind has. */
  private static final Map<String, Integer> SPECS =
      Map.of(
          "AES_256",
          32,
          "AES_128",
          16,
          "SM4",
          16,
          "HMAC_256",
          32,
          "HMAC_384",
          48,
          "HMAC_512",
          64,
          "HMAC_SM3",
          32);

  private static final byte[] KEY_ID = Out.ascii("{\"key_id\":\"");
  private static final byte[] PLAIN_TEXT = Out.ascii("\",\"plain_text\":\"");
  private static final byte[] CIPHER_TEXT = Out.ascii("\",\"cipher_text\":\"");
  private static final byte[] LENGTH = Out.ascii("\",\"datakey_length\":\"");
  private static final byte[] DATA_KEY = Out.ascii("{\"data_key\":\"");
  private static final byte[] DIGEST = Out.ascii("\",\"datakey_dgst\":\"");
  private static final byte[] END = Out.ascii("\"}");

  private final Frame frame;
  private final DataKeys dataKeys;

  DataKeyRoutes(Frame frame, DataKeys dataKeys) {
    this.frame = frame;
    this.dataKeys = dataKeys;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onKey(
                "CreateDatakey",
                "/kms/create-datakey",
                Manner.FAST_SECRET,
                Action.CREATE_DATA_KEY,
                CreateRequest.class,
                this::create)
            .answering(Created.class),
        frame
            .onKey(
                "CreateDatakeyWithoutPlaintext",
                "/kms/create-datakey-without-plaintext",
                Manner.FAST,
                Action.CREATE_DATA_KEY_WITHOUT_PLAINTEXT,
                CreateRequest.class,
                this::createWithoutPlaintext)
            .answering(CreatedWithoutPlaintext.class),
        frame
            .onKey(
                "EncryptDatakey",
                "/kms/encrypt-datakey",
                Manner.FAST_SECRET,
                Action.ENCRYPT_DATA_KEY,
                EncryptRequest.class,
                this::encrypt)
            .answering(EncryptedDataKey.class),
        frame
            .onKey(
                "DecryptDatakey",
                "/kms/decrypt-datakey",
                Manner.FAST_SECRET,
                Action.DECRYPT_DATA_KEY,
                DecryptRequest.class,
                this::decrypt)
            .answering(DecryptedDataKey.class));
  }

  record CreateRequest(
      @Nullable String keyId,
      @Nullable String keySpec,
      @Nullable String datakeyLength,
      @Nullable String additionalAuthenticatedData,
      @Nullable Context encryptionContext,
      @Nullable SecretBytes pin,
      @Nullable String pinType,
      @Nullable String sequence) {
    Bound bound() {
      return Syntax.bound(additionalAuthenticatedData, encryptionContext);
    }
  }

  private Answer create(Caller caller, CreateRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    int bytes = bytes(request);
    mustBePin(request.pin(), request.pinType());
    try (DataKeys.Wrapped wrapped = dataKeys.create(caller, key, bytes, request.bound())) {
      return Answer.json(200, createdJson(wrapped));
    }
  }

  record Created(String keyId, String plainText, String cipherText) {}

  private static byte[] createdJson(DataKeys.Wrapped wrapped) {
    SecretBytes plain = wrapped.plain();
    if (plain == null) {
      throw new IllegalStateException("the data key was not asked for in plain");
    }
    String keyId = wrapped.key().text();
    int size =
        KEY_ID.length
            + keyId.length()
            + PLAIN_TEXT.length
            + 2 * plain.length()
            + CIPHER_TEXT.length
            + 2 * wrapped.blob().length
            + END.length;
    return plain.lend(bytes ->
        new Out(size)
            .put(KEY_ID)
            .put(keyId)
            .put(PLAIN_TEXT)
            .hex(bytes)
            .put(CIPHER_TEXT)
            .hex(wrapped.blob())
            .put(END)
            .done());
  }

  private Answer createWithoutPlaintext(Caller caller, CreateRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    int bytes = bytes(request);
    mustBePin(request.pin(), request.pinType());
    DataKeys.Wrapped wrapped = dataKeys.createWithoutPlaintext(caller, key, bytes, request.bound());
    return Answer.json(200, wrappedJson(wrapped, ""));
  }

  record CreatedWithoutPlaintext(String keyId, String cipherText) {}

  record EncryptedDataKey(String keyId, String cipherText, String datakeyLength) {}

  private static byte[] wrappedJson(DataKeys.Wrapped wrapped, String length) {
    String keyId = wrapped.key().text();
    byte[] lengthName = length.isEmpty() ? new byte[0] : LENGTH;
    int size =
        KEY_ID.length
            + keyId.length()
            + CIPHER_TEXT.length
            + 2 * wrapped.blob().length
            + lengthName.length
            + length.length()
            + END.length;
    return new Out(size)
        .put(KEY_ID)
        .put(keyId)
        .put(CIPHER_TEXT)
        .hex(wrapped.blob())
        .put(lengthName)
        .put(length)
        .put(END)
        .done();
  }

  /** How long the data key shall be: a length in bits wins over a kind. */
  private static int bytes(CreateRequest request) {
    String spec = Members.optional(request.keySpec());
    Integer bySpec = spec == null ? Integer.valueOf(BYTES_DEFAULT) : SPECS.get(spec);
    if (bySpec == null) {
      throw Members.bad(
          Field.DATA_KEY_SPEC,
          "key_spec",
          "key_spec of a data key must be one of "
              + String.join(", ", new TreeSet<>(SPECS.keySet()))
              + ".");
    }
    int bits =
        Members.number(
            "datakey_length",
            request.datakeyLength(),
            Field.DATA_KEY_LENGTH_RANGE,
            Byte.SIZE,
            BITS_MAX,
            bySpec * Byte.SIZE);
    if (bits % Byte.SIZE != 0) {
      throw Members.bad(
          Field.DATA_KEY_LENGTH_MULTIPLE,
          "datakey_length",
          "datakey_length must be a multiple of 8.");
    }
    return bits / Byte.SIZE;
  }

  /**
   * A PIN works only at some sites of the vendor's cloud. Here its form is checked, and no more.
   */
  static void mustBePin(@Nullable SecretBytes pin, @Nullable String pinType) {
    String type = Members.optional(pinType);
    if (type != null && !type.equals("CipherText") && !type.equals("PlainText")) {
      throw Members.bad(Field.OTHER, "pin_type", "pin_type must be CipherText or PlainText.");
    }
    if (pin != null && pin.lend(Utf8::characters) > PIN_CHARACTERS_MAX) {
      throw Members.bad(Field.OTHER, "pin", "pin must not be longer than 1024 characters.");
    }
  }

  record EncryptRequest(
      @Nullable String keyId,
      @Nullable SecretBytes plainText,
      @Nullable String datakeyPlainLength,
      @Nullable String keySpec,
      @Nullable String additionalAuthenticatedData,
      @Nullable Context encryptionContext,
      @Nullable SecretBytes pin,
      @Nullable String pinType,
      @Nullable String sequence) {}

  private Answer encrypt(Caller caller, EncryptRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    SecretBytes text = request.plainText();
    if (text == null || text.length() == 0) {
      throw Members.missing("plain_text");
    }
    int length =
        Members.number(
            "datakey_plain_length",
            request.datakeyPlainLength(),
            Field.PLAIN_DATA_KEY_LENGTH,
            1,
            BYTES_MAX);
    mustBeKind(request.keySpec());
    mustBePin(request.pin(), request.pinType());
    Bound bound = Syntax.bound(request.additionalAuthenticatedData(), request.encryptionContext());
    try (SecretBytes withDigest = withDigest(text, length)) {
      DataKeys.Wrapped wrapped = dataKeys.encrypt(caller, key, withDigest, bound);
      return Answer.json(200, wrappedJson(wrapped, Integer.toString(length)));
    }
  }

  private static void mustBeKind(@Nullable String value) {
    String kind = Members.optional(value);
    if (kind != null && !kind.equals("SM2") && !kind.equals("RSA")) {
      throw Members.bad(Field.DATA_KEY_SPEC, "key_spec", "key_spec must be SM2 or RSA.");
    }
  }

  /** The data key and its digest, in the order of checks of the contract. */
  private static SecretBytes withDigest(SecretBytes text, int length) {
    SecretBytes withDigest =
        SecretBytes.take(
            text.lend(characters ->
                Encodings.hex(
                    characters,
                    () -> Members.bad(Field.PLAINTEXT, "plain_text", "plain_text must be hex."))));
    if (withDigest.length() != length + DataKeys.DIGEST_BYTES) {
      withDigest.close();
      throw Members.bad(
          Field.PLAINTEXT_LENGTH,
          "plain_text",
          "plain_text must be the data key, datakey_plain_length bytes, and its digest, 32 bytes.");
    }
    return withDigest;
  }

  record DecryptRequest(
      @Nullable String keyId,
      @Nullable String cipherText,
      @Nullable String datakeyCipherLength,
      @Nullable String additionalAuthenticatedData,
      @Nullable Context encryptionContext,
      @Nullable String sequence) {}

  private Answer decrypt(Caller caller, DecryptRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    String text = Members.required("cipher_text", request.cipherText());
    int length =
        Members.number(
            "datakey_cipher_length",
            request.datakeyCipherLength(),
            Field.WRAPPED_DATA_KEY_LENGTH,
            1,
            BYTES_MAX);
    Bound bound = Syntax.bound(request.additionalAuthenticatedData(), request.encryptionContext());
    byte[] blob = Encodings.hexCiphertext(text, BLOB_BYTES_MAX);
    try (DataKeys.Unwrapped unwrapped = dataKeys.decrypt(caller, key, blob, length, bound)) {
      byte[] digest = unwrapped.digest();
      return Answer.json(200, unwrapped.plain().lend(bytes -> decryptedJson(bytes, digest)));
    }
  }

  record DecryptedDataKey(String dataKey, String datakeyLength, String datakeyDgst) {}

  private static byte[] decryptedJson(byte[] plain, byte[] digest) {
    String length = Integer.toString(plain.length);
    int size =
        DATA_KEY.length
            + 2 * plain.length
            + LENGTH.length
            + length.length()
            + DIGEST.length
            + 2 * digest.length
            + END.length;
    return new Out(size)
        .put(DATA_KEY)
        .hex(plain)
        .put(LENGTH)
        .put(length)
        .put(DIGEST)
        .hex(digest)
        .put(END)
        .done();
  }
}
