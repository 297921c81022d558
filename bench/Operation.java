import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/** A call that is measured, and the bodies that are sent for it. */
enum Operation {
  ENCRYPT("encrypt-data", 0.40),
  DECRYPT("decrypt-data", 0.37),
  CREATE_DATAKEY("create-datakey", 0.37),
  DESCRIBE("describe-key", 0.35);

  private static final int BODIES = 256;
  private static final JsonMapper JSON = new JsonMapper();

  final String call;

  /** The share of the bare server's rate that Yaoku must reach. */
  final double shareMin;

  Operation(String call, double shareMin) {
    this.call = call;
    this.shareMin = shareMin;
  }

  /** Different bodies of the same size; 128 bytes of plaintext where there is any. */
  List<String> bodies(Target target, String key) throws Exception {
    return bodies(target, key, BODIES);
  }

  List<String> bodies(Target target, String key, int count) throws Exception {
    Random random = new Random(1);
    List<String> bodies = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      bodies.add(JSON.writeValueAsString(members(target, key, text(random))));
    }
    return bodies;
  }

  private Map<String, String> members(Target target, String key, String text) throws Exception {
    return switch (this) {
      case ENCRYPT -> Map.of("key_id", key, "plain_text", text);
      case DECRYPT -> Map.of("cipher_text", target.encrypt(key, text));
      case CREATE_DATAKEY -> Map.of("key_id", key, "key_spec", "AES_256");
      case DESCRIBE -> Map.of("key_id", key);
    };
  }

  private static String text(Random random) {
    byte[] bytes = new byte[64];
    random.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
