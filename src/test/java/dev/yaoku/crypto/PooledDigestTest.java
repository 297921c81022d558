package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Hash objects wait for their next use with nothing of their last (SECURITY_DESIGN H5). */
class PooledDigestTest {
  @TempDir private Path directory;

  @ParameterizedTest
  @EnumSource
  void whatWasHashedIsInNoLiveObject(Hash hash) throws Exception {
    byte[] secret = Randomness.kernel().bytes(32);
    byte[] digest = hash.digest(secret);
    Map<String, byte[]> secrets =
        Map.of("secret", HeapDump.disguised(secret), "digest", HeapDump.disguised(digest));
    assertThat(HeapDump.secretsFound(directory, secrets)).contains("secret", "digest");
    assertThat(secret.length).isLessThan(hash.blockBytes());

    Hashes.wipe(secret);
    Hashes.wipe(digest);

    assertThat(HeapDump.secretsFound(directory, secrets)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {16, 32, 1024})
  void whatTheKernelGaveIsInNoLiveObject(int length) throws Exception {
    byte[] random = Randomness.kernel().bytes(length);
    Map<String, byte[]> secrets = Map.of("random", HeapDump.disguised(random));
    assertThat(HeapDump.secretsFound(directory, secrets)).contains("random");

    Hashes.wipe(random);

    assertThat(HeapDump.secretsFound(directory, secrets)).isEmpty();
  }
}
