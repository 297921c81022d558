package dev.yaoku.store;

import dev.yaoku.secret.PrivateFiles;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The directory of the files of events, each with a number in its name that is one higher than that
 * of the one before. Only the last is written; others may be moved away.
 */
final class EventFiles {
  /** The first file of a server is small, as one that stops soon leaves it behind. */
  private static final long CAPACITY_MIN = EventFile.STEP_BYTES;

  private static final long CAPACITY_MAX = 64L << 20;
  private static final int CAPACITY_TIMES = 4;

  private static final Pattern NAME = Pattern.compile("[0-9]{10}\\.events");

  private final Path directory;

  EventFiles(Path directory) {
    this.directory = directory;
  }

  /** The one beside a store. */
  static EventFiles beside(Path store) {
    return new EventFiles(store.toAbsolutePath().resolveSibling("events"));
  }

  /** The files in order. */
  List<Path> list() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> NAME.matcher(name(file)).matches()).sorted().toList();
    }
  }

  /**
   * Begins the next file.
   *
   * @param after the number of the one before, if higher than all that are there
   * @param prepared with zeros in it, if there is one
   */
  EventFile begin(long after, @Nullable EventFile prepared) throws IOException {
    PrivateFiles.directory(directory);
    long last = after;
    for (Path file : list()) {
      last = Math.max(last, number(file));
    }
    Path name = directory.resolve("%010d.events".formatted(last + 1));
    if (prepared != null && prepared.isInPlace()) {
      return prepared.moveTo(name);
    }
    EventFile file = create(name, CAPACITY_MIN);
    file.fill();
    return file;
  }

  /** Makes the file that will follow this one, under a name that counts for nothing yet. */
  EventFile prepareAfter(EventFile current) throws IOException {
    discardPrepared();
    long capacity = Math.min(CAPACITY_TIMES * current.capacity(), CAPACITY_MAX);
    return create(prepared(), capacity);
  }

  /** Removes what was prepared in vain. */
  void discardPrepared() throws IOException {
    Files.deleteIfExists(prepared());
  }

  private Path prepared() {
    return directory.resolve("next");
  }

  /** A disk that is full would be tried again and again, beside one more empty file each time. */
  private static EventFile create(Path path, long capacity) throws IOException {
    try {
      return EventFile.create(path, capacity);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /** The number in the name. */
  static long number(Path file) {
    String name = name(file);
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }
}
