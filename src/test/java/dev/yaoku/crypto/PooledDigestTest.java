package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hash objects wait for their next use with nothing of their last (SECURITY_DESIGN H5). */
class PooledDigestTest {
  @TempDir private Path directory;

  @Test
  void whatWasHashedIsInNoLiveObject() throws Exception {
    Map<String, byte[]> live = new HashMap<>();
    for (Hash hash : Hash.values()) {
      byte[] secret = Randomness.kernel().bytes(32);
      assertThat(secret.length).isLessThan(hash.blockBytes());
      live.put(hash + " of", secret);
      live.put(hash + " is", hash.digest(secret));
    }
    isFoundUntilItIsWiped(live);
  }

  @Test
  void whatTheKernelGaveIsInNoLiveObject() throws Exception {
    Map<String, byte[]> live = new HashMap<>();
    for (int length : new int[] {16, 32, 1024}) {
      live.put(length + " bytes", Randomness.kernel().bytes(length));
    }
    isFoundUntilItIsWiped(live);
  }

  private void isFoundUntilItIsWiped(Map<String, byte[]> live) throws Exception {
    Map<String, byte[]> secrets = new HashMap<>();
    live.forEach((name, bytes) -> secrets.put(name, HeapDump.disguised(bytes)));
    assertThat(HeapDump.secretsFound(directory, secrets)).containsAll(live.keySet());

    live.values().forEach(Hashes::wipe);

    assertThat(HeapDump.secretsFound(directory, secrets)).isEmpty();
  }
}
