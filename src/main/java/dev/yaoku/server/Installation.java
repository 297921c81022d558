package dev.yaoku.server;

import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.RootKey;
import dev.yaoku.seal.WrapDoesNotOpen;
import dev.yaoku.service.Operators;
import dev.yaoku.store.BeforeMigration;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An unsealed installation: its root key has been found to be the right one, the system key is
 * open, and every row of the store can be checked. Nothing is written before that.
 */
final class Installation implements AutoCloseable {
  private static final String RESTORE = "Restore the data directory from a backup.";

  static final String ID = "installation";
  static final String ROOT_FINGERPRINT = "root-key-fingerprint";
  static final String DEV_MARK = "dev";

  private final Hierarchy hierarchy;
  private final Store store;

  Installation(Hierarchy hierarchy, Store store) {
    this.hierarchy = hierarchy;
    this.store = store;
  }

  /** Whether the store has an installation in it. */
  static boolean exists(Store store) {
    return store.read(reading -> reading.setting(ID)).isPresent();
  }

  /**
   * Opens the installation in this store with this root key.
   *
   * @throws StartRefused if the root key is another one, or the store is damaged; nothing is
   *     changed then
   */
  static Installation open(Store store, RootKey root, Randomness randomness) {
    String id = setting(store, ID);
    mustBeSealedWith(root, setting(store, ROOT_FINGERPRINT));
    SortedMap<Integer, byte[]> systemKeys = new TreeMap<>();
    store.read(Reading::systemKeys).forEach(key -> systemKeys.put(key.version(), key.wrapped()));
    Hierarchy hierarchy = unsealed(root, id, systemKeys, randomness);
    store.authenticateRowsWith(new HierarchyRowMac(hierarchy));
    Operators.settle(store);
    return new Installation(hierarchy, store);
  }

  /**
   * Refuses a store that this root key does not open, before anything in it is changed. A store
   * that nobody has sealed yet is taken.
   *
   * @throws StartRefused as {@link #open}
   */
  static void mustOpen(BeforeMigration.Found store, Path rootKeyFile, Randomness randomness) {
    Optional<String> fingerprint = store.setting(ROOT_FINGERPRINT);
    if (fingerprint.isEmpty() && store.setting(ID).isEmpty()) {
      return;
    }
    String expected = fingerprint.orElseThrow(() -> missing(ROOT_FINGERPRINT));
    try (RootKey root = rootKey(rootKeyFile)) {
      mustBeSealedWith(root, expected);
      String id = store.setting(ID).orElseThrow(() -> missing(ID));
      unsealed(root, id, store.systemKeys(), randomness).close();
    }
  }

  private static Hierarchy unsealed(
      RootKey root, String id, SortedMap<Integer, byte[]> systemKeys, Randomness randomness) {
    if (systemKeys.isEmpty()) {
      throw damaged("it has no system key");
    }
    Hierarchy hierarchy = new Hierarchy(root, id, randomness);
    systemKeys.forEach((version, wrapped) -> {
      try {
        hierarchy.openSystemKey(version, wrapped);
      } catch (WrapDoesNotOpen e) {
        hierarchy.close();
        throw damaged(
            "system key "
                + version
                + " does not open under the right root key, "
                + root.fingerprint());
      }
    });
    return hierarchy;
  }

  /** What a failure of a start is to the operator: forged rows are named, all else is a mistake. */
  static RuntimeException refusalOf(KmsException failure) {
    return failure.problem() instanceof Problem.RowNotGenuine row
        ? new StartRefused(
            "The store is damaged: the row '%s' of the table '%s' is not as Yaoku wrote it. %s"
                .formatted(row.primaryKey(), row.table(), RESTORE))
        : failure;
  }

  /**
   * Refuses another root key than the store's.
   *
   * @param expected the fingerprint of the store's root key
   */
  private static void mustBeSealedWith(RootKey root, String expected) {
    if (!expected.equals(root.fingerprint())) {
      throw new StartRefused(
          "This store was sealed with the root key "
              + expected
              + ", and the root key given is "
              + root.fingerprint()
              + ". Give the right one with --root-key FILE. Nothing was changed.");
    }
  }

  private static StartRefused damaged(String how) {
    return new StartRefused("The store is damaged: " + how + ". Nothing was changed. " + RESTORE);
  }

  private static String setting(Store store, String name) {
    Optional<String> value = store.read(reading -> reading.setting(name));
    return value.orElseThrow(() -> missing(name));
  }

  private static StartRefused missing(String setting) {
    return damaged("the setting '" + setting + "' is missing");
  }

  /** Reads the root key, or says which file is missing. */
  static RootKey rootKey(Path file) {
    if (!Files.exists(file)) {
      throw new StartRefused(
          "The root key file "
              + file
              + " is missing. Without it the store cannot be opened. Bring it back, or name it with"
              + " --root-key FILE.");
    }
    try {
      return RootKey.read(file);
    } catch (IOException e) {
      throw new StartRefused(
          "The root key file " + file + " cannot be read: " + e.getMessage() + ".");
    }
  }

  /**
   * Keeps throw-away installations and real ones apart (SECURITY_DESIGN M13).
   *
   * @throws StartRefused if one is opened as the other
   */
  void mustSuit(Config.Dev dev) {
    boolean marked = Boolean.parseBoolean(setting(store, DEV_MARK));
    if (marked && !dev.enabled()) {
      throw new StartRefused(
          "This store was made by --dev, with published credentials, and holds no real keys. Choose"
              + " another data directory.");
    }
    if (!marked && dev.enabled()) {
      throw new StartRefused(
          "This store was not made by --dev and may hold real keys. Start without --dev, or choose"
              + " another data directory.");
    }
  }

  Hierarchy hierarchy() {
    return hierarchy;
  }

  Store store() {
    return store;
  }

  @Override
  public void close() {
    hierarchy.close();
  }
}
