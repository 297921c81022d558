package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A failure of the store says what to do and what was behind it. */
class StoreExceptionTest {
  @Test
  void inOneLineItSaysItsSentenceAndWhatWasBehindIt() {
    IOException cause = new IOException("No space left on device\nat some place");
    assertThat(new StoreException("Free some space.", new IllegalStateException(cause)).inOneLine())
        .isEqualTo("Free some space. (No space left on device)");
  }

  @Test
  void nothingIsSaidTwice() {
    assertThat(new StoreException("Free some space.").inOneLine()).isEqualTo("Free some space.");
    IOException cause = new IOException("full");
    assertThat(new StoreException("The disk is full: free some space.", cause).inOneLine())
        .isEqualTo("The disk is full: free some space.");
  }
}
