package dev.yaoku.service;

import static dev.yaoku.service.Directorship.mustNotReachAbove;
import static dev.yaoku.service.Directorship.own;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.Wrapped;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.RecordedChanges.Done;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Permanent access keys: two a user at most; the secret is shown once, when it is made. */
public final class AccessKeys {
  private static final String KIND = "credential";
  private static final int OF_A_USER_MAX = 2;

  private final Directorship directorship;
  private final Hierarchy hierarchy;
  private final NewIds ids;

  AccessKeys(Directorship directorship, Hierarchy hierarchy, Randomness randomness) {
    this.directorship = directorship;
    this.hierarchy = hierarchy;
    this.ids = new NewIds(randomness);
  }

  /**
   * An access key as it is shown.
   *
   * @param lastUsedAt about when; null for never, and where it was not asked for
   */
  public record Shown(
      String id,
      String user,
      boolean enabled,
      String description,
      Instant createdAt,
      @Nullable Instant lastUsedAt) {
    static Shown of(Rows.AccessKey row, @Nullable Instant lastUsedAt) {
      return new Shown(
          row.id(), row.user(), row.enabled(), row.description(), row.createdAt(), lastUsedAt);
    }
  }

  /**
   * An access key that was just made.
   *
   * @param secret its secret, the caller's to close; nobody can find it out again
   */
  public record New(Shown key, SecretBytes secret) {}

  /** The access keys of a user, oldest first. Everybody may see its own. */
  public List<Shown> list(Caller caller, String user) {
    return directorship
        .store()
        .read(tx -> {
          permitted(tx, caller, user, Action.LIST_ACCESS_KEYS);
          List<Rows.AccessKey> keys = tx.rights().accessKeysOf(user);
          Set<String> names = keys.stream().map(Rows.AccessKey::id).collect(Collectors.toSet());
          Map<String, Instant> uses = tx.rights().lastUses(names);
          return keys.stream().map(key -> Shown.of(key, uses.get(key.id()))).toList();
        });
  }

  /** One access key. */
  public Shown show(Caller caller, String id) {
    return directorship
        .store()
        .read(tx -> {
          Rows.AccessKey key = find(tx, caller, id, Action.SHOW_ACCESS_KEY);
          return Shown.of(key, tx.rights().lastUses(Set.of(id)).get(id));
        });
  }

  /**
   * Makes an access key for a user.
   *
   * @throws KmsException with {@link Problem.TooMany} if the user has two
   */
  public New create(Caller caller, String user, String description) {
    Rows.User owner =
        directorship.store().read(tx -> permitted(tx, caller, user, Action.CREATE_ACCESS_KEY));
    Names.description("credential.description", description);
    SecretBytes secret = ids.secretAccessKey();
    try {
      Rows.AccessKey made = insert(caller, key(owner, secret, description));
      return new New(Shown.of(made, null), secret);
    } catch (RuntimeException e) {
      secret.close();
      throw e;
    }
  }

  private Rows.AccessKey key(Rows.User owner, SecretBytes secret, String description) {
    String id = ids.accessKey();
    Wrapped wrapped =
        hierarchy.wrapSecretAccessKey(
            owner.account(), owner.id(), id, Identities.PERMANENT, secret);
    return new Rows.AccessKey(
        id,
        owner.account(),
        owner.id(),
        wrapped.bytes(),
        wrapped.keyVersion(),
        true,
        directorship.now(),
        description,
        1);
  }

  private Rows.AccessKey insert(Caller caller, Rows.AccessKey key) {
    return directorship.change(
        caller,
        Statuses.CREATED,
        tx -> {
          permitted(tx, caller, key.user(), Action.CREATE_ACCESS_KEY);
          if (tx.rights().accessKeysOf(key.user()).size() >= OF_A_USER_MAX) {
            throw new KmsException(new Problem.TooMany("access keys of a user", OF_A_USER_MAX));
          }
          tx.insert(key);
          return new Done<>(key, KIND, key.id(), key.id());
        },
        () -> directorship.identities().accessKeyChanged(key.id()));
  }

  /** Lets an access key be used or not, or describes it otherwise; null for what stays. */
  public Shown update(
      Caller caller, String id, @Nullable Boolean enabled, @Nullable String description) {
    Function<Writing, Done<Rows.AccessKey>> work =
        tx -> {
          Rows.AccessKey before = find(tx, caller, id, Action.UPDATE_ACCESS_KEY);
          String text = Objects.requireNonNullElse(description, before.description());
          Rows.AccessKey after =
              new Rows.AccessKey(
                  id,
                  before.account(),
                  before.user(),
                  before.secret(),
                  before.systemKeyVersion(),
                  Objects.requireNonNullElse(enabled, before.enabled()),
                  before.createdAt(),
                  Names.description("credential.description", text),
                  before.rowVersion());
          tx.update(after);
          if (before.enabled() != after.enabled()) {
            tx.rights().endSessionsOf(before.user());
          }
          return new Done<>(after, KIND, id, id);
        };
    Rows.AccessKey changed =
        Boolean.FALSE.equals(enabled)
            ? reduce(caller, Statuses.OK, work)
            : change(caller, Statuses.OK, work);
    return Shown.of(changed, null);
  }

  /** Removes an access key for good. */
  public void delete(Caller caller, String id) {
    reduce(
        caller,
        Statuses.NO_CONTENT,
        tx -> {
          Rows.AccessKey key = find(tx, caller, id, Action.DELETE_ACCESS_KEY);
          tx.rights().removeAccessKey(id);
          tx.rights().endSessionsOf(key.user());
          return new Done<>(key, KIND, id, id);
        });
  }

  private Rows.AccessKey change(
      Caller caller, int status, Function<Writing, Done<Rows.AccessKey>> work) {
    return forgetting(() -> directorship.change(caller, status, work));
  }

  private Rows.AccessKey reduce(
      Caller caller, int status, Function<Writing, Done<Rows.AccessKey>> work) {
    return forgetting(() -> directorship.reduce(caller, status, work));
  }

  /** With an access key, the sessions of whose it is may have ended. */
  private Rows.AccessKey forgetting(Supplier<Rows.AccessKey> transaction) {
    Identities identities = directorship.identities();
    return Forgetting.after(
        transaction,
        changed -> {
          identities.accessKeyChanged(changed.id());
          identities.userChanged(changed.user());
        },
        identities::everythingChanged);
  }

  private static Rows.AccessKey find(Reading tx, Caller caller, String id, Action action) {
    caller.audit().names(KIND, id);
    Optional<Rows.AccessKey> found = tx.accessKey(id);
    caller.mustConceiveOrBeOneself(action, found.map(Rows.AccessKey::user).orElse(""));
    Rows.AccessKey key = own(caller, found, Rows.AccessKey::account, KIND);
    permitted(tx, caller, key.user(), action);
    return key;
  }

  private static Rows.User permitted(Reading tx, Caller caller, String user, Action action) {
    caller.mustConceiveOrBeOneself(action, user);
    Rows.User owner = own(caller, tx.user(user), Rows.User::account, "user");
    caller.audit().note("of user " + owner.id() + ", " + owner.name());
    caller.mustBeAllowedOrOneself(action, user, Users.subject(caller, owner.name()));
    mustNotReachAbove(caller, owner);
    return owner;
  }
}
