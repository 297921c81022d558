package dev.yaoku.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LockedBytesTest {
  private static final byte[] SECRET = {1, 2, 3, 4, 5};
  private static final int PAGE = 4096;

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
    Set<Long> before = lockedPages();
    List<LockedBytes> held = new ArrayList<>();
    Set<Long> mine;
    try (SecretBytes secret = SecretBytes.copyOf(SECRET)) {
      for (int i = 0; i < count; i++) {
        held.add(LockedBytes.copyOf(secret));
      }
      assertThat(held).allMatch(LockedBytes::locked);
      mine = lockedPages();
      mine.removeAll(before);
      assertThat(mine).hasSizeGreaterThanOrEqualTo(count);
    } finally {
      held.forEach(LockedBytes::close);
    }
    int all = mine.size(); // others in this process may lock some meanwhile
    mine.retainAll(lockedPages());
    assertThat(mine)
        .as("what is given back is no longer locked")
        .hasSizeLessThanOrEqualTo(all - count);
  }

  /** Where memory of this process is both locked and left out of core files. */
  private static Set<Long> lockedPages() throws IOException {
    Set<Long> pages = new HashSet<>();
    String range = "";
    boolean locked = false;
    for (String line : Files.readAllLines(Path.of("/proc/self/smaps"))) {
      if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
        range = line.substring(0, line.indexOf(' '));
      } else if (line.startsWith("Locked:")) {
        locked = !line.matches("Locked: +0 kB");
      } else if (locked
          && line.startsWith("VmFlags:")
          && line.contains(" lo")
          && line.contains(" dd")) {
        addPages(pages, range);
      }
    }
    return pages;
  }

  private static void addPages(Set<Long> pages, String range) {
    int dash = range.indexOf('-');
    long end = Long.parseUnsignedLong(range.substring(dash + 1), 16);
    for (long at = Long.parseUnsignedLong(range.substring(0, dash), 16); at < end; at += PAGE) {
      pages.add(at);
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
