package dev.yaoku.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The room that a disk has for request lines. Anybody who can connect makes lines, so they leave
 * the disk the space that the store needs before it takes nothing but what takes rights away
 * (SECURITY_DESIGN H10), and some for all others who write there. For one thread.
 */
final class LogRoom {
  /** So much is left free beside what the store needs, or where it is on another disk. */
  static final long MARGIN_BYTES = 64L << 20;

  private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

  /** The file that somebody redirected it to, if that is what it is. */
  private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

  private final String where;
  private final long leftFree;
  private final LongSupplier nanos;
  private final LongSupplier free;
  private long lookedNanos;
  private long room;

  /** What is said of lines that are not written, once. */
  static final class Full extends IOException {
    private static final long serialVersionUID = 1;

    Full(String where) {
      super("the disk of " + where + " is nearly full: free some space");
    }
  }

  /**
   * Some room.
   *
   * @param where lines are written to
   * @param leftFree how many bytes of the disk are not for lines
   * @param free says how many bytes it has left
   */
  LogRoom(String where, long leftFree, LongSupplier nanos, LongSupplier free) {
    this.where = where;
    this.leftFree = leftFree;
    this.nanos = nanos;
    this.free = free;
    this.lookedNanos = nanos.getAsLong() - LOOK_EVERY_NANOS;
  }

  /** That of the file of the configuration, which is there, or of the standard output. */
  static LogRoom of(Config config) {
    Path file = config.log().file();
    boolean named = !file.toString().isEmpty();
    Path path = named ? file.toAbsolutePath() : STANDARD_OUTPUT;
    return new LogRoom(
        named ? file.toString() : "the standard output",
        leftFree(config, path),
        System::nanoTime,
        () -> freeOf(path));
  }

  private static long leftFree(Config config, Path path) {
    Config.Store store = config.store();
    boolean beside = !store.postgres() && isOnDiskOf(store.sqliteFile().toAbsolutePath(), path);
    return MARGIN_BYTES + (beside ? Stores.leftFreeBytes(config) : 0);
  }

  /**
   * Whether the two fill the same disk. One may be mounted in several places, or below others, and
   * then has another name in each; its size is the same.
   */
  private static boolean isOnDiskOf(Path store, Path lines) {
    return store.toFile().getTotalSpace() == lines.toFile().getTotalSpace();
  }

  /** A pipe or a device fills no disk. */
  private static long freeOf(Path path) {
    Path parent = path.getParent();
    Path there = Files.exists(path) || parent == null ? path : parent; // it may be rotated just now
    return Files.isRegularFile(there) || Files.isDirectory(there)
        ? there.toFile().getUsableSpace()
        : Long.MAX_VALUE;
  }

  /**
   * Takes room for what is about to be written.
   *
   * @throws Full if there is none
   */
  void take(int bytes) throws Full {
    long now = nanos.getAsLong();
    if (now - lookedNanos >= LOOK_EVERY_NANOS) {
      lookedNanos = now;
      room = free.getAsLong() - leftFree;
    }
    if (bytes > room) {
      throw new Full(where);
    }
    room -= bytes;
  }
}
