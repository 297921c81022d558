package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The vectors of docs/ciphertext-format.md, by this room and by a decryptor that shares no code.
 */
class CiphertextFormatPageTest {
  private static final Path PAGE = Path.of("docs/ciphertext-format.md");
  private static final HexFormat HEX = HexFormat.of();
  private static final JsonMapper JSON = new JsonMapper();

  /**
   * Lines "name value" of an indented block; what is indented further belongs to the line before.
   */
  private static List<Map<String, String>> vectors(String kind) throws IOException {
    List<Map<String, String>> vectors = new ArrayList<>();
    Map<String, String> current = null;
    String last = "";
    for (String line : Files.readAllLines(PAGE)) {
      if (!line.startsWith("    ")) {
        current = null;
        continue;
      }
      if (line.startsWith("        ")) {
        if (current != null) {
          current.merge(last, line.strip(), String::concat);
        }
        continue;
      }
      String[] parts = line.strip().split(" ", 2);
      if (parts[0].equals("vector")) {
        current = new LinkedHashMap<>();
        if (parts[1].equals(kind)) {
          vectors.add(current);
        }
      } else if (current != null) {
        last = parts[0];
        current.put(last, parts.length > 1 ? parts[1].strip() : "");
      }
    }
    return vectors;
  }

  private static String of(Map<String, String> vector, String name) {
    String value = vector.get(name);
    assertThat(value).as("%s in %s", name, vector).isNotNull();
    return value == null ? "" : value;
  }

  private static byte[] bytes(Map<String, String> vector, String name) {
    return HEX.parseHex(of(vector, name));
  }

  private static @Nullable String text(Map<String, String> vector, String name) {
    String json = of(vector, name);
    return json.equals("absent") ? null : JSON.readValue(json, String.class);
  }

  private static @Nullable Context context(String written) {
    if (written.equals("absent")) {
      return null;
    }
    JsonNode json = JSON.readTree(written);
    if (json.isString()) {
      return new Context.Text(json.stringValue());
    }
    Map<String, String> members = new HashMap<>();
    json.properties().forEach(member -> members.put(member.getKey(), member.getValue().asString()));
    return new Context.Members(members);
  }

  @Test
  void thePagesEncodingsAreOurs() throws Exception {
    List<Map<String, String>> vectors = vectors("rest");
    assertThat(vectors).hasSizeGreaterThanOrEqualTo(6);
    for (Map<String, String> vector : vectors) {
      byte[] rest = AssociatedData.encode(text(vector, "aad"), context(of(vector, "context")));
      assertThat(HEX.formatHex(rest)).as("%s", vector).isEqualTo(of(vector, "rest"));
    }
  }

  @Test
  void thePagesBlobsOpenHereAndAreMadeHere() throws Exception {
    List<Map<String, String>> vectors = vectors("blob");
    assertThat(vectors).hasSizeGreaterThanOrEqualTo(6);
    assertThat(vectors).anyMatch(vector -> of(vector, "suite").equals("SM4"));
    assertThat(vectors).anyMatch(vector -> of(vector, "kind").equals("DATA_KEY"));
    for (Map<String, String> vector : vectors) {
      Suite suite = Suite.valueOf(of(vector, "suite"));
      byte[] rest = AssociatedData.encode(text(vector, "aad"), context(of(vector, "context")));
      byte[] blob = bytes(vector, "blob");
      Blob.Header header = Blob.Header.read(blob);
      assertThat(header.kind().name()).isEqualTo(of(vector, "kind"));
      assertThat(header.version()).isEqualTo(Integer.parseInt(of(vector, "version")));
      try (SecretBytes raw = SecretBytes.take(bytes(vector, "K"));
          SealingKey key = SealingKey.of(raw, suite, Fixed.bytes(0xaa))) {
        byte[] plaintext = Blob.decrypt(key, blob, rest);
        assertThat(HEX.formatHex(plaintext)).isEqualTo(of(vector, "plaintext"));
        assertThat(HEX.formatHex(Blob.encrypt(key, header, rest, plaintext)))
            .as("with 32 random bytes of aa")
            .isEqualTo(of(vector, "blob"));
        byte[] other = AssociatedData.encode("another", null);
        assertThatThrownBy(() -> Blob.decrypt(key, blob, other)).isInstanceOf(DoesNotOpen.class);
      }
    }
  }

  @Test
  void thePagesWrapsOpenHere() throws Exception {
    List<Map<String, String>> vectors = vectors("wrap");
    assertThat(vectors).isNotEmpty();
    for (Map<String, String> vector : vectors) {
      byte[] head = HEX.parseHex("590101" + of(vector, "head"));
      try (SecretBytes raw = SecretBytes.take(bytes(vector, "K"));
          SealingKey key = SealingKey.of(raw, Suite.AES, Randomness.kernel())) {
        assertThat(HEX.formatHex(key.open(head, bytes(vector, "rest"), bytes(vector, "wrap"))))
            .isEqualTo(of(vector, "secret"));
      }
    }
  }

