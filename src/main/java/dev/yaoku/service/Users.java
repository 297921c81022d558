package dev.yaoku.service;

import static dev.yaoku.service.Directorship.mustNotReachAbove;
import static dev.yaoku.service.Directorship.own;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.crypto.Passwords;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.Wrapped;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.RecordedChanges.Done;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The users of an account. */
public final class Users {
  private static final String KIND = "user";
  private static final int USERS_MAX = 10_000;

  private final Directorship directorship;
  private final Hierarchy hierarchy;
  private final Logins logins;
  private final Randomness randomness;
  private final NewIds ids;

  Users(Directorship directorship, Hierarchy hierarchy, Logins logins, Randomness randomness) {
    this.directorship = directorship;
    this.hierarchy = hierarchy;
    this.logins = logins;
    this.randomness = randomness;
    this.ids = new NewIds(randomness);
  }

  /**
   * A user that is asked for.
   *
   * @param password null for one that only has access keys
   */
  public record Order(
      String name,
      @Nullable SecretBytes password,
      boolean enabled,
      String description,
      String email,
      ProfileChange profile) {
    /** A user of whom no more is said. */
    public Order(
        String name,
        @Nullable SecretBytes password,
        boolean enabled,
        String description,
        String email) {
      this(name, password, enabled, description, email, ProfileChange.NOTHING);
    }
  }

  /** What is to become different; null for what stays. */
  public record Change(
      @Nullable String name,
      @Nullable SecretBytes password,
      @Nullable Boolean enabled,
      @Nullable String description,
      @Nullable String email,
      ProfileChange profile) {
    static final Change NOTHING = new Change(null, null, null, null, null);
    private static final Change STOP = new Change(null, null, false, null, null);

    /** Whether it keeps the user out and does nothing else. */
    boolean stops() {
      return equals(STOP);
    }

    /** A change of nothing else. */
    public Change(
        @Nullable String name,
        @Nullable SecretBytes password,
        @Nullable Boolean enabled,
        @Nullable String description,
        @Nullable String email) {
      this(name, password, enabled, description, email, ProfileChange.NOTHING);
    }
  }

  /**
   * A user as it is shown.
   *
   * @param hasPassword whether the user can log in, or only has access keys
   */
  public record User(
      String id,
      String account,
      String name,
      String description,
      String email,
      boolean enabled,
      boolean administrator,
      boolean hasPassword,
      Profile profile,
      Instant createdAt) {
    static User of(Rows.User row) {
      return new User(
          row.id(),
          row.account(),
          row.name(),
          row.description(),
          row.email(),
          row.enabled(),
          row.administrator(),
          row.password().length > 0,
          Profile.of(row),
          row.createdAt());
    }
  }

  /** All users of the caller's account, by name. */
  public List<User> list(Caller caller) {
    caller.mustBeAllowed(Action.LIST_USERS, subject(caller, "*"));
    String account = caller.principal().account();
    return directorship
        .store()
        .read(tx -> tx.rights().users(account).stream().map(User::of).toList());
  }

  /** One user. Everybody may see itself. */
  public User show(Caller caller, String id) {
    return directorship
        .store()
        .read(tx -> {
          Rows.User user = find(tx, caller, id, Action.SHOW_USER);
          caller.mustBeAllowedOrOneself(Action.SHOW_USER, id, subject(caller, user.name()));
          return User.of(user);
        });
  }

  /**
   * Makes a user, who may do nothing yet.
   *
   * @throws KmsException with {@link Problem.Conflict} if the account has a user of that name
   */
  public User create(Caller caller, Order order) {
    String account = caller.principal().account();
    caller.mustBeAllowed(Action.CREATE_USER, subject(caller, order.name()));
    Names.user(order.name());
    String id = ids.id();
    String description = Names.description("user.description", order.description());
    String email = Names.email(order.email());
    Rows.Profile profile = order.profile().of(Rows.Profile.NONE);
    Wrapped password = wrapped(account, id, order.name(), order.password());
    Rows.User user =
        new Rows.User(
            id,
            account,
            order.name(),
            password.bytes(),
            password.keyVersion(),
            false,
            order.enabled(),
            directorship.now(),
            description,
            email,
            profile,
            1);
    return directorship.change(
        caller,
        Statuses.CREATED,
        tx -> {
          mustBeFree(tx, account, order.name());
          if (tx.rights().userCount(account) >= USERS_MAX) {
            throw new KmsException(new Problem.TooMany("users", USERS_MAX));
          }
          tx.insert(user);
          return new Done<>(User.of(user), KIND, id, user.name());
        });
  }

