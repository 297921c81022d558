package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.secret.SecretBytes;
import java.security.Provider;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A faulty RSA result, published, factors the modulus: none leaves (SECURITY_DESIGN H7). */
class RsaFaultTest {
  private static final int EVERY = 10;
  private static final int CALLS = 100;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noSignatureLeavesThatDoesNotVerify(boolean isNative) {
    Provider real = isNative ? Providers.nativeProvider().orElseThrow() : Providers.SUN_JCE;
    Provider keys = isNative ? real : Providers.SUN_RSA;
    AtomicInteger calls = new AtomicInteger();
    FaultyRsa machine = new FaultyRsa(() -> calls.incrementAndGet() % EVERY == 0);
    Rsa faulty = new Rsa(keys, machine.over(real), Randomness.kernel());
    Rsa sound = new Rsa(keys, real, Randomness.kernel());
    try (SecretBytes material = SecretBytes.take(sound.generate(KeySpec.RSA_2048));
        PrivateHalf key = material.lend(bytes -> faulty.privateHalf(KeySpec.RSA_2048, bytes))) {
      PublicHalf verifier = sound.publicHalf(KeySpec.RSA_2048, key.publicHalf().encoded());
      for (Message message :
          new Message[] {new Message.Raw(new byte[9]), new Message.Digest(new byte[32])}) {
        for (SigningAlgorithm algorithm :
            new SigningAlgorithm[] {
              SigningAlgorithm.RSASSA_PSS_SHA_256, SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_256
            }) {
          assertThat(faults(key, verifier, algorithm, message)).isEqualTo(CALLS / EVERY);
        }
      }
    }
  }

  private static int faults(
      PrivateHalf key, PublicHalf verifier, SigningAlgorithm algorithm, Message message) {
    int faults = 0;
    for (int i = 0; i < CALLS; i++) {
      try {
        byte[] signature = key.sign(algorithm, message);
        assertThat(verifier.verify(algorithm, message, signature)).isTrue();
      } catch (CryptoFault _) {
        faults++;
      }
    }
    return faults;
  }
}
