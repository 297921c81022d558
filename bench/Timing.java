import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether refusals that answer alike also take alike, over HTTP and one connection: causes in
 * random order, the slowest tenth of each left out, each compared with the first by Welch's t.
 */
final class Timing {
  /** So many requests, of all causes in turn, do not count. */
  private static final int WARM_UPS = 2_000;

  private static final JsonMapper JSON = new JsonMapper();

  /** Beyond this, two means differ (as in test vector leakage assessment, ISO/IEC 17825). */
  private static final double T_MAX = 4.5;

  private static final double KEPT = 0.9;
  private static final int KIND_AT = 3;
  private static final int VERSION_AT = 23;
  private static final int COMMITMENT_AT = 24 + 24;
  private static final int PLAIN_BYTES = 512;
  private static final String ASSOCIATED = "additional_authenticated_data";
  private static final String BOUND = "right";
  private static final String OTHERWISE_BOUND = "wrong";

  private final int samples;
  private final Random random = new Random(1);

  /**
   * A part that is to be run.
   *
   * @param samples of each cause
   */
  Timing(int samples) {
    this.samples = samples;
  }

  /** What answers a cause: a request ready to be sent, another each time where it must be. */
  private record Cause(String name, Supplier<byte[]> requests) {
    Cause(String name, byte[] request) {
      this(name, () -> request);
    }

    byte[] request() {
      return requests.get();
    }
  }

  /** How many users there must be, so that each is asked for once. */
  int users() {
    return samples + WARM_UPS;
  }

  /**
   * Compares and prints.
   *
   * @param foreignKey the id of a key of another account
   */
  void report(Target target, String foreignKey) throws IOException {
    System.out.printf(
        "%nTime of refusals, %d of each cause; alike while |t| <= %.1f%n", samples, T_MAX);
    compare("decrypt-data, AES_256", target, decryptions(target, "AES_256"), samples);
    compare("decrypt-data, SM4", target, decryptions(target, "SM4"), samples);
    compare("decrypt-datakey, AES_256", target, dataKeys(target, "AES_256"), samples);
    compare("decrypt-datakey, SM4", target, dataKeys(target, "SM4"), samples);
    compare("decrypt-data, RSA_2048", target, asymmetric(target, "RSA_2048"), samples / 2);
    compare("decrypt-data, SM2", target, asymmetric(target, "SM2"), samples / 2);
    compare("proof of the caller", target, proofs(target), samples);
    compare("proof, new each time", target, firstProofs(target), samples);
    compare("describe-key", target, keysOfOthers(target, "describe-key", foreignKey), samples);
    compare("encrypt-data", target, keysOfOthers(target, "encrypt-data", foreignKey), samples);
    imports(target, samples);
  }

  /** Compares what native code computes elsewhere, on a server that has none. */
  void reportWithoutNativeCode(Target target) throws IOException {
    System.out.printf("%nTime of refusals without native code%n");
    compare("decrypt-data, RSA_2048", target, asymmetric(target, "RSA_2048"), samples / 10);
    compare("decrypt-data, SM2", target, asymmetric(target, "SM2"), samples / 2);
    imports(target, samples / 10); // each pair of a token takes a second here
  }

  private void imports(Target target, int ofRsa) throws IOException {
    ImportTiming imports = new ImportTiming(target, random);
    imports.compare(new ImportTiming.Oaep(), false, ofRsa);
    imports.compare(new ImportTiming.Oaep(), true, ofRsa);
    imports.compare(new ImportTiming.Sm2(), false, samples);
    imports.compare(new ImportTiming.Sm2(), true, samples);
  }

  /** A key that another has, and keys that nobody has, are not there alike. */
  private List<Cause> keysOfOthers(Target target, String call, String foreignKey) {
    String nobodys = id();
    return List.of(
        new Cause("key of another account", naming(target, call, foreignKey)),
        new Cause("key of nobody", naming(target, call, nobodys)),
        new Cause("of nobody, new each time", () -> naming(target, call, id())));
  }

  private static byte[] naming(Target target, String call, String key) {
    return target.request(call, body(Map.of("key_id", key, "plain_text", "x")));
  }

  private String id() {
    return new java.util.UUID(
            random.nextLong() & ~0xf000L | 0x4000L, random.nextLong() >>> 2 | Long.MIN_VALUE)
        .toString();
  }

