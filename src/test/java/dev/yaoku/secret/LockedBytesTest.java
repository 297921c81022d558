package dev.yaoku.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LockedBytesTest {
  private static final byte[] SECRET = {1, 2, 3, 4, 5};

  @Test
  void lendsACopyOfWhatItWasGiven() {
    try (SecretBytes secret = SecretBytes.copyOf(SECRET);
        LockedBytes locked = LockedBytes.copyOf(secret)) {
      assertThat(locked.<byte[]>lend(copy -> copy.lend(byte[]::clone))).isEqualTo(SECRET);
      assertThat(locked.locked()).isTrue();
    }
  }

  @Test
  void theHeapCopyIsWipedWhenTheBorrowerIsDone() {
    try (SecretBytes secret = SecretBytes.copyOf(SECRET);
        LockedBytes locked = LockedBytes.copyOf(secret)) {
      byte[] lent = locked.lend(copy -> copy.lend(bytes -> bytes));

      assertThat(lent).containsOnly(0);
    }
  }

  @Test
  void isClosedForGood() {
    SecretBytes secret = SecretBytes.copyOf(SECRET);
    LockedBytes locked = LockedBytes.copyOf(secret);
    locked.close();
    locked.close();

    assertThatThrownBy(() -> locked.lend(SecretBytes::length))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void printsOnlyItsLength() {
    try (SecretBytes secret = SecretBytes.copyOf(SECRET);
        LockedBytes locked = LockedBytes.copyOf(secret)) {
      assertThat(locked).hasToString("LockedBytes[5]");
    }
  }
}
