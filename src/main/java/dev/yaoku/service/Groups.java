package dev.yaoku.service;

import static dev.yaoku.service.Directorship.mustNotReachAbove;
import static dev.yaoku.service.Directorship.own;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.RecordedChanges.Done;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The groups of an account, and who is in them. */
public final class Groups {
  private static final String KIND = "group";
  private static final int GROUPS_MAX = 1_000;
  private static final int GROUPS_OF_A_USER_MAX = 50;

  private final Directorship directorship;
  private final NewIds ids;

  Groups(Directorship directorship, Randomness randomness) {
    this.directorship = directorship;
    this.ids = new NewIds(randomness);
  }

  /** A group as it is shown. */
  public record Group(
      String id, String account, String name, String description, Instant createdAt) {
    static Group of(Rights.Group row) {
      return new Group(row.id(), row.account(), row.name(), row.description(), row.createdAt());
    }
  }

  /** All groups of the caller's account, by name. */
  public List<Group> list(Caller caller) {
    caller.mustBeAllowed(Action.LIST_GROUPS, subject(caller, "*"));
    String account = caller.principal().account();
    return directorship
        .store()
        .read(tx -> tx.rights().groups(account).stream().map(Group::of).toList());
  }

  /** One group. */
  public Group show(Caller caller, String id) {
    return directorship.store().read(tx -> Group.of(permitted(tx, caller, id, Action.SHOW_GROUP)));
  }

  /** The users in a group, by name. */
  public List<Users.User> members(Caller caller, String id) {
    return directorship
        .store()
        .read(tx ->
            tx.rights().members(permitted(tx, caller, id, Action.SHOW_GROUP).id()).stream()
                .map(Users.User::of)
                .toList());
  }

  /** The groups that a user is in. Everybody may see its own. */
  public List<Group> of(Caller caller, String user) {
    return directorship
        .store()
        .read(tx -> {
          caller.mustConceiveOrBeOneself(Action.LIST_GROUPS, user);
          Rows.User found = own(caller, tx.user(user), Rows.User::account, "user");
          caller.mustBeAllowedOrOneself(Action.LIST_GROUPS, user, subject(caller, "*"));
          return tx.rights().groupsOf(found.id()).stream().map(Group::of).toList();
        });
  }

  /** Whether a user is in a group. */
  public boolean has(Caller caller, String group, String user) {
    return directorship
        .store()
        .read(tx -> {
          Rights.Group found = permitted(tx, caller, group, Action.SHOW_GROUP);
          return tx.rights().membership(found.id(), user).isPresent();
        });
  }

  /**
   * Makes a group.
   *
   * @throws KmsException with {@link Problem.Conflict} if the account has one of that name
   */
  public Group create(Caller caller, String name, String description) {
    String account = caller.principal().account();
    caller.mustBeAllowed(Action.CREATE_GROUP, subject(caller, name));
    Rights.Group group =
        new Rights.Group(
            ids.id(),
            account,
            Names.other("group.name", name),
            Names.description("group.description", description),
            directorship.now(),
            1);
    return directorship.change(
        caller,
        Statuses.CREATED,
        tx -> {
          mustBeFree(tx, account, name);
          if (tx.rights().groupCount(account) >= GROUPS_MAX) {
            throw new KmsException(new Problem.TooMany("groups", GROUPS_MAX));
          }
          tx.rights().insert(group);
          return new Done<>(Group.of(group), KIND, group.id(), name);
        });
  }

  private static void mustBeFree(Reading tx, String account, String name) {
    if (tx.rights().groupNamed(account, name).isPresent()) {
      throw new KmsException(new Problem.Conflict("The account has a group of this name."));
    }
  }

