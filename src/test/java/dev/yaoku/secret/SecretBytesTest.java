package dev.yaoku.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Secret bytes: what they show, when they are wiped. */
class SecretBytesTest {
  @Test
  void itPrintsItsLengthOnly() {
    assertThat(SecretBytes.take(new byte[] {65, 66})).hasToString("SecretBytes[2]");
    assertThat(new Redacted<>("hunter2")).hasToString("Redacted");
    assertThat(new Redacted<>("hunter2").value()).isEqualTo("hunter2");
  }

  @Test
  void aCopyIsIndependentAndATakenArrayIsNot() {
    byte[] bytes = {1, 2};
    SecretBytes copy = SecretBytes.copyOf(bytes);
    SecretBytes taken = SecretBytes.take(bytes);
    taken.close();

    assertThat(bytes).containsOnly(0);
    assertThat(copy.<byte[]>lend(byte[]::clone)).containsExactly(1, 2);
    assertThat(copy.length()).isEqualTo(2);
  }

  @Test
  void onlyEqualBytesMatch() {
    SecretBytes secret = SecretBytes.copyOf(new byte[] {1, 2});

    assertThat(secret.matches(SecretBytes.copyOf(new byte[] {1, 2}))).isTrue();
    assertThat(secret.matches(secret)).isTrue();
    assertThat(secret.matches(SecretBytes.copyOf(new byte[] {1, 3}))).isFalse();
    assertThat(secret.matches(SecretBytes.copyOf(new byte[] {1, 2, 0}))).isFalse();
  }

  @Test
  void aClosedSecretIsNotLent() {
    SecretBytes secret = SecretBytes.copyOf(new byte[] {1});
    secret.close();
    secret.close();

    assertThatThrownBy(() -> secret.lend(bytes -> bytes[0]))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSecretClosedWhileLentIsWipedWhenItComesBack() {
    byte[] bytes = {7};
    SecretBytes secret = SecretBytes.take(bytes);

    byte seen =
        secret.lend(lent -> {
          secret.close();
          return lent[0];
        });

    assertThat(seen).isEqualTo((byte) 7);
    assertThat(bytes).containsExactly(0);
  }

  @Test
  void aBorrowerThatThrowsGivesBack() {
    byte[] bytes = {7};
    SecretBytes secret = SecretBytes.take(bytes);

    assertThatThrownBy(() ->
            secret.lend(_ -> {
              throw new IllegalArgumentException("injected");
            }))
        .hasMessage("injected");
    secret.close();
    assertThat(bytes).containsExactly(0);
  }

  @Test
  void theWipeRunsOnceAfterTheLastUse() {
    AtomicInteger wipes = new AtomicInteger();
    UseCounted secret =
        new UseCounted() {
          @Override
          protected void wipe() {
            wipes.incrementAndGet();
          }
        };
    secret.enter();
    secret.enter();
    secret.retire();
    assertThat(secret.isRetired()).isTrue();
    assertThatThrownBy(secret::enter).isInstanceOf(IllegalStateException.class);
    secret.leave();
    assertThat(wipes).hasValue(0);
    secret.leave();
    secret.retire();
    assertThat(wipes).hasValue(1);
  }
}
