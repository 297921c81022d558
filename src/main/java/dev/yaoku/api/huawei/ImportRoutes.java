package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.Imports;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Material made elsewhere. */
final class ImportRoutes {
  private static final int MATERIAL_CHARACTERS_MAX = 1_024;
  private static final int LONG_CHARACTERS_MAX = 6_144;
  private static final int SECONDS_DIGITS_MAX = 12;

  private final Frame frame;
  private final Imports imports;
  private final HuaweiOptions options;

  ImportRoutes(Frame frame, Imports imports, HuaweiOptions options) {
    this.frame = frame;
    this.imports = imports;
    this.options = options;
  }

  List<Route> routes() {
    return List.of(
        frame.onKey(
            "CreateParametersForImport",
            "/kms/get-parameters-for-import",
            Manner.SLOW,
            Action.GET_IMPORT_PARAMETERS,
            ParametersRequest.class,
            this::parameters),
        frame.onKey(
            "ImportKeyMaterial",
            "/kms/import-key-material",
            Manner.SLOW,
            Action.IMPORT_MATERIAL,
            ImportRequest.class,
            this::take),
        frame.onKey(
            "DeleteImportedKeyMaterial",
            "/kms/delete-imported-key-material",
            Manner.SLOW,
            Action.DELETE_MATERIAL,
            KeyRoutes.KeyRequest.class,
            this::delete));
  }

  record ParametersRequest(
      @Nullable String keyId, @Nullable String wrappingAlgorithm, @Nullable String sequence) {}

  /** The time is a number, and in seconds here. */
  record Parameters(String keyId, String importToken, long expirationTime, String publicKey) {}

  private Answer parameters(Caller caller, ParametersRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    EncryptionAlgorithm algorithm = algorithm(request.wrappingAlgorithm());
    Imports.Parameters parameters = imports.parameters(caller, key, algorithm);
    return Answer.json(
        200,
        Json.write(
            new Parameters(
                parameters.key().text(),
                Base64.getEncoder().encodeToString(parameters.token()),
                parameters.expiresAt().getEpochSecond(),
                Base64.getEncoder().encodeToString(parameters.publicKey()))));
  }

  private EncryptionAlgorithm algorithm(@Nullable String value) {
    String text = Members.required("wrapping_algorithm", value);
    EncryptionAlgorithm algorithm =
        EncryptionAlgorithm.named(text).orElse(EncryptionAlgorithm.SYMMETRIC_DEFAULT);
    boolean known =
        switch (algorithm) {
          case RSAES_OAEP_SHA_256 -> true;
          case SM2_ENCRYPT -> options.chineseAlgorithms();
          case RSAES_OAEP_SHA_1 -> options.oaepSha1();
          case SYMMETRIC_DEFAULT -> false;
        };
    if (!known) {
      throw Members.bad(
          Field.OTHER,
          "wrapping_algorithm",
          "wrapping_algorithm must be RSAES_OAEP_SHA_256 or, where it is offered, SM2_ENCRYPT.");
    }
    return algorithm;
  }

  record ImportRequest(
      @Nullable String keyId,
      @Nullable String importToken,
      @Nullable String encryptedKeyMaterial,
      @Nullable String encryptedPrivatekey,
      @Nullable String expirationTime,
      @Nullable String sequence) {}

  private Answer take(Caller caller, ImportRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    byte[] token =
        base64(
            Members.required("import_token", request.importToken()),
            LONG_CHARACTERS_MAX,
            () -> new KmsException(new Problem.BadImportToken()));
    byte[] material =
        base64(
            Members.required("encrypted_key_material", request.encryptedKeyMaterial()),
            MATERIAL_CHARACTERS_MAX,
            () -> new KmsException(new Problem.ImportDoesNotOpen()));
    String privateText = Members.optional(request.encryptedPrivatekey());
    byte[] privateKey =
        privateText == null
            ? null
            : base64(
                privateText,
                LONG_CHARACTERS_MAX,
                () -> new KmsException(new Problem.BadPrivateKey()));
    imports.take(
        caller,
        key,
        new Imports.Parcel(token, material, privateKey, instant(request.expirationTime())));
    return Frame.empty();
  }

  private static @Nullable Instant instant(@Nullable String value) {
    String text = Members.optional(value);
    if (text == null) {
      return null;
    }
    if (text.length() > SECONDS_DIGITS_MAX || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw Members.bad(
          Field.MATERIAL_EXPIRY,
          "expiration_time",
          "expiration_time must be in the future, in seconds since 1970.");
    }
    return Instant.ofEpochSecond(Long.parseLong(text));
  }

  private static byte[] base64(String text, int charactersMax, Supplier<KmsException> refusal) {
    if (text.length() > charactersMax) {
      throw refusal.get();
    }
    try {
      return Base64.getDecoder().decode(text);
    } catch (IllegalArgumentException e) {
      throw refusal.get();
    }
  }

  private Answer delete(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    imports.delete(caller, request.key());
    return Frame.empty();
  }
}
