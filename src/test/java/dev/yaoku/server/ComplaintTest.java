package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.store.StoreException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What fails each second for an hour is said once. */
class ComplaintTest {
  private static final Logger LOG = LoggerFactory.getLogger(ComplaintTest.class);
  private final CapturedLog captured = new CapturedLog();
  private final Complaint complaint = new Complaint(LOG, "sweeping");

  @AfterEach
  void close() {
    captured.close();
  }

  private static RuntimeException down() {
    return new StoreException(
        "The database does not answer.", new IllegalStateException("refused"));
  }

  private void fail(RuntimeException cause) {
    complaint.around(() -> {
      throw cause;
    });
  }

  private List<String> said() {
    return captured.text().lines().toList();
  }

  @Test
  void aStoreThatIsDownIsALineWhenItBeginsAndOneWhenItEnds() {
    for (int second = 0; second < 100; second++) {
      fail(down());
    }
    complaint.around(() -> {});
    complaint.around(() -> {});

    assertThat(said()).hasSize(2);
    assertThat(said().getFirst())
        .contains("sweeping failed; it is tried again: The database does not answer. (refused)");
    assertThat(said().getLast()).contains("sweeping works again.");
  }

  @Test
  void whatNobodyExpectedIsSaidWithItsTrace() {
    fail(new IllegalStateException("a bug"));
    assertThat(captured.text()).contains("sweeping failed").contains("at dev.yaoku.server");
  }

  @Test
  void whatFailsAnewIsSaidAnew() {
    fail(down());
    complaint.around(() -> {});
    fail(down());
    assertThat(said()).hasSize(3);
  }
}
