package dev.yaoku.service;

import static dev.yaoku.service.Directorship.own;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.access.policy.Capitals;
import dev.yaoku.access.policy.ConditionKey;
import dev.yaoku.access.policy.Policy;
import dev.yaoku.access.policy.PolicyReader;
import dev.yaoku.access.policy.SystemPolicies;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.RecordedChanges.Done;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The policies that an account writes for itself. */
public final class Policies {
  private static final String KIND = "policy";
  private static final int POLICIES_MAX = 200;
  private static final int DOCUMENT_BYTES_MAX = 6_144;
  private static final Set<String> KINDS = Set.of("AX", "XA");

  private final Directorship directorship;
  private final NewIds ids;

  Policies(Directorship directorship, Randomness randomness) {
    this.directorship = directorship;
    this.ids = new NewIds(randomness);
  }

  /**
   * A policy that is asked for.
   *
   * @param kind AX for the account's own services, XA for those in projects
   * @param document JSON
   */
  public record Order(String name, String description, String kind, String document) {}

  /**
   * A policy that an account wrote, as it is shown.
   *
   * @param references how often it is held, by somebody for some scope; null where that was not
   *     counted
   */
  public record Written(
      String id,
      String account,
      String name,
      String description,
      String kind,
      String document,
      Instant createdAt,
      Instant updatedAt,
      @Nullable Integer references) {
    static Written of(Rights.Policy row) {
      return of(row, null);
    }

    private static Written of(Rights.Policy row, @Nullable Integer references) {
      return new Written(
          row.id(),
          row.account(),
          row.name(),
          row.description(),
          row.kind(),
          row.document(),
          row.createdAt(),
          row.updatedAt(),
          references);
    }
  }

  /** The policies that every account has. */
  public List<Policy> ofEverybody(Caller caller) {
    caller.mustBeAllowed(Action.LIST_POLICIES, subject(caller, "*"));
    return SystemPolicies.all();
  }

  /** The policies that the caller's account wrote, by name. */
  public List<Written> list(Caller caller) {
    caller.mustBeAllowed(Action.LIST_POLICIES, subject(caller, "*"));
    String account = caller.principal().account();
    return directorship
        .store()
        .read(tx -> tx.rights().policies(account).stream().map(Written::of).toList());
  }

  /** One policy of the account's own, and how often it is held. */
  public Written show(Caller caller, String id) {
    return directorship
        .store()
        .read(tx -> {
          Rights.Policy policy = permitted(tx, caller, id, Action.SHOW_POLICY);
          long held = tx.rights().attachmentCountOfPolicy(policy.account(), policy.id());
          return Written.of(policy, Math.toIntExact(held));
        });
  }

  /**
   * Writes a policy.
   *
   * @throws KmsException with {@link Problem.BadRequest} if it is not in order, {@link
   *     Problem.Conflict} if the account has one of that name
   */
  public Written create(Caller caller, Order order) {
    String account = caller.principal().account();
    caller.mustBeAllowed(Action.CREATE_POLICY, subject(caller, order.name()));
    mustBeInOrder(order);
    Instant now = directorship.now();
    Rights.Policy policy =
        new Rights.Policy(
            ids.id(),
            account,
            order.name(),
            order.description(),
            order.kind(),
            order.document(),
            now,
            now,
            1);
    return directorship.change(
        caller,
        Statuses.CREATED,
        tx -> {
          mustBeFree(tx, account, order.name());
          if (tx.rights().policyCount(account) >= POLICIES_MAX) {
            throw new KmsException(new Problem.TooMany("policies", POLICIES_MAX));
          }
          tx.rights().insert(policy);
          return new Done<>(Written.of(policy), KIND, policy.id(), policy.name());
        });
  }

  /** Writes a policy anew; it counts at once for all who hold it. */
  public Written update(Caller caller, String id, Order order) {
    mustBeInOrder(order);
    return directorship.change(
        caller,
        Statuses.OK,
        tx -> {
          Rights.Policy before = permitted(tx, caller, id, Action.UPDATE_POLICY);
          if (!order.name().equals(before.name())) {
            caller.mustBeAllowed(Action.UPDATE_POLICY, subject(caller, order.name()));
            mustBeFree(tx, before.account(), order.name());
          }
          Rights.Policy after =
              new Rights.Policy(
                  id,
                  before.account(),
                  order.name(),
                  order.description(),
                  order.kind(),
                  order.document(),
                  before.createdAt(),
                  directorship.now(),
                  before.rowVersion());
          tx.rights().update(after);
          return new Done<>(Written.of(after), KIND, id, after.name());
        },
        () -> directorship.held().policyChanged(id));
  }

  /** Removes a policy; whoever held it loses it at once. */
  public void delete(Caller caller, String id) {
    directorship.reduce(
        caller,
        Statuses.OK,
        tx -> {
          Rights.Policy policy = permitted(tx, caller, id, Action.DELETE_POLICY);
          Set<String> losing = Attachments.losing(tx, policy);
          tx.rights().remove(policy);
          Attachments.logOut(tx, policy.account(), losing);
          return new Done<>(policy, KIND, id, policy.name());
        },
        () -> {
          directorship.held().policyChanged(id);
          directorship.identities().accountChanged(caller.principal().account());
        });
  }

  private static void mustBeFree(Reading tx, String account, String name) {
    if (tx.rights().policyNamed(account, name).isPresent()
        || SystemPolicies.named(name).isPresent()) {
      throw new KmsException(new Problem.Conflict("There is a policy of this name."));
    }
  }

  /** Refuses what could not be read again, or would not be asked as it is meant. */
  private static void mustBeInOrder(Order order) {
    Names.other("role.display_name", order.name());
    Names.description("role.description", order.description());
    if (!KINDS.contains(order.kind())) {
      throw Names.bad("role.type", "role.type must be AX or XA.");
    }
    mustBeInOrder("role.policy", order.name(), order.document());
  }

  /** Refuses a document that could not be read again, or would not be asked as it is meant. */
  static void mustBeInOrder(String member, String name, String document) {
    if (document.getBytes(StandardCharsets.UTF_8).length > DOCUMENT_BYTES_MAX) {
      throw Names.bad(member, member + " must have at most " + DOCUMENT_BYTES_MAX + " bytes.");
    }
    mustBeAskable(member, PolicyReader.read("", name, document));
  }

  /**
   * A condition on what requests here do not have would be passed over in a denial, and so would a
   * resource that is none.
   */
  private static void mustBeAskable(String member, Policy policy) {
    Capitals.where(policy)
        .ifPresent(place -> {
          throw Names.bad(
              member, place + " has capitals in a region or id, which are in small letters.");
        });
    boolean unknown =
        policy.statements().stream()
            .flatMap(statement -> statement.conditions().stream())
            .anyMatch(one -> one.key().kind() == ConditionKey.Kind.ENCRYPTION_CONTEXT);
    if (unknown) {
      throw Names.bad(
          member, "Conditions on kms:EncryptionContext are not evaluated by this server.");
    }
  }

  private static Rights.Policy permitted(Reading tx, Caller caller, String id, Action action) {
    caller.audit().names(KIND, id);
    caller.mustConceive(action);
    Rights.Policy policy = own(caller, tx.rights().policy(id), Rights.Policy::account, KIND);
    caller.mustBeAllowed(action, subject(caller, policy.name()));
    return policy;
  }

  static Subject subject(Caller caller, String name) {
    return Subject.inAccount(KIND, caller.principal().account(), name);
  }
}
