package dev.yaoku.server;

import dev.yaoku.secret.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory that holds everything of an installation: mode 0700, used by one server at a time
 * (SECURITY_DESIGN M11).
 */
final class DataDirectory implements AutoCloseable {
  private static final Set<String> NETWORK_FILE_SYSTEMS =
      Set.of(
          "nfs", "nfs3", "nfs4", "cifs", "smb", "smb2", "smb3", "smbfs", "fuse.sshfs", "9p", "afs");

  private final Path path;
  private final FileChannel lockFile;
  private @Nullable FileChannel lockOfStore;

  private DataDirectory(Path path, FileChannel lockFile) {
    this.path = path;
    this.lockFile = lockFile;
  }

  /**
   * Creates the directory if it is not there, checks that it is nobody else's, and takes it.
   *
   * @throws StartRefused if others can read it, own it, or another server uses it
   */
  static DataDirectory take(Path path) {
    try {
      PrivateFiles.directory(path);
      refuseNetwork(path, "The data directory");
      FileChannel taken =
          lock(path.resolve("lock"))
              .orElseThrow(() ->
                  new StartRefused(
                      "Another Yaoku server uses the data directory "
                          + path
                          + ". Stop it first, or choose another directory with --data DIR."));
      return new DataDirectory(path, taken);
    } catch (IOException e) {
      throw new StartRefused(
          "The data directory cannot be used: "
              + e.getMessage()
              + ". Choose another with --data DIR, or mend its owner and mode.");
    }
  }

  /**
   * Refuses a directory on another machine's disk.
   *
   * @param what how the sentence names it
   */
  static void refuseNetwork(@Nullable Path path, String what) {
    try {
      Path directory = path == null ? Path.of("/") : path;
      refuseNetwork(directory, what, Files.getFileStore(directory).type());
    } catch (IOException e) {
      throw new StartRefused(what + " " + path + " cannot be used: " + e.getMessage() + ".");
    }
  }

  /**
   * The same for a type as the system names it.
   *
   * @param type of the file system
   */
  static void refuseNetwork(Path path, String what, String type) {
    if (NETWORK_FILE_SYSTEMS.contains(type)) {
      throw new StartRefused(
          what
              + " "
              + path
              + " is on a network file system ("
              + type
              + "), where locks and durable writes cannot be relied on. Choose a local one.");
    }
  }

  /**
   * Takes the file of a store as well: it may be in another directory than this one, or be used
   * from there.
   *
   * @throws StartRefused if another server uses it
   */
  void takeStore(Path file) {
    Path whole = file.toAbsolutePath();
    try {
      lockOfStore =
          lock(whole.resolveSibling(whole.getFileName() + "-lock"))
              .orElseThrow(() ->
                  new StartRefused(
                      "Another Yaoku server uses the store "
                          + file
                          + ", from another data directory. Stop that one first."));
    } catch (IOException e) {
      throw new StartRefused(
          "The store "
              + file
              + " cannot be taken: "
              + e.getMessage()
              + ". Mend the owner and mode of its directory.");
    }
  }

  private static Optional<FileChannel> lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(
            file,
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    if (locked(channel)) {
      return Optional.of(channel);
    }
    channel.close();
    return Optional.empty();
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false; // held by this very process
    }
  }

  Path path() {
    return path;
  }

  /** A file in the directory. */
  Path file(String name) {
    return path.resolve(name);
  }

  /** Whether two files share a file system, so that one copy takes both. */
  static boolean shareFileSystem(Path one, Path other) {
    try {
      return Files.getFileStore(one).equals(Files.getFileStore(other));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try (lockFile) {
      if (lockOfStore != null) {
        lockOfStore.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
