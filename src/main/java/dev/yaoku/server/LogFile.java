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
 * a second. For one thread.
 */
final class LogFile extends OutputStream {
  private static final long LOOK_EVERY_NANOS = Duration.ofSeconds(1).toNanos();

  private final Path path;
  private final LongSupplier nanos;
  private FileOutputStream out;
  private @Nullable Object identity;
  private long lookedNanos;

  /** A file to append to. */
  LogFile(Path path) throws IOException {
    this(path, System::nanoTime);
  }

  /** The same by another clock. */
  LogFile(Path path, LongSupplier nanos) throws IOException {
    this.path = path;
    this.nanos = nanos;
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
