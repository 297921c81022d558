package dev.yaoku.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Whether a store file can be written. Asked before SQLite opens the file: it gives the files that
 * it makes beside a read-only one the same mode, and these would stay in the way once the file
 * itself is writable again.
 */
final class WriteAccess {
  private WriteAccess() {}

  /**
   * Refuses a store of which a part cannot be written: its directory, the file, or what an earlier
   * server left beside it.
   *
   * @param file the store file, absolute
   * @param writable whether this process may write there
   * @throws StoreException naming the first part that cannot be written
   */
  static void mustBeThere(Path file, Predicate<Path> writable) {
    for (Path part : parts(file)) {
      if (Files.exists(part) && !writable.test(part)) {
        throw new StoreException(
            "The store cannot be written: "
                + part
                + " is read-only. Give the server's user write permission on it (chmod u+w), or"
                + " mount its disk for writing. Nothing was changed.");
      }
    }
  }

  /** The directory comes last: where a file is read-only too, the file is what was changed. */
  private static List<Path> parts(Path file) {
    Path directory = file.toAbsolutePath().getParent();
    List<Path> files = List.of(file, beside(file, "-wal"), beside(file, "-shm"));
    return directory == null ? files : Stream.concat(files.stream(), Stream.of(directory)).toList();
  }

  private static Path beside(Path file, String ending) {
    return file.resolveSibling(file.getFileName() + ending);
  }
}