  @Test
  void aDecryptorOfAnothersReadsThePagesVectors() throws Exception {
    boolean decrypts = Decryptor.decrypts();
    try (Decryptor python = Decryptor.start()) {
      for (Map<String, String> vector : vectors("blob")) {
        String rest = rest(python, text(vector, "aad"), of(vector, "context"));
        JsonNode opened = python.ask(opening(vector, rest));
        assertThat(opened.at("/error").isMissingNode()).as(opened.toString()).isTrue();
        assertThat(opened.at("/version").asString()).isEqualTo(of(vector, "version"));
        if (decrypts) {
          assertThat(opened.at("/plaintext").asString()).isEqualTo(of(vector, "plaintext"));
        }
        JsonNode refused = python.ask(opening(vector, "00000001" + "61" + "00"));
        assertThat(refused.at("/error").asString()).isEqualTo("commitment");
      }
      for (Map<String, String> vector : vectors("rest")) {
        assertThat(rest(python, text(vector, "aad"), of(vector, "context")))
            .isEqualTo(of(vector, "rest"));
      }
      for (Map<String, String> vector : vectors("wrap")) {
        ObjectNode question =
            Decryptor.question("unwrap")
                .put("key", of(vector, "K"))
                .put("wrap", of(vector, "wrap"));
        question.put("purpose", Integer.parseInt(of(vector, "head"), 16) - 0x80);
        question.set("fields", JSON.readTree(of(vector, "fields")));
        JsonNode opened = python.ask(question);
        assertThat(opened.at("/error").isMissingNode()).as(opened.toString()).isTrue();
        if (decrypts) {
          assertThat(opened.at("/payload").asString()).isEqualTo(of(vector, "secret"));
        }
      }
    }
  }

  private static ObjectNode opening(Map<String, String> vector, String rest) {
    return Decryptor.question("open")
        .put("suite", of(vector, "suite"))
        .put("key", of(vector, "K"))
        .put("blob", of(vector, "blob"))
        .put("rest", rest);
  }

  private static String rest(Decryptor python, @Nullable String aad, String context)
      throws IOException {
    ObjectNode question = Decryptor.question("rest").put("aad", aad);
    question.set("context", JSON.readTree(context.equals("absent") ? "null" : context));
    return python.ask(question).at("/rest").asString();
  }

  /** A second implementation, in a language whose texts and sorting are others. */
  @Test
  void pythonEncodesAssociatedDataToTheSameBytes() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (Decryptor python = Decryptor.start()) {
      for (int i = 0; i < 2_000; i++) {
        String aad = random.nextInt(4) == 0 ? null : text(random);
        ObjectNode question = Decryptor.question("rest").put("aad", aad);
        Context context = null;
        switch (random.nextInt(3)) {
          case 0 -> {
            String text = text(random);
            question.put("context", text);
            context = new Context.Text(text);
          }
          case 1 -> {
            Map<String, String> members = new HashMap<>();
            for (int left = random.nextInt(6); left > 0; left--) {
              members.put(text(random), text(random));
            }
            members.forEach(question.putObject("context")::put);
            context = new Context.Members(members);
          }
          default -> question.putNull("context");
        }
        assertThat(python.ask(question).at("/rest").asString())
            .as("seed %d: %s", seed, question)
            .isEqualTo(HEX.formatHex(AssociatedData.encode(aad, context)));
      }
    }
  }

  private static final String[] LETTERS = {
    "a",
    "b",
    "\"",
    "\\",
    "\0",
    ":",
    ",",
    "{",
    "é",
    "e\u0301",
    "\uff61",
    "\ud800\udc00",
    "🔑",
    "\u007f",
    "\uffff",
    "\ue000"
  };

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(LETTERS[random.nextInt(LETTERS.length)]);
    }
    return text.toString();
  }

  @Test
  void whatIsSealedHereIsOpenedByTheOtherAndNothingElse() throws Exception {
    Assumptions.assumeTrue(Decryptor.decrypts(), "Python has no package \"cryptography\" here");
    try (Decryptor python = Decryptor.start()) {
      for (Suite suite : Suite.values()) {
        byte[] raw = Randomness.kernel().bytes(suite.keyBytes());
        byte[] rest = AssociatedData.encode("钥", new Context.Text("c"));
        try (SecretBytes secret = SecretBytes.copyOf(raw);
            SealingKey key = SealingKey.of(secret, suite, Randomness.kernel())) {
          for (int length : new int[] {0, 1, 13, 14, 15, 16, 17, 4096}) {
            byte[] plaintext = Randomness.kernel().bytes(length);
            Blob.Header header = new Blob.Header(suite, Blob.Kind.DATA, new byte[16], 7);
            byte[] blob = Blob.encrypt(key, header, rest, plaintext);
            assertThat(open(python, suite, raw, blob, rest).at("/plaintext").asString())
                .isEqualTo(HEX.formatHex(plaintext));
            blob[blob.length - 1] ^= 1;
            assertThat(open(python, suite, raw, blob, rest).at("/error").asString())
                .isEqualTo("tag");
            blob[50] ^= 1;
            assertThat(open(python, suite, raw, blob, rest).at("/error").asString())
                .isEqualTo("commitment");
          }
        }
      }
    }
  }

  private static JsonNode open(Decryptor python, Suite suite, byte[] key, byte[] blob, byte[] rest)
      throws IOException {
    return python.ask(
        Decryptor.question("open")
            .put("suite", suite.name())
            .put("key", HEX.formatHex(key))
            .put("blob", HEX.formatHex(blob))
            .put("rest", HEX.formatHex(rest)));
  }
}
