package dev.yaoku.server;

import dev.yaoku.crypto.CertificatePair;
import dev.yaoku.crypto.RevocationLists;
import dev.yaoku.secret.PrivateFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the files that the configuration names before anything is opened or made, so that a
 * fault in it leaves nothing behind, and all are named at once.
 */
final class StartFiles {
  private final Config config;
  private final List<String> faults = new ArrayList<>();

  private StartFiles(Config config) {
    this.config = config;
  }

  /**
   * Looks at all that a server needs.
   *
   * @throws ConfigException with a sentence for each file that cannot be used
   */
  static void check(Config config) {
    StartFiles files = new StartFiles(config);
    files.places();
    files.tls();
    files.others();
    files.throwFaults();
  }

  /**
   * Looks at where the root key and the store are.
   *
   * @throws ConfigException if a directory that the operator named is not there
   */
  static void checkPlaces(Config config) {
    StartFiles files = new StartFiles(config);
    files.places();
    files.throwFaults();
  }

  private void throwFaults() {
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
  }

  private void places() {
    if (config.data().toString().isEmpty()) {
      faults.add("data: its name is empty. Name a directory, such as ./yaoku-data.");
    }
    directoryOf("root-key", config.rootKey());
    rootKey();
    if (config.store().postgres()) {
      roots("store.postgres.root-certificate", config.store().database().rootCertificate());
      password();
    } else {
      directoryOf("store.sqlite.file", config.store().sqliteFile());
    }
  }

  /**
   * The directory of such a file must be there, unless it is the data directory, which the server
   * makes. Where the file belongs on a disk that is not mounted, a server that made the directory
   * would make it on the wrong disk.
   */
  private void directoryOf(String setting, Path file) {
    Path directory = file.toAbsolutePath().normalize().getParent();
    if (directory != null
        && !Files.isDirectory(directory)
        && !directory.equals(config.data().toAbsolutePath().normalize())) {
      faults.add(
          setting
              + ": there is no directory "
              + directory
              + ", and none is made for this file. Mount its disk, or make it (mode 0700).");
    }
  }

  /** One that is there already must be ours alone, before a store is made that it cannot open. */
  private void rootKey() {
    if (Files.exists(config.rootKey(), LinkOption.NOFOLLOW_LINKS)) {
      try {
        PrivateFiles.checkFile(config.rootKey());
      } catch (IOException unusable) {
        faults.add("root-key: " + unusable.getMessage() + ".");
      }
    }
  }

  private void password() {
    try {
      SecretReferences.text(config.store().database().password(), "store.postgres.password");
    } catch (StartRefused missing) {
      faults.add(String.valueOf(missing.getMessage()));
    }
  }

  private void tls() {
    Config.Tls tls = config.tls();
    if (tls.on()) {
      boolean certificate = readable("tls.certificate", tls.certificate());
      boolean key = readable("tls.key", tls.key());
      if (certificate && key) {
        pair(tls);
      }
    }
    try {
      new RevocationLists(orNone(tls.clientRevocationLists())).readFirst();
    } catch (IOException unreadable) {
      faults.add("tls.client-revocation-lists: " + unreadable.getMessage() + ".");
    }
  }

  private void pair(Config.Tls tls) {
    byte[] key = {};
    try {
      PrivateFiles.checkHandedOut(tls.key());
      key = Files.readAllBytes(tls.key());
      CertificatePair.problemOf(Files.readAllBytes(tls.certificate()), key)
          .ifPresent(problem -> faults.add("tls.certificate and tls.key: " + problem + "."));
    } catch (IOException unreadable) {
      faults.add("tls.certificate and tls.key: " + unreadable.getMessage() + ".");
    } finally {
      Arrays.fill(key, (byte) 0);
    }
  }

  private void others() {
    roots("federation.root-certificates", config.federation().rootCertificates());
    if (config.log().requests()) {
      appendable("log.file", config.log().file());
    }
  }

  private void roots(String setting, Path file) {
    if (readable(setting, file) && !file.toString().isEmpty()) {
      try {
        RootCertificates.in(file);
      } catch (IOException unusable) {
        faults.add(setting + ": " + unusable.getMessage() + ".");
      }
    }
  }

  /** Whether a file can be read; also where none is named. */
  private boolean readable(String setting, Path file) {
    if (file.toString().isEmpty()) {
      return true;
    }
    Optional<String> fault = whyUnreadable(file);
    fault.ifPresent(why -> faults.add(setting + ": " + why + "."));
    return fault.isEmpty();
  }

  private static Optional<String> whyUnreadable(Path file) {
    if (!Files.exists(file)) {
      return Optional.of("there is no file " + file);
    }
    if (Files.isDirectory(file)) {
      return Optional.of(file + " is a directory");
    }
    return Files.isReadable(file)
        ? Optional.empty()
        : Optional.of("this user may not read " + file);
  }

  /** Whether lines can be added to a file, which may not be there yet. */
  private void appendable(String setting, Path file) {
    if (file.toString().isEmpty()) {
      return;
    }
    Path directory = file.toAbsolutePath().getParent();
    if (Files.isDirectory(file)) {
      faults.add(setting + ": " + file + " is a directory.");
    } else if (directory == null || !Files.isDirectory(directory)) {
      faults.add(setting + ": there is no directory " + directory + ".");
    } else if (!Files.isWritable(Files.exists(file) ? file : directory)) {
      faults.add(setting + ": this user may not write " + file + ".");
    }
  }

  /** A path, or null where none is named. */
  static @Nullable Path orNone(Path configured) {
    return configured.toString().isEmpty() ? null : configured;
  }
}
