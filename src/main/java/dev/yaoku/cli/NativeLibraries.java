package dev.yaoku.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The native libraries this process may load. They were unpacked and checked when Yaoku was built
 * and are loaded from there by absolute path. Without this check each of their owners would quietly
 * unpack its own copy into a temporary directory, or do without it.
 *
 * @see "SECURITY_DESIGN M10"
 */
final class NativeLibraries {
  static final List<String> NAMES =
      List.of(
          "libsqlitejdbc.so",
          "libnetty_transport_native_epoll_x86_64.so",
          "libnetty_tcnative_linux_x86_64.so",
          "libamazonCorrettoCryptoProvider.so");

  private NativeLibraries() {}

  /**
   * Checks that every library is where the JVM will look.
   *
   * @throws IllegalStateException with what to do, if one is not
   */
  static void mustBeIn(Path directory) {
    List<String> missing =
        NAMES.stream().filter(name -> !Files.isReadable(directory.resolve(name))).toList();
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "Native libraries are missing in "
              + directory
              + ": "
              + String.join(", ", missing)
              + ". Start the server with the yaoku script; if you did, remove the target directory"
              + " and start it again, so that it builds anew.");
    }
  }
}