  private List<Cause> decryptions(Target target, String spec) throws IOException {
    String key = target.createKey("timing-" + spec, spec);
    String other = target.createKey("timing-other-" + spec, spec);
    String text = "x".repeat(PLAIN_BYTES);
    byte[] blob = sealed(target, key, text);
    byte[] foreign = sealed(target, other, text);
    System.arraycopy(blob, 0, foreign, 0, COMMITMENT_AT - 24);
    Map<String, byte[]> blobs = new LinkedHashMap<>();
    blobs.put("tag", flipped(blob, blob.length - 1));
    blobs.put("ciphertext", flipped(blob, COMMITMENT_AT + 40));
    blobs.put("commitment", flipped(blob, COMMITMENT_AT));
    blobs.put("nonce", flipped(blob, COMMITMENT_AT - 1));
    blobs.put("made by another key", foreign);
    blobs.put("a version there is not", flipped(blob, VERSION_AT - 3));
    blobs.put("the other kind", with(blob, KIND_AT, 2));
    blobs.put("no format", with(blob, 1, 9));
    blobs.put("truncated", java.util.Arrays.copyOf(blob, blob.length - 1));
    blobs.put("truncated by a block", java.util.Arrays.copyOf(blob, blob.length - 16));
    List<Cause> causes = new ArrayList<>();
    blobs.forEach(
        (name, bytes) -> causes.add(new Cause(name, decryption(target, key, bytes, BOUND))));
    causes.add(new Cause("other associated data", decryption(target, key, blob, OTHERWISE_BOUND)));
    return causes;
  }

  private static byte[] sealed(Target target, String key, String text) throws IOException {
    return Base64.getDecoder()
        .decode(
            target
                .client
                .post(
                    target.path("encrypt-data"),
                    Map.of("key_id", key, "plain_text", text, ASSOCIATED, BOUND))
                .get("cipher_text")
                .asString());
  }

  /** As long whatever is wrong with it. */
  private static byte[] decryption(Target target, String key, byte[] blob, String associated) {
    return target.request(
        "decrypt-data",
        body(Map.of("key_id", key, "cipher_text", base64(blob), ASSOCIATED, associated)));
  }

  /** What does not open. What is refused before that, by what its head says, may be quicker. */
  private List<Cause> dataKeys(Target target, String spec) throws IOException {
    String key = target.createKey("timing-datakeys-" + spec, spec);
    byte[] blob =
        java.util.HexFormat.of()
            .parseHex(
                target
                    .client
                    .post(
                        target.path("create-datakey"), Map.of("key_id", key, "key_spec", "AES_256"))
                    .get("cipher_text")
                    .asString());
    List<Cause> causes = new ArrayList<>();
    Map<String, byte[]> blobs = new LinkedHashMap<>();
    blobs.put("tag", flipped(blob, blob.length - 1));
    blobs.put("ciphertext", flipped(blob, COMMITMENT_AT + 40));
    blobs.put("commitment", flipped(blob, COMMITMENT_AT));
    blobs.put("nonce", flipped(blob, COMMITMENT_AT - 1));
    blobs.forEach((name, bytes) ->
        causes.add(
            new Cause(
                name,
                target.request(
                    "decrypt-datakey",
                    body(
                        Map.of(
                            "key_id",
                            key,
                            "cipher_text",
                            java.util.HexFormat.of().formatHex(bytes),
                            "datakey_cipher_length",
                            "32"))))));
    return causes;
  }

  private List<Cause> asymmetric(Target target, String spec) throws IOException {
    boolean rsa = spec.startsWith("RSA");
    String key = target.createKey("timing-" + id(), spec, "ENCRYPT_DECRYPT");
    String algorithm = rsa ? "RSAES_OAEP_SHA_256" : "SM2_ENCRYPT";
    byte[] good =
        Base64.getDecoder()
            .decode(
                target
                    .client
                    .post(
                        target.path("encrypt-data"),
                        Map.of(
                            "key_id", key,
                            "plain_text", "x".repeat(64),
                            "encryption_algorithm", algorithm))
                    .get("cipher_text")
                    .asString());
    Map<String, byte[]> blobs = new LinkedHashMap<>();
    blobs.put("a bit of it changed", flipped(good, good.length - 1));
    blobs.put("another bit changed", flipped(good, good.length - 20));
    blobs.put("truncated", java.util.Arrays.copyOf(good, good.length - 1));
    blobs.put("one byte more", java.util.Arrays.copyOf(good, good.length + 1));
    if (rsa) {
      blobs.put("not below the modulus", with(good, 0, 0xff));
    } else {
      blobs.put("no point of the curve", flipped(good, 20));
    }
    List<Cause> causes = new ArrayList<>();
    blobs.forEach((name, bytes) ->
        causes.add(
            new Cause(
                name,
                target.request(
                    "decrypt-data",
                    body(
                        Map.of(
                            "key_id", key,
                            "cipher_text", base64(bytes),
                            "encryption_algorithm", algorithm))))));
    return causes;
  }