  private static void mustBeFree(Reading tx, String account, String name) {
    if (tx.userNamed(account, name).isPresent()) {
      throw new KmsException(new Problem.Conflict("The account has a user of this name."));
    }
  }

  /** A new password ends everything that the old one opened. */
  private Wrapped wrapped(String account, String id, String name, @Nullable SecretBytes password) {
    if (password == null) {
      return new Wrapped(hierarchy.systemKeyVersion(), new byte[0]);
    }
    PasswordRules.mustHold(password, name);
    try (SecretBytes record = logins.inTurn(() -> Passwords.hash(password, randomness))) {
      return hierarchy.wrapPassword(account, id, record);
    }
  }

  /**
   * Changes a user. Whoever is disabled, or gets a new password, is logged out at once.
   *
   * @throws KmsException with {@link Problem.Conflict} if the new name is taken or nobody would be
   *     left to administer the account
   */
  public User update(Caller caller, String id, Change change) {
    return replace(caller, id, Action.UPDATE_USER, change);
  }

  /** Sets a user's password, as somebody who administers users. */
  public User setPassword(Caller caller, String id, SecretBytes password) {
    return replace(caller, id, Action.SET_PASSWORD, new Change(null, password, null, null, null));
  }

  private User replace(Caller caller, String id, Action action, Change change) {
    Rows.User seen = directorship.store().read(tx -> permitted(tx, caller, id, action));
    if (change.password() != null && action != Action.SET_PASSWORD) {
      caller.mustBeAllowed(Action.SET_PASSWORD, subject(caller, seen.name()));
      caller.intends(action);
    }
    @Nullable Wrapped password =
        change.password() == null
            ? null
            : wrapped(
                seen.account(),
                id,
                Objects.requireNonNullElse(change.name(), seen.name()),
                change.password());
    return stored(caller, id, action, change, password);
  }

  private User stored(
      Caller caller, String id, Action action, Change change, @Nullable Wrapped password) {
    return directorship.changeOrReduce(
        change.stops(),
        caller,
        Statuses.OK,
        tx -> {
          Rows.User before = permitted(tx, caller, id, action);
          Rows.User after = changed(before, change, password);
          if (!after.name().equals(before.name())) {
            // Names steer what policies allow, so the right must cover the new one, too.
            caller.mustBeAllowed(action, subject(caller, after.name()));
            mustBeFree(tx, after.account(), Names.user(after.name()));
          }
          if (before.enabled() && !after.enabled()) {
            mustLeaveAnAdministrator(tx, before);
          }
          tx.update(after);
          if (password != null && action != Action.SET_PASSWORD) {
            caller.audit().note("with a new password");
          }
          if (password != null || !after.enabled()) {
            tx.rights().endSessionsOf(id);
          }
          return new Done<>(User.of(after), KIND, id, after.name());
        },
        () -> directorship.userChanged(id));
  }

  private static Rows.User changed(Rows.User before, Change change, @Nullable Wrapped password) {
    return new Rows.User(
        before.id(),
        before.account(),
        Objects.requireNonNullElse(change.name(), before.name()),
        password == null ? before.password() : password.bytes(),
        password == null ? before.systemKeyVersion() : password.keyVersion(),
        before.administrator(),
        Objects.requireNonNullElse(change.enabled(), before.enabled()),
        before.createdAt(),
        Names.description(
            "user.description",
            Objects.requireNonNullElse(change.description(), before.description())),
        change.email() == null ? before.email() : Names.email(change.email()),
        change.profile().of(before.profile()),
        before.rowVersion());
  }

  /**
   * One user, to somebody who could change it.
   *
   * @throws KmsException with {@link Problem.NotAllowed}
   */
  public User changeable(Caller caller, String id) {
    return directorship.store().read(tx -> User.of(permitted(tx, caller, id, Action.UPDATE_USER)));
  }

