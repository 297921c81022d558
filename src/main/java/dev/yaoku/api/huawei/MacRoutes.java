package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.crypto.MacAlgorithm;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Macs;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Message authentication codes. */
final class MacRoutes {
  private static final int CODE_CHARACTERS_MAX = 1_024;
  private static final byte[] KEY_ID = Out.ascii("{\"key_id\":\"");
  private static final byte[] ALGORITHM = Out.ascii("\",\"mac_algorithm\":\"");
  private static final byte[] MAC = Out.ascii("\",\"mac\":\"");
  private static final byte[] END = Out.ascii("\"}");

  private final Frame frame;
  private final Macs macs;

  MacRoutes(Frame frame, Macs macs) {
    this.frame = frame;
    this.macs = macs;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onKey(
                "GenerateMac",
                "/kms/generate-mac",
                Manner.FAST_SECRET,
                Action.GENERATE_MAC,
                GenerateRequest.class,
                this::generate)
            .answering(Generated.class),
        frame
            .onKey(
                "VerifyMac",
                "/kms/verify-mac",
                Manner.FAST_SECRET,
                Action.VERIFY_MAC,
                VerifyRequest.class,
                this::verify)
            .answering(Verified.class));
  }

  record GenerateRequest(
      @Nullable String keyId,
      @Nullable String macAlgorithm,
      @Nullable SecretBytes message,
      @Nullable String sequence) {}

  /** What {@link #json} writes. */
  record Generated(String keyId, String macAlgorithm, String mac) {}

  private Answer generate(Caller caller, GenerateRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    MacAlgorithm algorithm = algorithm(request.macAlgorithm());
    try (SecretBytes message = Messages.decoded(request.message());
        Macs.Code code = macs.generate(caller, key, algorithm, message)) {
      String keyId = code.key().text();
      return Answer.json(200, code.bytes().lend(bytes -> json(keyId, algorithm.name(), bytes)));
    }
  }

  private static byte[] json(String keyId, String algorithm, byte[] code) {
    int size =
        KEY_ID.length
            + keyId.length()
            + ALGORITHM.length
            + algorithm.length()
            + MAC.length
            + 2 * code.length
            + END.length;
    return new Out(size)
        .put(KEY_ID)
        .put(keyId)
        .put(ALGORITHM)
        .put(algorithm)
        .put(MAC)
        .lowerHex(code)
        .put(END)
        .done();
  }

  record VerifyRequest(
      @Nullable String keyId,
      @Nullable String macAlgorithm,
      @Nullable SecretBytes message,
      @Nullable String mac,
      @Nullable String sequence) {}

  /** The verdict is a boolean; a text breaks the SDK. */
  record Verified(String keyId, String macAlgorithm, boolean macValid) {}

  private Answer verify(Caller caller, VerifyRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    MacAlgorithm algorithm = algorithm(request.macAlgorithm());
    byte[] claimed = code(Members.required("mac", request.mac()));
    try (SecretBytes message = Messages.decoded(request.message())) {
      Macs.Verdict verdict = macs.verify(caller, key, algorithm, message, claimed);
      return Json.ok(new Verified(verdict.key().text(), algorithm.name(), verdict.valid()));
    }
  }

  private static byte[] code(String text) {
    if (text.length() > CODE_CHARACTERS_MAX) {
      throw notHex();
    }
    return Encodings.hex(text.getBytes(StandardCharsets.ISO_8859_1), MacRoutes::notHex);
  }

  private static KmsException notHex() {
    return Members.bad(Field.OTHER, "mac", "mac must be hex.");
  }

  private static MacAlgorithm algorithm(@Nullable String value) {
    return MacAlgorithm.named(Members.required("mac_algorithm", value))
        .orElseThrow(() ->
            Members.bad(
                Field.OTHER,
                "mac_algorithm",
                "mac_algorithm must be one of " + Arrays.toString(MacAlgorithm.values())));
  }
}
