package dev.yaoku.service;

import static dev.yaoku.service.Directorship.mustNotReachAbove;
import static dev.yaoku.service.Directorship.own;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.access.policy.Policy;
import dev.yaoku.access.policy.SystemPolicies;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.RecordedChanges.Done;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rights.Attachment;
import dev.yaoku.store.Rights.HolderKind;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Writing;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Who holds which policies, for a project, for all projects, or for the account itself. */
public final class Attachments {
  private static final String KIND = "attachment";
  private static final int OF_A_HOLDER_MAX = 200;

  /** They are listed as a whole, and removed with a policy in one transaction. */
  private static final int OF_AN_ACCOUNT_MAX = 20_000;

  private final Directorship directorship;
  private final int ofAnAccountMax;

  Attachments(Directorship directorship) {
    this(directorship, OF_AN_ACCOUNT_MAX);
  }

  /**
   * The attachments of accounts.
   *
   * @param ofAnAccountMax how many each may have
   */
  Attachments(Directorship directorship, int ofAnAccountMax) {
    this.directorship = directorship;
    this.ofAnAccountMax = ofAnAccountMax;
  }

  /** The scope of all projects of the account, those to come included. */
  public static final String ALL_PROJECTS = Attachment.ALL_PROJECTS;

  /** The scope of the account itself. */
  public static final String ACCOUNT = Attachment.ACCOUNT;

  /** Somebody who can hold policies, by id. */
  public sealed interface Holder {
    /** The id. */
    String id();

    /** A user. */
    record User(String id) implements Holder {}

    /** A group. */
    record Group(String id) implements Holder {}

    /** An agency. */
    record Agency(String id) implements Holder {}

    private HolderKind kind() {
      return switch (this) {
        case User _ -> HolderKind.USER;
        case Group _ -> HolderKind.GROUP;
        case Agency _ -> HolderKind.AGENCY;
      };
    }
  }

  /**
   * A policy that somebody holds.
   *
   * @param scope the id of a project, or one of the constants
   * @param policy its id
   * @param policyName its name
   * @param ofEverybody whether every account has it
   */
  public record Held(
      Holder holder, String scope, String policy, String policyName, boolean ofEverybody) {
    static Held of(Attachment row, String policyName, boolean ofEverybody) {
      Holder holder =
          switch (row.holderKind()) {
            case USER -> new Holder.User(row.holder());
            case GROUP -> new Holder.Group(row.holder());
            case AGENCY -> new Holder.Agency(row.holder());
          };
      return new Held(holder, row.scope(), row.policy(), policyName, ofEverybody);
    }
  }

  /**
   * What somebody holds itself, everywhere.
   *
   * @throws KmsException with {@link Problem.NotThere} if the account has no such holder
   */
  public List<Held> of(Caller caller, Holder holder) {
    return directorship
        .store()
        .read(tx -> {
          String name = permitted(tx, caller, holder, Action.LIST_ATTACHMENTS);
          Objects.requireNonNull(name);
          return held(tx, tx.rights().attachmentsOf(holder.kind(), holder.id()));
        });
  }

  /** All that anybody holds in the account, of whom the caller may be told what they hold. */
  public List<Held> all(Caller caller) {
    caller.mustConceive(Action.LIST_ATTACHMENTS);
    return directorship
        .store()
        .read(tx -> {
          Map<Holder, Boolean> seen = new HashMap<>();
          return held(tx, tx.rights().attachments(caller.principal().account())).stream()
              .filter(
                  held -> seen.computeIfAbsent(held.holder(), holder -> isSeen(tx, caller, holder)))
              .toList();
        });
  }

  private static boolean isSeen(Reading tx, Caller caller, Holder holder) {
    return caller.mayDo(
        Action.LIST_ATTACHMENTS,
        subject(caller, holder, name(tx, caller, holder, Action.LIST_ATTACHMENTS)));
  }

  /** What somebody holds for one scope. */
  public List<Held> in(Caller caller, Holder holder, String scope) {
    caller.mustConceive(Action.LIST_ATTACHMENTS);
    mustBeOwn(caller, scope);
    return of(caller, holder).stream().filter(held -> held.scope().equals(scope)).toList();
  }

  /** Whether somebody holds a policy for just this scope. */
  public boolean holds(Caller caller, Holder holder, String scope, String policy) {
    return in(caller, holder, scope).stream().anyMatch(held -> held.policy().equals(policy));
  }

  private static List<Held> held(Reading tx, List<Attachment> attachments) {
    Map<String, String> names = new HashMap<>();
    return attachments.stream()
        .map(one ->
            Held.of(
                one,
                names.computeIfAbsent(one.policy(), policy -> policyName(tx, policy)),
                SystemPolicies.withId(one.policy()).isPresent()))
        .toList();
  }

  private static String policyName(Reading tx, String policy) {
    return SystemPolicies.withId(policy)
        .map(Policy::name)
        .or(() -> tx.rights().policy(policy).map(Rights.Policy::name))
        .orElse("");
  }

  /**
   * Gives somebody a policy; nothing happens if it is held already.
   *
   * @param scope the id of a project, or one of the constants of {@link Attachment}
   * @throws KmsException with {@link Problem.NotThere} if the account has no such holder, project
   *     or policy, {@link Problem.TooMany} if it or the account holds as many as it may
   */
  public void attach(Caller caller, Holder holder, String scope, String policy) {
    directorship.change(
        caller,
        Statuses.NO_CONTENT,
        tx -> attach(tx, caller, holder, scope, policy),
        () -> changed(holder));
  }

