package dev.yaoku.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  /** As the kernel has it: locked, and left out of core files. */
  @Test
  void eachLiesInAPageThatIsNotSwappedAndNotDumped() throws IOException {
    int count = 4; // more than this is not allowed everywhere
    long before = lockedKiB();
    List<LockedBytes> held = new ArrayList<>();
    try (SecretBytes secret = SecretBytes.copyOf(SECRET)) {
      for (int i = 0; i < count; i++) {
        held.add(LockedBytes.copyOf(secret));
      }
      assertThat(held).allMatch(LockedBytes::locked);
      assertThat(lockedKiB() - before).isGreaterThanOrEqualTo(4L * count);
    } finally {
      held.forEach(LockedBytes::close);
    }
    assertThat(lockedKiB())
        .as("what is given back is no longer locked, whatever else this process locks meanwhile")
        .isLessThan(before + 4L * count);
  }

  /** Memory of this process that is both locked and left out of core files. */
  private static long lockedKiB() throws IOException {
    long all = 0;
    long locked = 0;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.startsWith("Locked:")) {
        locked = Long.parseLong(line.replaceAll("[^0-9]", ""));
      } else if (line.startsWith("VmFlags:") && line.contains(" lo") && line.contains(" dd")) {
        all += locked;
      }
    }
    return all;
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
