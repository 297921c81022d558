import dev.yaoku.crypto.Hash;
import dev.yaoku.crypto.Hkdf;
import dev.yaoku.secret.SecretBytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;

/**
 * How many copies of secrets a dump of the whole process holds (SECURITY_DESIGN M9): of what no
 * live object holds any more, collections may have left some. A figure, not a limit.
 */
final class Residue {
  private static final OAEPParameterSpec OAEP =
      new OAEPParameterSpec(
          "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT);
  private static final int CALLS_BEFORE = 1_000;
  private static final int CALLS_AFTER = 20_000;
  private static final int CHUNK_BYTES = 1 << 20;

  private final Path scratch;
  private final Map<String, byte[]> secrets = new LinkedHashMap<>();

  Residue(Path scratch) {
    this.scratch = scratch;
  }

  /** Nothing can be measured here, and why. */
  private static final class NoDump extends IOException {
    @java.io.Serial private static final long serialVersionUID = 1;

    NoDump(String why) {
      super(why);
    }
  }

  void report(Target target, Path data) throws IOException {
    try {
      measure(target, data);
    } catch (NoDump e) {
      System.out.println("\n  not measured: " + e.getMessage());
    }
  }

  private void measure(Target target, Path data) throws IOException {
    byte[] material = new byte[32];
    new SecureRandom().nextBytes(material);
    secrets.put("root key", Files.readAllBytes(data.resolve("root.key")));
    secrets.put("material", material);
    secrets.put("key of it", encryptionKey(material));
    String key = imported(target, material);
    String other = target.createKey("residue-other");
    System.out.printf("%nCopies in the process's memory (gcore)%n  %-34s", "");
    secrets.keySet().forEach(name -> System.out.printf(" %10s", name));
    System.out.println();
    encrypt(target, key, CALLS_BEFORE);
    print("in use", target);
    target.client.post(target.path("delete-imported-key-material"), Map.of("key_id", key));
    print("material deleted", target);
    encrypt(target, other, CALLS_AFTER);
    print(CALLS_AFTER + " calls with another key later", target);
  }

  /** What encrypts is derived from the material (SECURITY_DESIGN, section 4). */
  private static byte[] encryptionKey(byte[] material) {
    try (SecretBytes copy = SecretBytes.take(material.clone());
        SecretBytes derived = Hkdf.subkey(Hash.SHA_256, copy, "enc")) {
      return derived.lend(byte[]::clone);
    }
  }

  private static String imported(Target target, byte[] material) throws IOException {
    String key = target.createExternalKey("residue");
    var parameters =
        target.client.post(
            target.path("get-parameters-for-import"),
            Map.of("key_id", key, "wrapping_algorithm", "RSAES_OAEP_SHA_256"));
    target.client.post(
        target.path("import-key-material"),
        Map.of(
            "key_id", key,
            "import_token", parameters.get("import_token").asString(),
            "encrypted_key_material", wrapped(material, parameters.get("public_key").asString())));
    return key;
  }

  private static String wrapped(byte[] material, String publicKey) {
    try {
      Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
      byte[] der = Base64.getDecoder().decode(publicKey);
      cipher.init(
          Cipher.ENCRYPT_MODE,
          KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(der)),
          OAEP);
      return Base64.getEncoder().encodeToString(cipher.doFinal(material));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void encrypt(Target target, String key, int calls) throws IOException {
    for (int i = 0; i < calls; i++) {
      target.encrypt(key, "something to encrypt");
    }
  }

  private void print(String when, Target target) throws IOException {
    Path core = dump(target.process.pid());
    try {
      System.out.printf("  %-34s", when);
      for (byte[] secret : secrets.values()) {
        System.out.printf(" %10d", copies(core, secret));
      }
      System.out.println();
    } finally {
      Files.delete(core);
    }
  }

  /** Attaches as only root may, because the server makes itself unreadable for its own user. */
  private Path dump(long pid) throws IOException {
    Path prefix = scratch.resolve("residue.core");
    List<String> command = List.of("gcore", "-o", prefix.toString(), Long.toString(pid));
    String said;
    try {
      Process gcore = new ProcessBuilder(command).redirectErrorStream(true).start();
      said = new String(gcore.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new NoDump("gcore is not there (Debian: apt-get install gdb)");
    }
    Path core = Path.of(prefix + "." + pid);
    if (!Files.exists(core)) {
      throw new NoDump("gcore made no dump, which takes root. It said:\n" + said);
    }
    return core;
  }

  private static int copies(Path file, byte[] secret) throws IOException {
    int found = 0;
    byte[] window = new byte[CHUNK_BYTES + secret.length - 1];
    int kept = 0;
    try (InputStream in = Files.newInputStream(file)) {
      for (int read; (read = in.readNBytes(window, kept, window.length - kept)) > 0; ) {
        int end = kept + read;
        for (int at = 0; at + secret.length <= end; at++) {
          if (window[at] == secret[0]
              && Arrays.equals(window, at, at + secret.length, secret, 0, secret.length)) {
            found++;
          }
        }
        kept = Math.min(end, secret.length - 1);
        System.arraycopy(window, end - kept, window, 0, kept);
      }
    }
    return found;
  }
}