  /**
   * Changes where one can be reached oneself, which takes no policy.
   *
   * @throws KmsException with {@link Problem.NotAllowed} if it is about somebody else
   */
  public void changeOwn(Caller caller, String id, @Nullable String email, ProfileChange phone) {
    caller.intends(Action.UPDATE_USER);
    if (!id.equals(caller.principal().user())) {
      throw new KmsException(new Problem.NotAllowed(Action.UPDATE_USER.policyName()));
    }
    caller.mustBeAllowedOrOneself(
        Action.UPDATE_USER, id, subject(caller, caller.principal().userName()));
    Change change = new Change(null, null, null, null, email, phone);
    directorship.change(
        caller,
        Statuses.NO_CONTENT,
        tx -> {
          Rows.User before = own(caller, tx.user(id), Rows.User::account, KIND);
          tx.update(changed(before, change, null));
          return new Done<>(before, KIND, id, before.name());
        },
        () -> directorship.userChanged(id));
  }

  /**
   * Changes one's own password, which takes the old one.
   *
   * @throws KmsException with {@link Problem.BadPassword} if the old one is wrong, or was replaced
   *     by somebody else meanwhile
   */
  public void changePassword(Caller caller, String id, SecretBytes old, SecretBytes password) {
    caller.intends(Action.SET_PASSWORD);
    if (!id.equals(caller.principal().user())) {
      throw new KmsException(new Problem.NotAllowed(Action.SET_PASSWORD.policyName()));
    }
    caller.mustBeAllowedOrOneself(
        Action.SET_PASSWORD, id, subject(caller, caller.principal().userName()));
    PasswordProof proof = logins.login(new Logins.Who.ById(id), old, caller.source());
    Wrapped wrapped =
        wrapped(caller.principal().account(), id, caller.principal().userName(), password);
    directorship.change(
        caller,
        Statuses.NO_CONTENT,
        tx -> {
          proof.mustStand(tx);
          Rows.User before = tx.user(id).orElseThrow(Users::notThere);
          tx.update(changed(before, Change.NOTHING, wrapped));
          tx.rights().endSessionsOf(id);
          return new Done<>(before, KIND, id, before.name());
        },
        () -> directorship.userChanged(id));
  }

  /**
   * Removes a user for good, with all that is the user's. Its id is never used again.
   *
   * @throws KmsException with {@link Problem.Conflict} if nobody would be left to administer the
   *     account
   */
  public void delete(Caller caller, String id) {
    directorship.reduce(
        caller,
        Statuses.NO_CONTENT,
        tx -> {
          Rows.User user = permitted(tx, caller, id, Action.DELETE_USER);
          mustLeaveAnAdministrator(tx, user);
          tx.rights().removeUser(user);
          return new Done<>(user, KIND, id, user.name());
        },
        () -> directorship.userChanged(id));
  }

  private static void mustLeaveAnAdministrator(Reading tx, Rows.User going) {
    boolean others =
        !going.administrator()
            || tx.rights().administrators(going.account()).stream()
                .anyMatch(one -> one.enabled() && !one.id().equals(going.id()));
    if (!others) {
      throw new KmsException(
          new Problem.Conflict("Nobody would be left to administer the account."));
    }
  }

  private static Rows.User permitted(Reading tx, Caller caller, String id, Action action) {
    Rows.User user = find(tx, caller, id, action);
    caller.mustBeAllowed(action, subject(caller, user.name()));
    mustNotReachAbove(caller, user);
    return user;
  }

  /** The user, or that there is none to those who could do it with any. */
  private static Rows.User find(Reading tx, Caller caller, String id, Action action) {
    caller.audit().names(KIND, id);
    caller.mustConceiveOrBeOneself(action, id);
    return own(caller, tx.user(id), Rows.User::account, KIND);
  }

  static Subject subject(Caller caller, String name) {
    return Subject.inAccount(KIND, caller.principal().account(), name);
  }

  private static KmsException notThere() {
    return new KmsException(new Problem.NotThere(KIND));
  }
}