  private List<Cause> proofs(Target target) {
    String body = body(Map.of("key_id", "0d0466b0-e727-4d9c-b35d-f84bb474a37f"));
    return List.of(
        new Cause(
            "wrong signature",
            target.request("describe-key", body, target.signer(target.accessKey(), "not the key"))),
        new Cause(
            "unknown access key",
            target.request(
                "describe-key", body, target.signer("YKABCDEFGHIJKLMNOPQR", "not the key"))));
  }

  /** Each access key once, so that nothing is in memory: one that is there, and one that is not. */
  private List<Cause> firstProofs(Target target) {
    String body = body(Map.of("key_id", "0d0466b0-e727-4d9c-b35d-f84bb474a37f"));
    AtomicInteger next = new AtomicInteger();
    return List.of(
        new Cause(
            "wrong signature",
            () ->
                target.request(
                    "describe-key",
                    body,
                    target.signer(Crowd.accessKey(next.getAndIncrement()), "not the key"))),
        new Cause(
            "unknown access key",
            () -> target.request("describe-key", body, target.signer(accessKey(), "not the key"))));
  }

  private String accessKey() {
    StringBuilder key = new StringBuilder("YK");
    for (int i = 0; i < 18; i++) {
      key.append((char) ('A' + random.nextInt(26)));
    }
    return key.toString();
  }

  private void compare(String what, Target target, List<Cause> causes, int count)
      throws IOException {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < causes.size() * count; i++) {
      order.add(i % causes.size());
    }
    Collections.shuffle(order, random);
    Map<Integer, List<Double>> times = new LinkedHashMap<>();
    List<String> answers = new ArrayList<>(Collections.nCopies(causes.size(), ""));
    try (OneConnection connection = OneConnection.to(target.endpoint())) {
      for (int i = 0; i < Math.min(WARM_UPS, order.size()); i++) {
        connection.micros(causes.get(i % causes.size()).request());
      }
      for (int index : order) {
        byte[] request = causes.get(index).request(); // signed before the time runs
        double micros = connection.micros(request);
        times.computeIfAbsent(index, _ -> new ArrayList<>()).add(micros);
        answers.set(index, connection.answer());
      }
    }
    print(what, causes.stream().map(Cause::name).toList(), times, answers);
  }

  /**
   * A table: what each cause took and whether that, and what it was answered, is as of the first.
   */
  static void print(
      String what, List<String> causes, Map<Integer, List<Double>> times, List<String> answers) {
    System.out.printf("%n%-28s %8s %8s %8s %8s%n", what, "mean µs", "sd", "n", "t");
    Sample first = Sample.of(times.get(0), KEPT);
    for (int i = 0; i < causes.size(); i++) {
      Sample sample = Sample.of(times.getOrDefault(i, times.get(0)), KEPT);
      print("  " + causes.get(i), first, sample, answers.get(0).equals(answers.get(i)));
    }
  }

  private static void print(String name, Sample first, Sample sample, boolean sameAnswer) {
    double t = first.welch(sample);
    System.out.printf(
        "%-28s %8.2f %8.2f %8d %8.2f %s%n",
        name,
        sample.mean(),
        Math.sqrt(sample.variance()),
        sample.count(),
        t,
        !sameAnswer ? "ANOTHER ANSWER" : Math.abs(t) <= T_MAX ? "alike" : "DIFFERS");
  }

  static byte[] flipped(byte[] bytes, int at) {
    byte[] changed = bytes.clone();
    changed[at] ^= 1;
    return changed;
  }

  static byte[] with(byte[] bytes, int at, int value) {
    byte[] changed = bytes.clone();
    changed[at] = (byte) value;
    return changed;
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static String body(Map<String, ?> members) {
    return JSON.writeValueAsString(members);
  }
}
