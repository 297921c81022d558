package dev.yaoku.api.huawei;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.OpeningPolicy;
import dev.yaoku.key.OpeningPolicyReader;
import dev.yaoku.key.Problem;
import dev.yaoku.service.Attestation;
import dev.yaoku.service.Capsules;
import dev.yaoku.service.Capsules.Released;
import dev.yaoku.service.Capsules.Under;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Data keys that open only from attested places ({@code operations-new.md}). */
final class CapsuleRoutes {
  private static final int CAPSULE_CHARACTERS_MAX = 16 * 1024;

  private static final byte[] KEY_ID = Out.ascii("{\"key_id\":\"");
  private static final byte[] INSTANCE = Out.ascii("\",\"instance_id\":\"");
  private static final byte[] DATA_KEY = Out.ascii("\",\"datakey\":\"");
  private static final byte[] ENCRYPTED = Out.ascii("\",\"datakey_cipher\":\"");
  private static final byte[] CAPSULE = Out.ascii("\",\"datakey_capsule\":\"");
  private static final byte[] END = Out.ascii("\"}");

  private final Frame frame;
  private final Capsules capsules;

  CapsuleRoutes(Frame frame, Capsules capsules) {
    this.frame = frame;
    this.capsules = capsules;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onKey(
                "CreateDatakeyCapsule",
                "/kms/datakey-capsule/create",
                Manner.FAST_SECRET,
                Action.CREATE_CAPSULE,
                CreateRequest.class,
                this::create)
            .answering(Created.class),
        frame
            .onKey(
                "DecryptDatakeyCapsule",
                "/kms/datakey-capsule/decrypt",
                Manner.SLOW_SECRET,
                Action.OPEN_CAPSULE,
                OpenRequest.class,
                this::open)
            .answering(Opened.class));
  }

  record CreateRequest(
      @Nullable String keyId,
      @Nullable String datakeyLength,
      @Nullable String publicKey,
      @Nullable String policyId,
      @Nullable OpeningPolicy keyPolicy,
      @Nullable String sequence) {}

  /** These two calls take hexadecimal digits of both cases; a name is taken as it is written. */
  private static KeyReference reference(@Nullable String keyId) {
    String text = Members.required("key_id", keyId);
    String id = OpeningPolicyReader.uuid(text);
    return KeyReference.parse(id == null ? text : id);
  }

  /** One of the two data keys is there. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Created(
      String keyId,
      @Nullable String datakey,
      @Nullable String datakeyCipher,
      String datakeyCapsule) {}

  private Answer create(Caller caller, CreateRequest request, Exchange exchange) {
    KeyReference key = reference(request.keyId());
    int bytes = bytes(Members.required("datakey_length", request.datakeyLength()));
    byte[] recipient = recipient(request.publicKey());
    Under under = under(request);
    try (Released made = capsules.create(caller, key, bytes, under, recipient)) {
      byte[] name = made.encrypted() ? ENCRYPTED : DATA_KEY;
      String id = made.key().text();
      return Answer.json(
          200,
          made.dataKey()
              .lend(dataKey ->
                  new Out(
                          KEY_ID.length
                              + id.length()
                              + name.length
                              + Out.base64Length(dataKey.length)
                              + CAPSULE.length
                              + Out.base64Length(made.capsule().length)
                              + END.length)
                      .put(KEY_ID)
                      .put(id)
                      .put(name)
                      .base64(dataKey)
                      .put(CAPSULE)
                      .base64(made.capsule())
                      .put(END)
                      .done()));
    }
  }

  /** The pages speak of bits, the SDKs of kinds. */
  private static int bytes(String length) {
    return switch (length) {
      case "256", "AES_256" -> 32;
      case "128", "AES_128", "SM4" -> 16;
      default ->
          throw Members.bad(
              Field.DATA_KEY_LENGTH_RANGE,
              "datakey_length",
              "datakey_length must be 256 or AES_256, 128, AES_128 or SM4.");
    };
  }

  private static Under under(CreateRequest request) {
    String stored = Members.optional(request.policyId());
    OpeningPolicy inline = request.keyPolicy();
    if (stored != null && inline != null) {
      throw Members.bad(
          Field.OTHER, "key_policy", "Only one of policy_id and key_policy can be given.");
    }
    if (inline != null) {
      return new Under.Inline(inline);
    }
    if (stored == null) {
      throw Members.missing("policy_id or key_policy");
    }
    String id = OpeningPolicyReader.uuid(stored);
    if (id == null) {
      throw new KmsException(new Problem.MalformedId("policy_id"));
    }
    return new Under.Stored(id);
  }

  record OpenRequest(
      @Nullable String keyId,
      @Nullable String datakeyCapsule,
      @Nullable AttestationDocument attestationDocument,
      @Nullable String publicKey,
      @Nullable String sequence) {}

  record AttestationDocument(
      @Nullable String ecsSignature,
      @Nullable String customSignature,
      @Nullable String customPublicKey,
      @Nullable String expireTime,
      @Nullable String serviceToken) {
    Attestation read() {
      return new Attestation(
          Members.optional(ecsSignature),
          Members.optional(customSignature),
          Members.optional(customPublicKey),
          Members.optional(expireTime),
          Members.optional(serviceToken));
    }
  }

  /** One of the two data keys is there. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Opened(
      String keyId, String instanceId, @Nullable String datakey, @Nullable String datakeyCipher) {}

  private Answer open(Caller caller, OpenRequest request, Exchange exchange) {
    KeyReference key = reference(request.keyId());
    String text = Members.required("datakey_capsule", request.datakeyCapsule());
    byte[] capsule =
        Encodings.base64(
            text, CAPSULE_CHARACTERS_MAX, () -> new KmsException(new Problem.BadCapsule()));
    AttestationDocument document = request.attestationDocument();
    if (document == null) {
      throw Members.missing("attestation_document");
    }
    byte[] recipient = recipient(request.publicKey());
    try (Released opened = capsules.open(caller, key, text, capsule, document.read(), recipient)) {
      return Answer.json(200, json(opened));
    }
  }

  private static byte[] json(Released opened) {
    byte[] name = opened.encrypted() ? ENCRYPTED : DATA_KEY;
    String id = opened.key().text();
    byte[] instance = opened.instance().getBytes(StandardCharsets.UTF_8);
    return opened
        .dataKey()
        .lend(dataKey ->
            new Out(
                    KEY_ID.length
                        + id.length()
                        + INSTANCE.length
                        + Out.textLength(instance)
                        + name.length
                        + Out.base64Length(dataKey.length)
                        + END.length)
                .put(KEY_ID)
                .put(id)
                .put(INSTANCE)
                .text(instance)
                .put(name)
                .base64(dataKey)
                .put(END)
                .done());
  }

  /** The caller's own key, if the answer shall be encrypted under it. */
  private static byte @Nullable [] recipient(@Nullable String publicKey) {
    String text = Members.optional(publicKey);
    return text == null ? null : Members.publicKey(text);
  }
}
