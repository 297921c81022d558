package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.crypto.Blob;
import dev.yaoku.crypto.DoesNotOpen;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyReference;
import dev.yaoku.service.ReEncryption;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Moving ciphertext from key to key ({@code operations-new.md}). */
final class ReEncryptionRoutes {
  private static final int DATA_KEY_BYTES_MAX = 1024;
  private static final int BLOB_BYTES_MAX = Blob.size(DATA_KEY_BYTES_MAX);
  private static final Pattern HEX = Pattern.compile("(?:[0-9a-fA-F]{2})+");
  private static final Set<EncryptionAlgorithm> ALGORITHMS =
      EnumSet.allOf(EncryptionAlgorithm.class);

  private final Frame frame;
  private final ReEncryption reEncryption;
  private final boolean oaepSha1;

  /**
   * The routes.
   *
   * @param oaepSha1 whether RSAES_OAEP_SHA_1 encrypts too; it always decrypts
   */
  ReEncryptionRoutes(Frame frame, ReEncryption reEncryption, boolean oaepSha1) {
    this.frame = frame;
    this.reEncryption = reEncryption;
    this.oaepSha1 = oaepSha1;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onKey(
                "ReEncrypt",
                "/kms/re-encrypt",
                Manner.FAST,
                Action.RE_ENCRYPT_FROM,
                MoveRequest.class,
                this::move)
            .answering(Moved.class));
  }

  record MoveRequest(
      @Nullable String cipherText,
      @Nullable String destinationKeyId,
      @Nullable String sourceKeyId,
      @Nullable String sourceEncryptionAlgorithm,
      @Nullable String destinationEncryptionAlgorithm,
      @Nullable String sourceAdditionalAuthenticatedData,
      @Nullable String destinationAdditionalAuthenticatedData,
      @Nullable String datakeyCipherLength,
      @Nullable String sequence) {}

  record Moved(
      String keyId,
      String sourceKeyId,
      String sourceEncryptionAlgorithm,
      String destinationEncryptionAlgorithm,
      String cipherText) {}

  private Answer move(Caller caller, MoveRequest request, Exchange exchange) {
    ReEncryption.Source source = source(request);
    caller.intends(ReEncryption.fromAction(source.kind()));
    ReEncryption.Destination destination =
        new ReEncryption.Destination(
            KeyReference.parse(Members.required("destination_key_id", request.destinationKeyId())),
            Syntax.algorithm(
                "destination_encryption_algorithm",
                request.destinationEncryptionAlgorithm(),
                ALGORITHMS),
            Syntax.bound(request.destinationAdditionalAuthenticatedData(), null),
            oaepSha1);
    ReEncryption.Moved moved = reEncryption.move(caller, source, destination);
    return Json.ok(
        new Moved(
            moved.destination().text(),
            moved.source().text(),
            source.algorithm().name(),
            destination.algorithm().name(),
            written(source.kind(), moved.ciphertext())));
  }

  private static ReEncryption.Source source(MoveRequest request) {
    String text = Members.required("cipher_text", request.cipherText());
    String named = Members.optional(request.sourceKeyId());
    EncryptionAlgorithm algorithm =
        Syntax.algorithm(
            "source_encryption_algorithm", request.sourceEncryptionAlgorithm(), ALGORITHMS);
    boolean dataKey = algorithm == EncryptionAlgorithm.SYMMETRIC_DEFAULT && isDataKey(text);
    return new ReEncryption.Source(
        named == null ? null : KeyReference.parse(named),
        algorithm,
        dataKey ? Encodings.hexCiphertext(text, BLOB_BYTES_MAX) : Encodings.base64(text),
        dataKey ? Blob.Kind.DATA_KEY : Blob.Kind.DATA,
        Syntax.bound(request.sourceAdditionalAuthenticatedData(), null),
        dataKey ? dataKeyBytes(request) : 0);
  }

  /** Ignored for data, whatever it says. */
  private static int dataKeyBytes(MoveRequest request) {
    return Members.number(
        "datakey_cipher_length",
        request.datakeyCipherLength(),
        Field.WRAPPED_DATA_KEY_LENGTH,
        1,
        DATA_KEY_BYTES_MAX,
        0);
  }

  /** Hex digits are Base64 too, so the blob has to say that it is a data key. */
  private static boolean isDataKey(String text) {
    if (text.length() > 2 * BLOB_BYTES_MAX || !HEX.matcher(text).matches()) {
      return false;
    }
    try {
      Blob.Header.read(HexFormat.of().parseHex(text), Blob.Kind.DATA_KEY);
      return true;
    } catch (DoesNotOpen e) {
      return false;
    }
  }

  private static String written(Blob.Kind kind, byte[] ciphertext) {
    return kind == Blob.Kind.DATA_KEY
        ? HexFormat.of().withUpperCase().formatHex(ciphertext)
        : Base64.getEncoder().encodeToString(ciphertext);
  }
}
