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
import dev.yaoku.service.Imports;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The "key material import" calls. */
final class ImportRoutes {
  private static final int MATERIAL_CHARACTERS_MAX = 360;

  /** What SM2 makes of 16 bytes is well above this, what RSA makes is 344. */
  private static final int MATERIAL_CHARACTERS_MIN = 128;

  private static final int WRAPPED_CHARACTERS_MIN = 24;
  private static final int WRAPPED_CHARACTERS_MAX = 6144;

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
        frame
            .onKey(
                "CreateParametersForImport",
                "/kms/get-parameters-for-import",
                Manner.SLOW,
                Action.GET_IMPORT_PARAMETERS,
                ParametersRequest.class,
                this::parameters)
            .answering(ParametersAnswer.class),
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

  record ParametersAnswer(
      String keyId, String importToken, long expirationTime, String publicKey) {}

  private Answer parameters(Caller caller, ParametersRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    EncryptionAlgorithm algorithm = algorithm(request.wrappingAlgorithm());
    Imports.Parameters made = imports.parameters(caller, key, algorithm);
    return Json.ok(
        new ParametersAnswer(
            made.key().text(),
            made.token(),
            made.expiresAt().getEpochSecond(),
            Base64.getEncoder().encodeToString(made.publicKey())));
  }

  private EncryptionAlgorithm algorithm(@Nullable String value) {
    String name = Members.required("wrapping_algorithm", value);
    return EncryptionAlgorithm.named(name)
        .filter(this::wraps)
        .orElseThrow(() ->
            Members.bad(
                Field.OTHER,
                "wrapping_algorithm",
                options.importOaepSha1()
                    ? "wrapping_algorithm must be RSAES_OAEP_SHA_256, RSAES_OAEP_SHA_1 or"
                        + " SM2_ENCRYPT."
                    : "wrapping_algorithm must be RSAES_OAEP_SHA_256 or SM2_ENCRYPT."));
  }

  private boolean wraps(EncryptionAlgorithm algorithm) {
    return switch (algorithm) {
      case RSAES_OAEP_SHA_256, SM2_ENCRYPT -> true;
      case RSAES_OAEP_SHA_1 -> options.importOaepSha1();
      case SYMMETRIC_DEFAULT -> false;
    };
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
    String token = Members.required("import_token", request.importToken());
    byte[] material =
        material(Members.required("encrypted_key_material", request.encryptedKeyMaterial()));
    String wrapped = Members.optional(request.encryptedPrivatekey());
    String end = Members.optional(request.expirationTime());
    imports.take(
        caller,
        key,
        new Imports.Delivery(
            token,
            material,
            wrapped == null ? null : privateKey(wrapped),
            end == null ? null : Instant.ofEpochSecond(Members.seconds("expiration_time", end))));
    return Json.nothing();
  }

  private static byte[] material(String text) {
    byte[] bytes = Encodings.base64(text, MATERIAL_CHARACTERS_MIN, MATERIAL_CHARACTERS_MAX);
    if (bytes == null) {
      throw Members.bad(
          Field.OTHER,
          "encrypted_key_material",
          "encrypted_key_material must be Base64 of at most 360 characters.");
    }
    return bytes;
  }

  /** Nothing where it is malformed: only keys that take a private key mind. */
  private static byte[] privateKey(String text) {
    byte[] bytes = Encodings.base64(text, WRAPPED_CHARACTERS_MIN, WRAPPED_CHARACTERS_MAX);
    return bytes == null ? new byte[0] : bytes;
  }

  private Answer delete(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    imports.delete(caller, request.key());
    return Json.nothing();
  }
}
