package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Zeros for events to come never take what others need of the disk. */
@Timeout(60)
class EventSpaceTest {
  private static final long FIRST = 256 << 10;
  private static final long SECOND = 4 * FIRST;

  @TempDir private Path directory;
  private final AtomicLong spare = new AtomicLong();

  /** What was asked for while there was not as much to spare. */
  private final Queue<Long> refused = new ConcurrentLinkedQueue<>();

  private EventFiles files;
  private Path next;

  @BeforeEach
  void thereIsADirectory() {
    files = EventFiles.of(directory.resolve("yaoku.db"));
    files.makeReady();
    next = files.directory().resolve("next");
  }

  /** Of a disk on which nobody else writes. */
  private boolean hasRoomFor(long bytes) {
    boolean room = spare.get() - next.toFile().length() >= bytes;
    if (!room) {
      refused.add(bytes);
    }
    return room;
  }

  private void prepare(EventSpace space, EventFile current) {
    space.keepUpWith(current);
    while (refused.isEmpty() && next.toFile().length() < SECOND) {
      Thread.onSpinWait();
    }
  }

  private EventFile full() throws IOException {
    EventFile current = files.begin(0, null);
    current.write(ByteBuffer.allocate((int) current.fullAt()));
    return current;
  }

  @Test
  void nothingIsBegunThatCannotBeFilled() throws IOException {
    spare.set(SECOND - 1);
    try (EventFile current = full();
        EventSpace space = new EventSpace(files, this::hasRoomFor)) {
      prepare(space, current);
      assertThat(refused).containsExactly(SECOND);
      assertThat(next).doesNotExist();
    }
  }

  @Test
  void whatCanBeFilledIs() throws IOException {
    spare.set(SECOND);
    try (EventFile current = full();
        EventSpace space = new EventSpace(files, this::hasRoomFor)) {
      prepare(space, current);
      assertThat(refused).isEmpty();
      assertThat(next).hasSize(SECOND);
      EventFile prepared = space.take();
      assertThat(prepared).isNotNull();
      if (prepared != null) {
        prepared.close();
      }
    }
  }

  /** When others fill the disk meanwhile, what was prepared is theirs. */
  @Test
  void whatIsPreparedGoesWhereTheDiskBecomesShort() throws IOException {
    spare.set(SECOND);
    try (EventFile current = full();
        EventSpace space = new EventSpace(files, this::hasRoomFor)) {
      prepare(space, current);
      spare.set(SECOND - 1);
      space.keepUpWith(current);
      while (next.toFile().exists()) {
        Thread.onSpinWait();
      }
      assertThat(refused.peek()).isZero();
    }
  }
}
