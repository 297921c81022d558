import dev.yaoku.crypto.Cryptography;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.Randomness;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * Whether imports that do not open take alike, whatever is wrong with what the wrapping key is to
 * open: key material, or the temporary key of a private key.
 */
final class ImportTiming {
  private static final int TRIES_A_TOKEN = 10;
  private static final int TOKENS_A_KEY = 20;
  private static final int SAMPLES_A_TOKEN = 25;
  private static final int TOKENS_MIN = 5;

  /** As long as a private key of P-256 that is wrapped. */
  private static final int WRAPPED_BYTES = 152;

  private final Target target;
  private final Random random;
  private int keys;

  ImportTiming(Target target, Random random) {
    this.target = target;
    this.random = random;
  }

  /** What does not open under a wrapping key of one kind, in the way of each cause. */
  interface Wrapping {
    String algorithm();

    List<String> causes();

    byte[] spoiled(int cause, String publicKey, Random random);
  }

  /**
   * A token allows ten tries, so there are many tokens; each try is one of the causes.
   *
   * @param pair whether a private key is brought
   * @param samples about how many of each cause, times a few
   */
  void compare(Wrapping wrapping, boolean pair, int samples) throws IOException {
    List<String> causes = wrapping.causes();
    Map<Integer, List<Double>> times = new LinkedHashMap<>();
    List<String> answers = new ArrayList<>(Collections.nCopies(causes.size(), ""));
    int tokens = Math.max(TOKENS_MIN, samples / SAMPLES_A_TOKEN);
    String key = "";
    try (OneConnection connection = OneConnection.to(target.endpoint())) {
      for (int token = 0; token < tokens; token++) {
        if (token % TOKENS_A_KEY == 0) {
          key = key(pair);
        }
        Map<String, String> members = ordered(key, wrapping, pair);
        String publicKey = members.remove("public_key");
        for (int attempt = 0; attempt < TRIES_A_TOKEN; attempt++) {
          int cause = random.nextInt(causes.size());
          byte[] encrypted = wrapping.spoiled(cause, publicKey, random);
          members.put("encrypted_key_material", Timing.base64(encrypted));
          double micros =
              connection.micros(target.request("import-key-material", Timing.body(members)));
          if (attempt > 0) { // the first try of a token reads it from the store
            times.computeIfAbsent(cause, _ -> new ArrayList<>()).add(micros);
            answers.set(cause, connection.answer());
          }
        }
      }
    }
    Timing.print(
        "import" + (pair ? " of a pair, " : ", ") + wrapping.algorithm(), causes, times, answers);
  }

  private String key(boolean pair) throws IOException {
    String alias = "timing-import-" + (pair ? "pair-" : "") + System.nanoTime() + "-" + keys++;
    return pair
        ? target.createExternalKey(alias, "EC_P256", "SIGN_VERIFY")
        : target.createExternalKey(alias);
  }

  /** The members of an import but for the material, and the public key for that. */
  private Map<String, String> ordered(String key, Wrapping wrapping, boolean pair)
      throws IOException {
    var parameters =
        target.client.post(
            target.path("get-parameters-for-import"),
            Map.of("key_id", key, "wrapping_algorithm", wrapping.algorithm()));
    Map<String, String> members = new LinkedHashMap<>();
    members.put("key_id", key);
    members.put("import_token", parameters.get("import_token").asString());
    members.put("public_key", parameters.get("public_key").asString());
    if (pair) {
      byte[] wrapped = new byte[WRAPPED_BYTES];
      random.nextBytes(wrapped);
      members.put("encrypted_privatekey", Timing.base64(wrapped));
    }
    return members;
  }

  /** RSA with OAEP. */
  static final class Oaep implements Wrapping {
    private static final String PADDING = "RSA/ECB/OAEPPadding";
    private static final int MODULUS_BYTES = 256;

    @Override
    public String algorithm() {
      return "RSAES_OAEP_SHA_256";
    }

    @Override
    public List<String> causes() {
      return List.of(
          "no padding",
          "a bit changed",
          "truncated",
          "one byte more",
          "not below the modulus",
          "nought",
          "padded with SHA-1",
          "padded as PKCS#1 v1.5",
          "with a label");
    }

    @Override
    public byte[] spoiled(int cause, String publicKey, Random random) {
      byte[] noise = new byte[MODULUS_BYTES];
      random.nextBytes(noise);
      noise[0] = 0;
      return switch (cause) {
        case 0 -> noise;
        case 1 ->
            Timing.flipped(wrapped(publicKey, PADDING, "SHA-256", new byte[0]), MODULUS_BYTES - 1);
        case 2 -> Arrays.copyOf(noise, MODULUS_BYTES - 1);
        case 3 -> Arrays.copyOf(noise, MODULUS_BYTES + 1);
        case 4 -> Timing.with(noise, 0, 0xff);
        case 5 -> new byte[MODULUS_BYTES];
        case 6 -> wrapped(publicKey, PADDING, "SHA-1", new byte[0]);
        case 7 -> wrapped(publicKey, "RSA/ECB/PKCS1Padding", "", new byte[0]);
        default -> wrapped(publicKey, PADDING, "SHA-256", new byte[] {1});
      };
    }

    private static byte[] wrapped(String publicKey, String padding, String hash, byte[] label) {
      try {
        Cipher cipher = Cipher.getInstance(padding);
        PublicKey key =
            KeyFactory.getInstance("RSA")
                .generatePublic(new X509EncodedKeySpec(Base64.getDecoder().decode(publicKey)));
        if (hash.isEmpty()) {
          cipher.init(Cipher.ENCRYPT_MODE, key);
        } else {
          cipher.init(
              Cipher.ENCRYPT_MODE,
              key,
              new OAEPParameterSpec(
                  hash, "MGF1", new MGF1ParameterSpec(hash), new PSource.PSpecified(label)));
        }
        return cipher.doFinal(new byte[32]);
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** SM2, whose ciphertexts are a point, a digest and the masked text, in DER. */
  static final class Sm2 implements Wrapping {
    private static final int IN_THE_POINT = 20;
    private static final int IN_THE_DIGEST = 40;

    private final Cryptography cryptography = new Cryptography(Randomness.kernel(), false);

    @Override
    public String algorithm() {
      return EncryptionAlgorithm.SM2_ENCRYPT.name();
    }

    @Override
    public List<String> causes() {
      return List.of(
          "a bit of the text changed",
          "a bit of the digest changed",
          "no point of the curve",
          "truncated",
          "one byte more");
    }

    @Override
    public byte[] spoiled(int cause, String publicKey, Random random) {
      byte[] good =
          cryptography
              .publicHalf(KeySpec.SM2, Base64.getDecoder().decode(publicKey))
              .encrypt(EncryptionAlgorithm.SM2_ENCRYPT, new byte[32]);
      return switch (cause) {
        case 0 -> Timing.flipped(good, good.length - 1);
        case 1 -> Timing.flipped(good, good.length - IN_THE_DIGEST);
        case 2 -> Timing.flipped(good, IN_THE_POINT);
        case 3 -> Arrays.copyOf(good, good.length - 1);
        default -> Arrays.copyOf(good, good.length + 1);
      };
    }
  }
}
