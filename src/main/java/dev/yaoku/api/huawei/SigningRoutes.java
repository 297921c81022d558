package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.crypto.SigningAlgorithm;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyReference;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Signing;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Signatures and public keys. */
final class SigningRoutes {
  private static final int SIGNATURE_CHARACTERS_MAX = 16_384;
  private static final byte[] LINE_END = {'\r', '\n'};
  private static final int LINE_CHARACTERS = 64;

  private final Frame frame;
  private final Signing signing;

  SigningRoutes(Frame frame, Signing signing) {
    this.frame = frame;
    this.signing = signing;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onKey(
                "Sign", "/kms/sign", Manner.FAST_SECRET, Action.SIGN, SignRequest.class, this::sign)
            .answering(Signed.class),
        frame
            .onKey(
                "ValidateSignature",
                "/kms/verify",
                Manner.FAST_SECRET,
                Action.VERIFY,
                VerifyRequest.class,
                this::verify)
            .answering(Verified.class),
        frame
            .onKey(
                "ShowPublicKey",
                "/kms/get-publickey",
                Manner.FAST,
                Action.GET_PUBLIC_KEY,
                KeyRoutes.KeyRequest.class,
                this::publicKey)
            .answering(Shown.class));
  }

  record SignRequest(
      @Nullable String keyId,
      @Nullable SecretBytes message,
      @Nullable String signingAlgorithm,
      @Nullable String messageType,
      @Nullable String sequence) {}

  record Signed(String keyId, String signature) {}

  private Answer sign(Caller caller, SignRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    SigningAlgorithm algorithm = algorithm(request.signingAlgorithm());
    Signing.Form form = form(request.messageType());
    try (SecretBytes message = Messages.decoded(request.message())) {
      Signing.Signature signature =
          message.lend(bytes -> signing.sign(caller, key, algorithm, form, bytes));
      return Json.ok(
          new Signed(
              signature.key().text(), Base64.getEncoder().encodeToString(signature.bytes())));
    }
  }

  record VerifyRequest(
      @Nullable String keyId,
      @Nullable SecretBytes message,
      @Nullable String signature,
      @Nullable String signingAlgorithm,
      @Nullable String messageType,
      @Nullable String sequence) {}

  /** The verdict is a text; a boolean breaks the SDK. */
  record Verified(String keyId, String signatureValid) {}

  private Answer verify(Caller caller, VerifyRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    SigningAlgorithm algorithm = algorithm(request.signingAlgorithm());
    Signing.Form form = form(request.messageType());
    byte[] signature = signature(Members.required("signature", request.signature()));
    try (SecretBytes message = Messages.decoded(request.message())) {
      Signing.Verdict verdict =
          message.lend(bytes -> signing.verify(caller, key, algorithm, form, bytes, signature));
      return Json.ok(new Verified(verdict.key().text(), Boolean.toString(verdict.valid())));
    }
  }

  record Shown(String keyId, String publicKey) {}

  private Answer publicKey(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    Signing.PublicKey key = signing.publicKey(caller, request.key());
    return Json.ok(new Shown(key.key().text(), pem(key.encoded())));
  }

  /** RFC 7468, with line ends as the cloud writes them. */
  private static String pem(byte[] encoded) {
    String text = Base64.getMimeEncoder(LINE_CHARACTERS, LINE_END).encodeToString(encoded);
    return "-----BEGIN PUBLIC KEY-----\r\n" + text + "\r\n-----END PUBLIC KEY-----\r\n";
  }

  private static SigningAlgorithm algorithm(@Nullable String value) {
    String text = Members.required("signing_algorithm", value);
    return SigningAlgorithm.named(text)
        .orElseThrow(() ->
            Members.bad(
                Field.OTHER,
                "signing_algorithm",
                "signing_algorithm must be one of " + Arrays.toString(SigningAlgorithm.values())));
  }

  private static Signing.Form form(@Nullable String value) {
    return switch (Members.optional(value)) {
      case null -> Signing.Form.UNSAID;
      case "DIGEST" -> Signing.Form.DIGEST;
      case "RAW" -> Signing.Form.RAW;
      default ->
          throw Members.bad(Field.OTHER, "message_type", "message_type must be DIGEST or RAW.");
    };
  }

  private static byte[] signature(String text) {
    byte[] bytes = Encodings.base64(text, 1, SIGNATURE_CHARACTERS_MAX);
    if (bytes == null) {
      throw Members.bad(Field.OTHER, "signature", "signature must be Base64.");
    }
    return bytes;
  }
}
