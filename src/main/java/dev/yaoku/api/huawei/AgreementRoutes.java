package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyReference;
import dev.yaoku.service.Agreement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Agreeing on secrets ({@code operations-new.md}). */
final class AgreementRoutes {
  private static final String ECDH = "ECDH";
  private static final byte[] KEY_ID = Out.ascii("{\"key_id\":\"");
  private static final byte[] SECRET =
      Out.ascii("\",\"key_agreement_algorithm\":\"ECDH\",\"shared_secret\":\"");
  private static final byte[] END = Out.ascii("\"}");

  private final Frame frame;
  private final Agreement agreement;

  AgreementRoutes(Frame frame, Agreement agreement) {
    this.frame = frame;
    this.agreement = agreement;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onKey(
                "DeriveSharedSecret",
                "/kms/derive-shared-secret",
                Manner.FAST_SECRET,
                Action.DERIVE_SHARED_SECRET,
                DeriveRequest.class,
                this::derive)
            .answering(Derived.class));
  }

  record Recipient(@Nullable String attestationDocument, @Nullable String keyEncryptionAlgorithm) {}

  record DeriveRequest(
      @Nullable String keyId,
      @Nullable String keyAgreementAlgorithm,
      @Nullable String publicKey,
      @Nullable Recipient recipient,
      @Nullable String sequence) {}

  private Answer derive(Caller caller, DeriveRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    String algorithm = Members.required("key_agreement_algorithm", request.keyAgreementAlgorithm());
    if (!algorithm.equals(ECDH)) {
      throw Members.bad(
          Field.OTHER, "key_agreement_algorithm", "key_agreement_algorithm must be ECDH.");
    }
    byte[] peer = Members.publicKey(Members.required("public_key", request.publicKey()));
    Recipient recipient = request.recipient();
    if (recipient != null && Members.optional(recipient.attestationDocument()) != null) {
      throw agreement.noEnclaves(caller, key);
    }
    try (Agreement.Shared shared = agreement.derive(caller, key, peer)) {
      String keyId = shared.key().text();
      return Answer.json(200, shared.secret().lend(bytes -> json(keyId, bytes)));
    }
  }

  record Derived(String keyId, String keyAgreementAlgorithm, String sharedSecret) {}

  private static byte[] json(String keyId, byte[] secret) {
    int size =
        KEY_ID.length
            + keyId.length()
            + SECRET.length
            + Out.base64Length(secret.length)
            + END.length;
    return new Out(size).put(KEY_ID).put(keyId).put(SECRET).base64(secret).put(END).done();
  }
}
