package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.HeapDump;
import dev.yaoku.crypto.Randomness;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A whole server at work: what its first start drew from the kernel, root key, system key and
 * project keys among it, is in no object of the heap (SECURITY_DESIGN M9).
 */
class KeysAboveTest {
  @TempDir Path scratch;
  private final List<byte[]> drawn = new CopyOnWriteArrayList<>();
  private final AtomicBoolean founding = new AtomicBoolean(true);

  private Surroundings remembering() {
    Randomness kernel = Randomness.kernel();
    Randomness remembering =
        Randomness.of(
            length -> {
              byte[] bytes = kernel.bytes(length);
              if (length == 32 && founding.get()) {
                drawn.add(HeapDump.disguised(bytes));
              }
              return bytes;
            },
            () -> {});
    return new Surroundings(InstantSource.system(), System::nanoTime, remembering);
  }

  @Test
  void areInNoObjectOfTheHeapWhileTheServerUsesThem() throws Exception {
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of(), remembering())) {
      founding.set(false);
      atWork(server);
    }
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of())) {
      atWork(server);
    }
  }

  private void atWork(LiveServer server) throws Exception {
    List<String> keys = new ArrayList<>();
    for (String spec : List.of("AES_256", "SM4", "EC_P256")) {
      String usage = spec.startsWith("EC") ? "SIGN_VERIFY" : "ENCRYPT_DECRYPT";
      keys.add(
          server.kms(
              "create-key",
              "{'key_alias':'%s-%d','key_spec':'%s','key_usage':'%s'}"
                  .formatted(spec, keys.size() + System.nanoTime(), spec, usage),
              "/key_info/key_id"));
    }
    for (int i = 0; i < 20; i++) {
      String about = "{'key_id':'" + keys.getFirst() + "','plain_text':'x'}";
      String blob = server.kms("encrypt-data", about, "/cipher_text");
      server.kms("decrypt-data", "{'cipher_text':'" + blob + "'}", "/plain_text");
    }
    Map<String, byte[]> secrets = new LinkedHashMap<>();
    for (int i = 0; i < drawn.size(); i++) {
      secrets.put("drawn " + i, drawn.get(i));
    }
    assertThat(secrets).as("root, system, project and lasting key at least").hasSizeGreaterThan(3);
    assertThat(HeapDump.secretsFound(scratch, secrets)).isEmpty();
  }
}