  /** Gives a group another name or description; null for what stays. */
  public Group update(
      Caller caller, String id, @Nullable String name, @Nullable String description) {
    return directorship.change(
        caller,
        Statuses.OK,
        tx -> {
          Rights.Group before = permitted(tx, caller, id, Action.UPDATE_GROUP);
          String next = Objects.requireNonNullElse(name, before.name());
          if (!next.equals(before.name())) {
            caller.mustBeAllowed(Action.UPDATE_GROUP, subject(caller, next));
            mustBeFree(tx, before.account(), Names.other("group.name", next));
          }
          String text = Objects.requireNonNullElse(description, before.description());
          Rights.Group after =
              new Rights.Group(
                  id,
                  before.account(),
                  next,
                  Names.description("group.description", text),
                  before.createdAt(),
                  before.rowVersion());
          tx.rights().update(after);
          return new Done<>(Group.of(after), KIND, id, next);
        });
  }

  /** Removes a group with the policies it holds; its members lose them and are logged out. */
  public void delete(Caller caller, String id) {
    Forgetting.after(
        () -> directorship.reduce(caller, Statuses.NO_CONTENT, tx -> delete(tx, caller, id)),
        losing -> directorship.usersChanged(Set.copyOf(losing)),
        directorship::everythingChanged);
  }

  /** Says who was in it. */
  private static Done<List<String>> delete(Writing tx, Caller caller, String id) {
    Rights.Group group = permitted(tx, caller, id, Action.DELETE_GROUP);
    List<String> members = tx.rights().memberIds(id);
    boolean held = !tx.rights().attachmentsOf(Rights.HolderKind.GROUP, id).isEmpty();
    tx.rights().remove(group);
    if (held) {
      Attachments.logOut(tx, group.account(), members);
    }
    return new Done<>(members, KIND, id, group.name());
  }

  /**
   * Puts a user into a group, who holds from then on what the group holds.
   *
   * @throws KmsException with {@link Problem.NotThere} if the account has no such group or user
   */
  public void add(Caller caller, String group, String user) {
    directorship.change(
        caller,
        Statuses.NO_CONTENT,
        tx -> {
          Rights.Group found = permitted(tx, caller, group, Action.ADD_MEMBER);
          Rows.User member = member(tx, caller, user);
          if (tx.rights().membership(group, user).isEmpty()) {
            if (tx.rights().groupsOf(user).size() >= GROUPS_OF_A_USER_MAX) {
              throw new KmsException(new Problem.TooMany("groups of a user", GROUPS_OF_A_USER_MAX));
            }
            tx.rights()
                .insert(new Rights.Membership(group, user, found.account(), directorship.now(), 1));
          }
          return new Done<>(member, KIND, group, found.name());
        },
        () -> directorship.userChanged(user));
  }

  /** Takes a user out of a group, who loses what the group holds and is logged out. */
  public void remove(Caller caller, String group, String user) {
    directorship.reduce(
        caller,
        Statuses.NO_CONTENT,
        tx -> {
          Rights.Group found = permitted(tx, caller, group, Action.REMOVE_MEMBER);
          Rows.User member = member(tx, caller, user);
          Rights.Membership membership =
              tx.rights()
                  .membership(group, user)
                  .orElseThrow(() -> new KmsException(new Problem.NotThere("membership")));
          tx.rights().remove(membership);
          tx.rights().endSessionsOf(user);
          return new Done<>(member, KIND, group, found.name());
        },
        () -> directorship.userChanged(user));
  }

  private static Rows.User member(Reading tx, Caller caller, String user) {
    Rows.User found = own(caller, tx.user(user), Rows.User::account, "user");
    mustNotReachAbove(caller, found);
    return found;
  }

  private static Rights.Group permitted(Reading tx, Caller caller, String id, Action action) {
    caller.audit().names(KIND, id);
    caller.mustConceive(action);
    Rights.Group group = own(caller, tx.rights().group(id), Rights.Group::account, KIND);
    caller.mustBeAllowed(action, subject(caller, group.name()));
    return group;
  }

  private static Subject subject(Caller caller, String name) {
    return Subject.inAccount(KIND, caller.principal().account(), name);
  }
}
