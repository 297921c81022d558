package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Route;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What memory answers at once stays on the event loop. */
class FastLaneTest {
  @TempDir Path folder;

  /** To wait for room it would have to leave the loop, each time. */
  @Test
  void nothingInTheFastLaneNeedsRoomThatItMayHaveToWaitFor() throws IOException {
    try (LiveServer server = new LiveServer(folder.resolve("data"), Map.of())) {
      assertThat(server.yaoku.wiring().server().routes())
          .filteredOn(route -> route.lane() == Route.Lane.FAST)
          .hasSizeGreaterThan(10)
          .allMatch(route -> route.heapMib() == 0);
    }
  }
}
