package dev.yaoku.seal;

import dev.yaoku.crypto.Randomness;
import dev.yaoku.crypto.Text;
import dev.yaoku.seal.Wrap.Place;
import dev.yaoku.secret.SecretBytes;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The keys of an installation, from the root down to the projects. What it takes and gives are
 * wraps; no key below the root is seen outside this room.
 *
 * <p>Before anything else, {@link RootKey#fingerprint()} must be compared with the one that the
 * store remembers: that tells a wrong root key from a damaged wrap.
 */
public final class Hierarchy implements AutoCloseable {
  private static final int KEY_BYTES = 32;
  private static final int ID_BYTES = 16;

  private final String installation;
  private final LockedKey root;
  private final Randomness randomness;
  private final AtomicReference<SortedMap<Integer, SystemKey>> systemKeys =
      new AtomicReference<>(new TreeMap<>());

  /**
   * The hierarchy under a root key, which stays the caller's to close.
   *
   * @param installation the installation's id
   */
  public Hierarchy(RootKey root, String installation, Randomness randomness) {
    this.installation = installation;
    this.root = root.sealing(randomness);
    this.randomness = randomness;
  }

  /** Whether the root key's page cannot be swapped out. */
  public boolean isLocked() {
    return root.isLocked();
  }

  // System keys

  /** Makes a version of the system key and opens it. The result is wrap 2, to be stored. */
  public byte[] newSystemKey(int version) {
    try (SecretBytes key = randomness.secret(KEY_BYTES)) {
      byte[] wrapped = root.use(r -> Wrap.SYSTEM_KEY.seal(r, key, systemKeyPlace(version)));
      add(version, key);
      return wrapped;
    }
  }

  /**
   * Opens a stored version of the system key. From then on the highest version open is the one in
   * use.
   *
   * @throws WrapDoesNotOpen if it does not open
   */
  public void openSystemKey(int version, byte[] wrapped) {
    try (SecretBytes key =
        root.use(r -> Wrap.SYSTEM_KEY.open(r, wrapped, systemKeyPlace(version)))) {
      add(version, key);
    }
  }

  /** The version of the system key in use. */
  public int systemKeyVersion() {
    return systemKeys.get().lastKey();
  }

  private Place systemKeyPlace(int version) {
    return new Place().and(installation).and(version);
  }

  private void add(int version, SecretBytes key) {
    SystemKey added = SystemKey.of(key, randomness);
    systemKeys.updateAndGet(before -> {
      SortedMap<Integer, SystemKey> after = new TreeMap<>(before);
      after.put(version, added);
      return after;
    });
  }

  private SystemKey systemKey(int version) {
    SystemKey found = systemKeys.get().get(version);
    if (found == null) {
      throw new IllegalArgumentException("there is no open system key of version " + version);
    }
    return found;
  }

  // What system keys do

  /**
   * The MAC of a row that decides rights, 32 bytes.
   *
   * @param version which system key
   * @param columns every column but the MAC itself, in schema order
   * @throws IllegalArgumentException if no system key of that version is open
   */
  public byte[] rowMac(int version, String table, List<byte @Nullable []> columns) {
    return systemKey(version).rows().of(RowEncoding.of(table, columns));
  }

  /**
   * What stands for the id of an account of a name that none has: 32 hexadecimal characters like an
   * id, which nobody can foresee and which is the same each time, whoever asks, on every server and
   * after a restart. Were it not, whoever asks again could tell it from an account's.
   */
  public String absentAccount(String name) {
    SystemKey first = systemKeys.get().firstEntry().getValue(); // another may come into use
    byte[] mac = first.absent().of(Text.utf8(name));
    return HexFormat.of().formatHex(mac, 0, ID_BYTES);
  }

  /**
   * Wraps a secret access key (wrap 7).
   *
   * @param kind what kind of access key, such as "permanent"
   */
  public Wrapped wrapSecretAccessKey(
      String account, String user, String accessKey, String kind, SecretBytes secret) {
    return wrap(Wrap.SECRET_ACCESS_KEY, accessKeyPlace(account, user, accessKey, kind), secret);
  }

  /**
   * Opens a secret access key.
   *
   * @throws WrapDoesNotOpen if it does not open
   */
  public SecretBytes unwrapSecretAccessKey(
      String account, String user, String accessKey, String kind, Wrapped wrapped) {
    return unwrap(Wrap.SECRET_ACCESS_KEY, accessKeyPlace(account, user, accessKey, kind), wrapped);
  }

  /** Wraps a password record (wrap 8). */
  public Wrapped wrapPassword(String account, String user, SecretBytes record) {
    return wrap(Wrap.PASSWORD, new Place().and(account).and(user), record);
  }

  /**
   * Opens a password record.
   *
   * @throws WrapDoesNotOpen if it does not open
   */
  public SecretBytes unwrapPassword(String account, String user, Wrapped wrapped) {
    return unwrap(Wrap.PASSWORD, new Place().and(account).and(user), wrapped);
  }

  /** Bytes that nobody knows, to be wrapped like a secret. */
  public SecretBytes randomSecret(int length) {
    return randomness.secret(length);
  }

  private static Place accessKeyPlace(String account, String user, String accessKey, String kind) {
    return new Place().and(account).and(user).and(accessKey).and(kind);
  }

  private Wrapped wrap(Wrap wrap, Place place, SecretBytes secret) {
    int version = systemKeyVersion();
    return new Wrapped(version, wrap.seal(systemKey(version).sealing(), secret, place));
  }

  private SecretBytes unwrap(Wrap wrap, Place place, Wrapped wrapped) {
    return wrap.open(systemKey(wrapped.keyVersion()).sealing(), wrapped.bytes(), place);
  }

  // Project keys

  /**
   * A project key that was just made, to be stored.
   *
   * @param version from 1
   * @param wrapped wrap 3
   * @param lasting wrap 6
   */
  @SuppressWarnings("ArrayRecordComponent") // opaque bytes on their way to a row
  public record NewProjectKey(int version, byte[] wrapped, byte[] lasting) {}

  /** Makes a project's first key, and its lasting key. */
  public NewProjectKey newProjectKey(String project) {
    try (SecretBytes lasting = randomness.secret(KEY_BYTES)) {
      return newProjectKey(project, 1, lasting);
    }
  }

  /**
   * Makes the version after this one. The lasting key stays the same, wrapped anew. No server calls
   * it yet: what is stored names the version of its project's key, so that these can be rotated
   * once that is built.
   */
  public NewProjectKey nextProjectKey(ProjectKey current) {
    return current.lendLasting(
        lasting -> newProjectKey(current.project(), current.version() + 1, lasting));
  }

  private NewProjectKey newProjectKey(String project, int version, SecretBytes lasting) {
    try (SecretBytes key = randomness.secret(KEY_BYTES);
        LockedKey sealing = new LockedKey(key, randomness)) {
      return new NewProjectKey(
          version,
          root.use(r -> Wrap.PROJECT_KEY.seal(r, key, projectKeyPlace(project, version))),
          sealing.use(s -> Wrap.LASTING_KEY.seal(s, lasting, ProjectKey.lastingPlace(project))));
    }
  }

  /**
   * Opens a version of a project's key. The caller closes it.
   *
   * @throws WrapDoesNotOpen if either wrap does not open
   */
  public ProjectKey openProjectKey(String project, int version, byte[] wrapped, byte[] lasting) {
    Place place = projectKeyPlace(project, version);
    try (SecretBytes key = root.use(r -> Wrap.PROJECT_KEY.open(r, wrapped, place))) {
      return ProjectKey.open(project, version, key, lasting, randomness);
    }
  }

  private static Place projectKeyPlace(String project, int version) {
    return new Place().and(project).and(version);
  }

  @Override
  public void close() {
    root.close();
    systemKeys.get().values().forEach(SystemKey::close);
  }

  @Override
  public String toString() {
    return "Hierarchy[" + installation + "]";
  }
}
