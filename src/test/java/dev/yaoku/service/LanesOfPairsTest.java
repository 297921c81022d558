package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.crypto.Cryptography;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.PairUse;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.NotInMemory;
import dev.yaoku.key.Waiting;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Uses of pairs that take longer than an event loop may be held leave it, all others stay. */
class LanesOfPairsTest {
  private final PrivateKeyWork work = new PrivateKeyWork(2, () -> {}, () -> {});

  @AfterEach
  void close() {
    work.close();
  }

  @ParameterizedTest
  @CsvSource({
    "true,RSA_2048,SIGN", "true,RSA_4096,DECRYPT", "true,SM2,ENCRYPT", "true,EC_P521,VERIFY",
    "true,ML_DSA_44,SIGN", "true,ML_DSA_87,VERIFY", "false,EC_P256,VERIFY", "false,EC_P384,SIGN",
    "false,SECP256K1,AGREE", "false,RSA_2048,SIGN"
  })
  void slowUsesLeaveTheEventLoop(boolean isNative, KeySpec spec, PairUse use) {
    Engine engine = engine(isNative);

    assertThatThrownBy(() -> Waiting.forbidden(() -> engine.use(spec, use, () -> "done")))
        .isInstanceOf(NotInMemory.class);
    assertThat(engine.use(spec, use, () -> Thread.currentThread().getName()))
        .startsWith("private-key-");
  }

  @ParameterizedTest
  @CsvSource({
    "true,RSA_4096,VERIFY", "true,RSA_2048,ENCRYPT", "true,SM2,SIGN", "true,SM2,DECRYPT",
    "true,EC_P256,SIGN", "true,EC_P384,VERIFY", "true,ML_DSA_65,VERIFY", "false,EC_P256,SIGN",
    "false,ED25519,VERIFY"
  })
  void quickUsesStay(boolean isNative, KeySpec spec, PairUse use) {
    Thread here = Thread.currentThread();

    assertThat(
            Waiting.<Thread>forbidden(() -> engine(isNative).use(spec, use, Thread::currentThread)))
        .isSameAs(here);
  }

  private Engine engine(boolean isNative) {
    return new Engine(new Cryptography(Randomness.kernel(), isNative), work, 0);
  }
}
