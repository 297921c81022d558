package dev.yaoku.seal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.HeapDump;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KeyId;
import dev.yaoku.secret.SecretBytes;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys above the customers' are on the heap only while they are used (SECURITY_DESIGN M9). */
class OffHeapTest {
  private static final String PROJECT = "0".repeat(32);

  @TempDir Path directory;
  private final Map<String, byte[]> secrets = new LinkedHashMap<>();

  /** What is asked for next is remembered, disguised, under this name. */
  private final AtomicReference<String> name = new AtomicReference<>("");

  private Randomness remembering() {
    Randomness kernel = Randomness.kernel();
    return Randomness.of(
        length -> {
          byte[] bytes = kernel.bytes(length);
          String called = name.get();
          if (length == 32 && !called.isEmpty()) {
            secrets.put(called + " " + secrets.size(), HeapDump.disguised(bytes));
          }
          return bytes;
        },
        () -> {});
  }

  @Test
  void rootAndProjectKeysInUseAreInNoObjectOfTheHeap() throws Exception {
    Randomness randomness = remembering();
    name.set("root");
    try (RootKey root = RootKey.create(directory.resolve("root/root.key"), randomness);
        Hierarchy hierarchy = new Hierarchy(root, "test", randomness)) {
      name.set("project or lasting");
      Hierarchy.NewProjectKey made = hierarchy.newProjectKey(PROJECT);
      name.set("");
      try (ProjectKey project =
              hierarchy.openProjectKey(PROJECT, made.version(), made.wrapped(), made.lasting());
          SecretBytes material = SecretBytes.take(new byte[32])) {
        KeyId key = KeyId.parse("0d0466b0-e727-4d9c-b35d-f84bb474a37f");
        byte[] fingerprint = project.fingerprint(key, material);
        byte[] search = project.search(new byte[] {1});
        hierarchy.nextProjectKey(project);

        assertThat(secrets).hasSizeGreaterThanOrEqualTo(3);
        assertThat(HeapDump.secretsFound(directory, secrets)).isEmpty();
        assertThat(project.fingerprint(key, material)).isEqualTo(fingerprint);
        assertThat(project.search(new byte[] {1})).isEqualTo(search);
      }
    }
  }

  /** The search finds what is there, or it would say nothing. */
  @Test
  void aKeyOnTheHeapWouldBeFound() throws Exception {
    byte[] key = Randomness.kernel().bytes(32);
    secrets.put("a key", HeapDump.disguised(key));

    assertThat(HeapDump.secretsFound(directory, secrets)).containsExactly("a key");
    assertThat(key).hasSize(32);
  }
}
