package dev.yaoku.api.huawei;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyReference;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.DataKeyPairs;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Asymmetric pairs for callers, made and never stored. */
final class DataKeyPairRoutes {
  private static final Map<String, KeySpec> RSA =
      Map.of(
          "RSA_2048", KeySpec.RSA_2048, "RSA_3072", KeySpec.RSA_3072, "RSA_4096", KeySpec.RSA_4096);

  /** Not the names that master keys have. */
  private static final Map<String, KeySpec> EC =
      Map.of(
          "ECC_NIST_P256",
          KeySpec.EC_P256,
          "ECC_NIST_P384",
          KeySpec.EC_P384,
          "ECC_NIST_P521",
          KeySpec.EC_P521,
          "ECC_SECG_P256K1",
          KeySpec.SECP256K1,
          "SM2",
          KeySpec.SM2);

  private static final byte[] KEY_ID = Out.ascii("{\"key_id\":\"");
  private static final byte[] KEY_SPEC = Out.ascii("\",\"key_spec\":\"");
  private static final byte[] PUBLIC_KEY = Out.ascii("\",\"public_key\":\"");
  private static final byte[] CIPHER_TEXT = Out.ascii("\",\"private_key_cipher_text\":\"");
  private static final byte[] PLAIN_TEXT = Out.ascii("\",\"private_key_plain_text\":\"");
  private static final byte[] END = Out.ascii("\"}");

  private final Frame frame;
  private final DataKeyPairs pairs;

  DataKeyPairRoutes(Frame frame, DataKeyPairs pairs) {
    this.frame = frame;
    this.pairs = pairs;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onKey(
                "CreateRsaDatakeyPair",
                "/kms/create-rsa-datakey-pair",
                Manner.SLOW_SECRET,
                Action.CREATE_RSA_DATA_KEY_PAIR,
                PairRequest.class,
                (caller, request, _) ->
                    create(caller, Action.CREATE_RSA_DATA_KEY_PAIR, request, RSA))
            .answering(Pair.class),
        frame
            .onKey(
                "CreateEcDatakeyPair",
                "/kms/create-ec-datakey-pair",
                Manner.SLOW_SECRET,
                Action.CREATE_EC_DATA_KEY_PAIR,
                EcPairRequest.class,
                (caller, request, _) -> createEc(caller, request))
            .answering(Pair.class));
  }

  record PairRequest(
      @Nullable String keyId,
      @Nullable String keySpec,
      @Nullable String withPlainText,
      @Nullable String additionalAuthenticatedData,
      @Nullable String sequence) {}

  record EcPairRequest(
      @Nullable String keyId,
      @Nullable String keySpec,
      @Nullable String withPlainText,
      @Nullable String additionalAuthenticatedData,
      @Nullable SecretBytes pin,
      @Nullable String pinType,
      @Nullable String sequence) {
    PairRequest pair() {
      return new PairRequest(keyId, keySpec, withPlainText, additionalAuthenticatedData, sequence);
    }
  }

  private Answer createEc(Caller caller, EcPairRequest request) {
    DataKeyRoutes.mustBePin(request.pin(), request.pinType());
    return create(caller, Action.CREATE_EC_DATA_KEY_PAIR, request.pair(), EC);
  }

  private Answer create(
      Caller caller, Action action, PairRequest request, Map<String, KeySpec> specs) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    String name = Members.required("key_spec", request.keySpec());
    KeySpec spec = specs.get(name);
    if (spec == null) {
      throw Members.bad(
          Field.DATA_KEY_SPEC,
          "key_spec",
          "key_spec must be one of " + new TreeSet<>(specs.keySet()) + ".");
    }
    boolean plain = wantsPlain(request.withPlainText());
    try (DataKeyPairs.Made made =
        pairs.create(
            caller, action, key, spec, Syntax.bound(request.additionalAuthenticatedData(), null))) {
      return Answer.json(
          200,
          plain
              ? made.privateKey().lend(bytes -> json(name, made, bytes))
              : json(name, made, null));
    }
  }

  private static boolean wantsPlain(@Nullable String value) {
    return switch (Members.optional(value)) {
      case null -> true;
      case "true" -> true;
      case "false" -> false;
      default ->
          throw Members.bad(
              Field.OTHER, "with_plain_text", "with_plain_text must be true or false.");
    };
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Pair(
      String keyId,
      String keySpec,
      String publicKey,
      String privateKeyCipherText,
      @Nullable String privateKeyPlainText) {}

  private static byte[] json(String spec, DataKeyPairs.Made made, byte @Nullable [] privateKey) {
    String keyId = made.key().text();
    int size =
        KEY_ID.length
            + keyId.length()
            + KEY_SPEC.length
            + spec.length()
            + PUBLIC_KEY.length
            + Out.base64Length(made.publicKey().length)
            + CIPHER_TEXT.length
            + Out.base64Length(made.blob().length)
            + (privateKey == null ? 0 : PLAIN_TEXT.length + Out.base64Length(privateKey.length))
            + END.length;
    Out out =
        new Out(size)
            .put(KEY_ID)
            .put(keyId)
            .put(KEY_SPEC)
            .put(spec)
            .put(PUBLIC_KEY)
            .base64(made.publicKey())
            .put(CIPHER_TEXT)
            .base64(made.blob());
    if (privateKey != null) {
      out.put(PLAIN_TEXT).base64(privateKey);
    }
    return out.put(END).done();
  }
}
