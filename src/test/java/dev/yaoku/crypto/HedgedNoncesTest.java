package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the nonce of a signature follows from is gone with the signature (SECURITY_DESIGN H6). */
class HedgedNoncesTest {
  private static final byte[] KEY = Hashes.sha256(Text.utf8("key"));
  private static final byte[] DIGEST = Hashes.sha256(Text.utf8("digest"));

  @TempDir Path directory;

  @Test
  void theSeedIsInNoLiveObjectOnceTheSignatureIsMade() throws Exception {
    byte[] seed = Hashes.hmacSha256(KEY, DIGEST, Fixed.bytes(0x3c).bytes(32));
    Map<String, byte[]> secrets = Map.of("seed", HeapDump.disguised(seed));
    Hashes.wipe(seed);
    SecureRandom kept; // by a signer, as some do until their next signature
    try (HedgedNonces nonces = HedgedNonces.of(KEY, DIGEST, Fixed.bytes(0x3c))) {
      kept = nonces.random();
      kept.nextBytes(new byte[48]);
      assertThat(HeapDump.secretsFound(directory, secrets)).containsExactly("seed");
    }

    assertThat(HeapDump.secretsFound(directory, secrets)).isEmpty();
    assertThat(kept.getAlgorithm()).isNotEmpty(); // so that it lived until here
  }

  @Test
  void afterwardsItGivesNoMoreNumbers() {
    HedgedNonces nonces = HedgedNonces.of(KEY, DIGEST, Randomness.kernel());
    SecureRandom kept = nonces.random();
    nonces.close();

    // Without this, all that signed late would have the nonces of an empty seed.
    assertThatThrownBy(() -> kept.nextBytes(new byte[32]))
        .isInstanceOf(IllegalStateException.class);
  }
}
