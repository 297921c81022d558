package dev.yaoku.server;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A file of request lines. Whoever moves it away, to rotate it, finds a new one in its place within
 * a second. Anybody who can connect makes lines, so it leaves the disk the space that the store
 * needs to take rights away (SECURITY_DESIGN H10). For one thread.
 */
final class LogFile extends OutputStream {
  /** So much it leaves free: twice what the store reserves. */
  static final long LEFT_FREE_BYTES = 64L << 20;

  private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

  /** What is said of lines that are not written, once. */
  static final class Full extends IOException {
    private static final long serialVersionUID = 1;

    Full(Path path) {
      super("the disk of " + path + " is nearly full: free some space");
    }
  }

  private final Path path;
  private final LongSupplier nanos;
  private final LongSupplier free;
  private FileOutputStream out;
  private @Nullable Object identity;
  private long lookedNanos;
  private boolean full;

  /** A file to append to. */
  LogFile(Path path) throws IOException {
    this(path, System::nanoTime, () -> freeBeside(path));
  }

  /** A pipe or a device fills no disk. */
  private static long freeBeside(Path path) {
    return Files.isRegularFile(path)
        ? path.toAbsolutePath().toFile().getUsableSpace()
        : Long.MAX_VALUE;
  }

  /**
   * The same.
   *
   * @param free says how many bytes the disk has left
   */
  LogFile(Path path, LongSupplier nanos, LongSupplier free) throws IOException {
    this.path = path;
    this.nanos = nanos;
    this.free = free;
    this.out = new FileOutputStream(path.toFile(), true);
    this.identity = identity();
    this.lookedNanos = nanos.getAsLong() - LOOK_EVERY_NANOS;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one});
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    look();
    if (full) {
      throw new Full(path);
    }
    out.write(bytes, from, count);
  }

  /** Sends what was written to the disk. */
  void sync() throws IOException {
    out.getFD().sync();
  }

  private void look() throws IOException {
    long now = nanos.getAsLong();
    if (now - lookedNanos < LOOK_EVERY_NANOS) {
      return;
    }
    lookedNanos = now;
    if (identity == null || !identity.equals(identity())) {
      FileOutputStream next = new FileOutputStream(path.toFile(), true);
      out.close();
      out = next;
      identity = identity();
    }
    full = free.getAsLong() < LEFT_FREE_BYTES;
  }

  private @Nullable Object identity() {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (IOException gone) {
      return null;
    }
  }

  @Override
  public void close() throws IOException {
    out.close();
  }
}
