package dev.yaoku.store;

import dev.yaoku.secret.PrivateFiles;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * One file of events, from its making to its end. Zeros are written before events are: of a file
 * that becomes longer each time, {@code fdatasync} has to write the length and the new blocks, too.
 *
 * @see "docs/event-files.md"
 */
final class EventFile implements Closeable {
  /** So many zeros are written at a time. */
  static final int STEP_BYTES = 256 << 10;

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(STEP_BYTES).asReadOnlyBuffer();

  private final Path path;
  private final FileChannel channel;
  private final @Nullable Object identity;
  private final long capacity;

  /** Up to where there are zeros. */
  private long filled;

  /** What was written. */
  private long written = EventFormat.head().length;

  /** What was durable last. */
  private long durable = written;

  private EventFile(
      Path path, FileChannel channel, @Nullable Object identity, long capacity, long filled) {
    this.path = path;
    this.channel = channel;
    this.identity = identity;
    this.capacity = capacity;
    this.filled = filled;
  }

  /**
   * Makes a file, for this user alone, and waits until it and its name are on the disk.
   *
   * @param capacity how long it will be, at least {@link #STEP_BYTES}
   * @throws java.nio.file.FileAlreadyExistsException if it is there already
   */
  static EventFile create(Path path, long capacity) throws IOException {
    byte[] head = EventFormat.head();
    PrivateFiles.create(path, head);
    FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE);
    try {
      return new EventFile(path, channel, identity(path), capacity, head.length);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static @Nullable Object identity(Path path) throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
  }

  Path path() {
    return path;
  }

  long capacity() {
    return capacity;
  }

  /** The length at which another file is due, a little early: a group must not make it longer. */
  long fullAt() {
    return capacity - capacity / 16;
  }

  /** What was written, in bytes, without zeros. */
  long length() {
    return written;
  }

  long filled() {
    return filled;
  }

  /** Writes some zeros, as long as there are no events, and waits until they are on the disk. */
  void fill() throws IOException {
    ByteBuffer zeros = ZEROS.duplicate();
    zeros.limit((int) Math.min(STEP_BYTES, capacity - filled));
    filled += write(zeros, filled);
    channel.force(false);
  }

  /**
   * Gives the file another name.
   *
   * @return the file under it, instead of this one
   */
  EventFile moveTo(Path name) throws IOException {
    Files.move(path, name, StandardCopyOption.ATOMIC_MOVE);
    EventFile moved = new EventFile(name, channel, identity, capacity, filled);
    try {
      PrivateFiles.syncDirectory(name.toAbsolutePath().getParent());
    } catch (IOException e) {
      try (moved) {
        throw e;
      }
    }
    return moved;
  }

  /** Adds bytes; they are durable after {@link #force}. */
  void write(ByteBuffer bytes) throws IOException {
    written += write(bytes, written);
  }

  private int write(ByteBuffer bytes, long at) throws IOException {
    int done = 0;
    while (bytes.hasRemaining()) {
      done += channel.write(bytes, at + done);
    }
    return done;
  }

  /** Waits until all that was written is on the disk. */
  void force() throws IOException {
    channel.force(false);
    durable = written;
  }

  /**
   * Whether there still is a file of its name. Asked after each write, so by {@code access}: after
   * a look at a file's times ({@code stat}) the next {@code fdatasync} takes half as long again,
   * measured on Linux 6.18 (ADR 29).
   */
  boolean hasItsName() {
    return Files.exists(path);
  }

  /** Whether it is this file that has its name. */
  boolean isInPlace() throws IOException {
    try {
      return identity == null || identity.equals(identity(path));
    } catch (NoSuchFileException gone) {
      return false;
    }
  }

  /** Whether nothing in it is durable. */
  boolean isEmpty() {
    return durable == EventFormat.head().length;
  }

  /** Cuts off zeros, and what is not durable; a file without an event is removed. */
  @Override
  public void close() throws IOException {
    try (channel) {
      channel.truncate(durable);
    } finally {
      if (isEmpty() && isInPlace()) {
        Files.delete(path);
      }
    }
  }
}
