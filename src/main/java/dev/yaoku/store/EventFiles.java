package dev.yaoku.store;

import dev.yaoku.secret.PrivateFiles;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
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

  private EventFiles(Path directory) {
    this.directory = directory;
  }

  /** Those that belong to a store. */
  static EventFiles of(Path store) {
    Path absolute = store.toAbsolutePath();
    return new EventFiles(absolute.resolveSibling(absolute.getFileName() + "-events"));
  }

  /**
   * Makes the directory if it is not there, for this user alone, and removes what an earlier server
   * prepared in vain.
   *
   * @throws StoreException if others can read it, or it cannot be written
   */
  void makeReady() {
    try {
      PrivateFiles.directory(directory);
      if (!Files.isWritable(directory)) {
        throw new AccessDeniedException(directory.toString());
      }
      discardPrepared();
    } catch (PrivateFiles.NotPrivate e) {
      throw new StoreException(
          e.getMessage() + ". Mend its owner and mode, or move it away. Nothing was changed.", e);
    } catch (IOException e) {
      throw new StoreException(
          "The directory of events "
              + directory
              + " cannot be used: give the server's user"
              + " permission on it.",
          e);
    }
  }

  Path directory() {
    return directory;
  }

  /** Whether a server has written any, and nobody has moved them all away. */
  boolean hasAny() {
    try {
      return !list().isEmpty();
    } catch (IOException e) {
      throw new StoreException("The directory of events " + directory + " cannot be read.", e);
    }
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
    if (prepared == null) {
      return create(nextName(after), CAPACITY_MIN);
    }
    try {
      return prepared.moveTo(nextName(after));
    } catch (IOException e) {
      try (prepared) {
        throw e;
      }
    }
  }

  private Path nextName(long after) throws IOException {
    PrivateFiles.directory(directory);
    long last = after;
    for (Path file : list()) {
      last = Math.max(last, number(file));
    }
    return directory.resolve(name(last + 1));
  }

  /** Makes the file that will follow this one, under a name that counts for nothing yet. */
  EventFile prepareAfter(EventFile current) throws IOException {
    discardPrepared();
    return create(prepared(), capacityAfter(current));
  }

  /** How long that file will be. */
  static long capacityAfter(EventFile current) {
    return Math.min(CAPACITY_TIMES * current.capacity(), CAPACITY_MAX);
  }

  private void discardPrepared() throws IOException {
    Files.deleteIfExists(prepared());
  }

  private Path prepared() {
    return directory.resolve("next");
  }

  /** Leaves nothing behind where it fails: it will be tried again, and again. */
  private static EventFile create(Path path, long capacity) throws IOException {
    try {
      EventFile file = EventFile.create(path, capacity);
      try {
        file.fill();
        return file;
      } catch (IOException e) {
        try (file) {
          throw e;
        }
      }
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /** The name of the file of this number. */
  static String name(long number) {
    return String.format(Locale.ROOT, "%010d.events", number);
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
