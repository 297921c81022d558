package dev.yaoku.service;

import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.Passwords;
import dev.yaoku.crypto.Text;
import dev.yaoku.crypto.UnencodableText;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.WrapDoesNotOpen;
import dev.yaoku.seal.Wrapped;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs people in by password. A user that does not exist costs what a wrong password costs. */
public final class Logins {
  private static final Logger LOG = LoggerFactory.getLogger(Logins.class);
  private static final String BY_PASSWORD = "password";
  private static final int NAME_MAX = 255;
  private static final int PASSWORD_BYTES_MAX = 1024;

  private final Store store;
  private final Hierarchy hierarchy;
  private final LoginDelays delays;
  private final PasswordQueue queue;

  /** How a person names itself. */
  public sealed interface Who {
    /** By id. */
    record ById(String id) implements Who {}

    /** By name, in the account of this id. */
    record InAccount(String name, String accountId) implements Who {}

    /** By name, in the account of this name. */
    record InAccountNamed(String name, String accountName) implements Who {}
  }

  /** Logins to one installation, on a machine with so many cores and so large a heap. */
  public Logins(Store store, Hierarchy hierarchy, InstantSource clock, int cores, long heapBytes) {
    this.store = store;
    this.hierarchy = hierarchy;
    this.delays = new LoginDelays(clock);
    this.queue = new PasswordQueue(cores, heapBytes);
  }

  /**
   * Checks a password.
   *
   * @param source where the attempt comes from
   * @throws KmsException with {@link Problem.BadPassword}, whatever of it is wrong, or {@link
   *     Problem.Throttled}
   */
  public PasswordProof login(Who who, SecretBytes password, String source) {
    String user = nameForDelays(who);
    delays.mustBeOver(user, source);
    Optional<PasswordProof> found = queue.inTurn(() -> check(who, password));
    if (found.isEmpty()) {
      delays.failed(user, source);
      throw bad();
    }
    delays.succeeded(user, source);
    return found.get();
  }

  /** Works on a password when it is its turn: each costs memory and a core for a while. */
  <T> T inTurn(Supplier<T> work) {
    return queue.inTurn(work);
  }

  private Optional<PasswordProof> check(Who who, SecretBytes password) {
    if (password.length() > PASSWORD_BYTES_MAX) {
      return Optional.empty();
    }
    Optional<Rows.User> user = store.read(tx -> find(tx, who));
    boolean right = user.map(u -> verify(u, password)).orElseGet(() -> waste(password));
    return right ? user.flatMap(this::proof) : Optional.empty();
  }

  private Optional<PasswordProof> proof(Rows.User user) {
    return store
        .read(tx -> Identities.principal(tx, user.account(), user.id(), BY_PASSWORD, false, null))
        .map(who -> PasswordProof.of(who, user));
  }

  private static Optional<Rows.User> find(Reading tx, Who who) {
    return switch (who) {
      case Who.ById(String id) -> tx.user(id);
      case Who.InAccount(String name, String account) -> tx.userNamed(account, name);
      case Who.InAccountNamed(String name, String accountName) ->
          tx.accountNamed(accountName).flatMap(account -> tx.userNamed(account.id(), name));
    };
  }

  private boolean verify(Rows.User user, SecretBytes password) {
    if (user.password().length == 0) {
      return waste(password);
    }
    Wrapped wrapped = new Wrapped(user.systemKeyVersion(), user.password());
    try (SecretBytes record = hierarchy.unwrapPassword(user.account(), user.id(), wrapped)) {
      return Passwords.verify(password, record);
    } catch (WrapDoesNotOpen | IllegalArgumentException e) {
      LOG.error("The password record of user {} does not open and is not used.", user.id(), e);
      throw new KmsException(new Problem.RowNotGenuine("user", user.id()));
    }
  }

  private static boolean waste(SecretBytes password) {
    Passwords.waste(password);
    return false;
  }

  /** A short name for whatever was sent, so that memory does not depend on what strangers send. */
  private static String nameForDelays(Who who) {
    String text =
        switch (who) {
          case Who.ById(String id) -> "id\n" + checked(id);
          case Who.InAccount(String name, String id) -> "in\n" + checked(name) + "\n" + checked(id);
          case Who.InAccountNamed(String name, String account) ->
              "named\n" + checked(name) + "\n" + checked(account);
        };
    try {
      return HexFormat.of().formatHex(Hashes.sha256(Text.utf8(text)), 0, 16);
    } catch (UnencodableText e) {
      throw bad();
    }
  }

  private static String checked(String name) {
    if (name.length() > NAME_MAX) {
      throw bad();
    }
    return name;
  }

  private static KmsException bad() {
    return new KmsException(new Problem.BadPassword());
  }
}