  private Done<String> attach(
      Writing tx, Caller caller, Holder holder, String scope, String policy) {
    String name = permitted(tx, caller, holder, Action.ATTACH_POLICY);
    mustBeOwn(tx, caller, scope);
    mustBeThere(tx, caller, policy);
    if (tx.rights().attachment(holder.kind(), holder.id(), scope, policy).isEmpty()) {
      mustHaveRoom(tx, caller, holder);
      tx.rights()
          .insert(
              new Attachment(
                  holder.kind(),
                  holder.id(),
                  scope,
                  policy,
                  caller.principal().account(),
                  directorship.now(),
                  1));
    }
    return new Done<>(policy, KIND, holder.id(), name);
  }

  private void mustHaveRoom(Reading tx, Caller caller, Holder holder) {
    if (tx.rights().attachmentsOf(holder.kind(), holder.id()).size() >= OF_A_HOLDER_MAX) {
      throw new KmsException(new Problem.TooMany("policies held by one", OF_A_HOLDER_MAX));
    }
    if (tx.rights().attachmentCount(caller.principal().account()) >= ofAnAccountMax) {
      throw new KmsException(new Problem.TooMany("policies held in an account", ofAnAccountMax));
    }
  }

  /**
   * Takes a policy from somebody. Who loses rights is logged out at once.
   *
   * @throws KmsException with {@link Problem.NotThere} if it is not held
   */
  public void detach(Caller caller, Holder holder, String scope, String policy) {
    directorship.reduce(
        caller,
        Statuses.NO_CONTENT,
        tx -> {
          String name = permitted(tx, caller, holder, Action.DETACH_POLICY);
          mustBeOwn(tx, caller, scope);
          Attachment held =
              tx.rights()
                  .attachment(holder.kind(), holder.id(), scope, policy)
                  .orElseThrow(() -> new KmsException(new Problem.NotThere(KIND)));
          tx.rights().remove(held);
          logOut(tx, held.account(), losing(tx, held));
          return new Done<>(policy, KIND, holder.id(), name);
        },
        () -> {
          changed(holder);
          directorship.identities().accountChanged(caller.principal().account());
        });
  }

  /**
   * Ends the tokens and temporary keys of all who lose what they held. Administrators lose nothing,
   * as they hold everything, and others must not be able to log them out.
   *
   * @param losing the ids of users and agencies
   */
  static void logOut(Writing tx, String account, Collection<String> losing) {
    Set<String> out = new LinkedHashSet<>(losing);
    tx.rights().administrators(account).forEach(administrator -> out.remove(administrator.id()));
    tx.rights().endSessionsOf(out);
  }

  /** Whose tokens and temporary keys end where this is held no more. */
  private static List<String> losing(Reading tx, Attachment held) {
    return switch (held.holderKind()) {
      case USER, AGENCY -> List.of(held.holder());
      case GROUP -> tx.rights().memberIds(held.holder());
    };
  }

  /**
   * Whose tokens and temporary keys end with a policy, each once in however many ways it is held.
   */
  static Set<String> losing(Reading tx, Rights.Policy policy) {
    Set<String> losing = new LinkedHashSet<>();
    losing.addAll(holders(tx, HolderKind.USER, policy));
    losing.addAll(holders(tx, HolderKind.AGENCY, policy));
    for (String group : holders(tx, HolderKind.GROUP, policy)) {
      losing.addAll(tx.rights().memberIds(group));
    }
    return losing;
  }

  private static List<String> holders(Reading tx, HolderKind kind, Rights.Policy policy) {
    return tx.rights().holderIds(kind, policy.account(), policy.id());
  }

  private void changed(Holder holder) {
    switch (holder.kind()) {
      case USER, AGENCY -> directorship.held().holderChanged(holder.id());
      case GROUP -> directorship.held().groupChanged(holder.id());
    }
  }

  private void mustBeOwn(Caller caller, String scope) {
    directorship
        .store()
        .read(tx -> {
          mustBeOwn(tx, caller, scope);
          return scope;
        });
  }

  private static void mustBeOwn(Reading tx, Caller caller, String scope) {
    if (!scope.equals(Attachment.ALL_PROJECTS) && !scope.equals(Attachment.ACCOUNT)) {
      own(caller, tx.project(scope), Rows.Project::account, "project");
    }
  }

  private static void mustBeThere(Reading tx, Caller caller, String policy) {
    if (SystemPolicies.withId(policy).isEmpty()) {
      own(caller, tx.rights().policy(policy), Rights.Policy::account, "policy");
    }
  }

  /** The name of the holder, of whom the caller may do this. */
  private static String permitted(Reading tx, Caller caller, Holder holder, Action action) {
    caller.mustConceive(action);
    String name = name(tx, caller, holder, action);
    caller.mustBeAllowed(action, subject(caller, holder, name));
    return name;
  }

  private static String name(Reading tx, Caller caller, Holder holder, Action action) {
    return switch (holder.kind()) {
      case USER -> {
        Rows.User user = own(caller, tx.user(holder.id()), Rows.User::account, "user");
        if (action != Action.LIST_ATTACHMENTS) {
          mustNotReachAbove(caller, user);
        }
        yield user.name();
      }
      case GROUP ->
          own(caller, tx.rights().group(holder.id()), Rights.Group::account, "group").name();
      case AGENCY ->
          own(caller, tx.rights().agency(holder.id()), Rights.Agency::account, "agency").name();
    };
  }

  private static Subject subject(Caller caller, Holder holder, String name) {
    String kind = holder.kind().name().toLowerCase(Locale.ROOT);
    return Subject.inAccount(kind, caller.principal().account(), name);
  }
}
