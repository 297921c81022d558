package dev.yaoku.secret;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files and directories that nobody but this process's user may read (SECURITY_DESIGN M11). They
 * are created with their final permissions and never changed afterwards, so there is no moment in
 * which another could open them.
 */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");
  private static final Set<PosixFilePermission> DIRECTORY =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> TOO_OPEN =
      EnumSet.of(
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);
  private static final Path STATUS = Path.of("/proc/self/status");

  private PrivateFiles() {}

  /**
   * Makes a directory for the owner alone and waits until its name is on the disk, or checks one
   * that is there.
   *
   * @throws NotPrivate if it is there and is not ours alone
   */
  public static void directory(Path directory) throws IOException {
    if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(DIRECTORY));
    }
    if (Files.isRegularFile(directory, LinkOption.NOFOLLOW_LINKS)) {
      throw new NotPrivate(directory + " is no directory", "Name a directory.");
    }
    check(directory);
    // Even if it was there: whoever made it may have been killed before this.
    syncDirectory(directory.toAbsolutePath().getParent());
  }

  /**
   * Creates a file for the owner alone, writes it and waits until it and its name are on the disk.
   *
   * @throws java.nio.file.FileAlreadyExistsException if it is there already
   */
  public static void create(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            file,
            EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(FILE))) {
      try {
        ByteBuffer left = ByteBuffer.wrap(content);
        while (left.hasRemaining()) {
          channel.write(left);
        }
        channel.force(true);
      } catch (IOException e) {
        Files.delete(file); // half a root key would keep every later start from making a whole one
        throw e;
      }
    }
    syncDirectory(file.toAbsolutePath().getParent());
  }

  /**
   * Reads a file that must be ours alone.
   *
   * @param bytesMax how long it can be at most
   * @throws NotPrivate if others can read or own it, or it is no plain file
   * @throws IOException if it is longer, or cannot be read
   */
  public static SecretBytes read(Path file, int bytesMax) throws IOException {
    checkFile(file);
    try (FileChannel channel =
        FileChannel.open(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      long size = channel.size();
      if (size > bytesMax) {
        throw new IOException(file + " has " + size + " bytes, at most " + bytesMax + " expected");
      }
      byte[] content = new byte[(int) size];
      ByteBuffer buffer = ByteBuffer.wrap(content);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // reads on until the file is whole
      }
      return SecretBytes.take(content);
    }
  }

  /**
   * Refuses a file or directory that others can read, write or own, and anything behind a symbolic
   * link.
   *
   * @throws NotPrivate with a sentence for the operator
   */
  public static void check(Path path) throws IOException {
    PosixFileAttributes attributes =
        Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (attributes.isSymbolicLink()) {
      throw new NotPrivate(
          path + " is a symbolic link, which is not followed", "Name the path that it leads to.");
    }
    if (!attributes.isRegularFile() && !attributes.isDirectory()) {
      throw new NotPrivate(path + " is neither a plain file nor a directory", "Name another.");
    }
    Set<PosixFilePermission> allowed = attributes.isDirectory() ? DIRECTORY : FILE;
    if (!allowed.containsAll(attributes.permissions())) {
      throw new NotPrivate(
          path
              + " is open to others ("
              + PosixFilePermissions.toString(attributes.permissions())
              + "); it must be "
              + PosixFilePermissions.toString(allowed),
          "Mend its mode.");
    }
    if (owner(path) != ourUserId()) {
      throw new NotPrivate(
          path + " belongs to " + attributes.owner().getName() + ", not to this server's user",
          "Mend its owner.");
    }
  }

  /**
   * The same for what must be a file.
   *
   * @throws NotPrivate with a sentence for the operator
   */
  public static void checkFile(Path file) throws IOException {
    if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new NotPrivate(file + " is a directory, not a file", "Name a file.");
    }
    check(file);
  }

  /**
   * Refuses a secret file that everybody can read, or anybody but its owner can change. Whoever
   * hands out certificates owns their keys, lets a group read them, and puts links before them: all
   * that will do.
   *
   * @throws NotPrivate with a sentence for the operator
   */
  public static void checkHandedOut(Path file) throws IOException {
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    if (!Collections.disjoint(permissions, TOO_OPEN)) {
      throw new NotPrivate(
          "%s is open to others (%s); it must be %s or %s"
              .formatted(
                  file,
                  PosixFilePermissions.toString(permissions),
                  PosixFilePermissions.toString(FILE),
                  "rw-r-----"),
          "Mend its mode.");
    }
  }

  private static int owner(Path path) throws IOException {
    return (Integer) Files.getAttribute(path, "unix:uid", LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * The effective user id. Read from the status text: the owner of /proc/self itself is root as
   * soon as the process refuses to be dumped.
   */
  private static int ourUserId() {
    try (var lines = Files.lines(STATUS)) {
      String uids = lines.filter(line -> line.startsWith("Uid:")).findFirst().orElseThrow();
      return Integer.parseInt(uids.trim().split("\\s+", -1)[2]);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot tell which user this server runs as", e);
    }
  }

  /**
   * Waits until the names in a directory are on the disk. Whoever may not read the directory leaves
   * that to the system.
   */
  public static void syncDirectory(@Nullable Path directory) throws IOException {
    if (directory == null || !Files.isReadable(directory)) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** A file or directory that should be ours alone is not. */
  public static final class NotPrivate extends IOException {
    private static final long serialVersionUID = 1L;

    private final String advice;

    NotPrivate(String message, String advice) {
      super(message);
      this.advice = advice;
    }

    /** What the operator can do about it, a sentence. */
    public String advice() {
      return advice;
    }
  }
}
