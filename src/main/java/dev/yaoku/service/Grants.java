package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.Grant;
import dev.yaoku.key.GrantOperation;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.KeyChanges.Asked;
import dev.yaoku.service.KeyChanges.Changed;
import dev.yaoku.store.Position;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Gives others rights on a key, and takes them back. */
public final class Grants {
  private static final int ID_BYTES = 32;

  private final Store store;
  private final Keys keys;
  private final KeyChanges changes;
  private final Places places;
  private final Randomness randomness;
  private final InstantSource clock;
  private final Events events;
  private final Rules rules;

  Grants(
      Store store,
      Keys keys,
      KeyChanges changes,
      Places places,
      Randomness randomness,
      InstantSource clock,
      Events events,
      Rules rules) {
    this.store = store;
    this.keys = keys;
    this.changes = changes;
    this.places = places;
    this.randomness = randomness;
    this.clock = clock;
    this.events = events;
    this.rules = rules;
  }

  /**
   * A grant that is asked for.
   *
   * @param toAccount whether the grantee is an account
   */
  public record Order(
      String grantee,
      boolean toAccount,
      Set<GrantOperation> operations,
      @Nullable String retiring,
      @Nullable String name) {}

  /**
   * One page.
   *
   * @param grants newest first
   * @param total how many there are in all
   * @param more whether any come after this page
   */
  public record Page(List<Grant> grants, long total, boolean more) {}

  /**
   * Gives a right away. Whoever may do so by a grant alone cannot give more than he has
   * (SECURITY_DESIGN M17).
   *
   * @return the grant's id
   */
  public String create(Caller caller, KeyReference reference, Order order) {
    return changes.changeFor(
        new Asked(caller, Action.CREATE_GRANT, reference, Statuses.OK),
        (tx, permitted) -> {
          Key key = permitted.key();
          key.mustBeCustom();
          key.mustBeEnabled();
          String parent = permitted.byGrant() ? source(tx, caller, key, order) : null;
          mustHaveRoom(tx, key.id(), order);
          Grant grant = grant(caller, key, order, parent);
          tx.insert(grant);
          return new Changed<>(key, grant.id());
        });
  }

  private Grant grant(Caller caller, Key key, Order order, @Nullable String parent) {
    return new Grant(
        HexFormat.of().formatHex(randomness.bytes(ID_BYTES)),
        key.id(),
        key.project(),
        order.grantee(),
        order.toAccount(),
        order.operations(),
        caller.principal().user(),
        order.retiring(),
        order.name(),
        Times.now(clock),
        parent);
  }

  /** The grant that alone lets the caller give this one, which must not be wider. */
  private String source(Reading tx, Caller caller, Key key, Order order) {
    Principal who = caller.principal();
    return keys.inForce(tx.grantsOf(key.id())).stream()
        .filter(own -> own.isFor(who.user(), who.account()))
        .filter(own -> own.operations().contains(GrantOperation.CREATE_GRANT))
        .filter(own -> covers(own, order))
        .findFirst()
        .orElseThrow(() -> new KmsException(new Problem.GrantBeyondOwn()))
        .id();
  }

  private static boolean covers(Grant own, Order order) {
    return own.operations().containsAll(order.operations())
        && (own.toAccount() || !order.toAccount())
        && (order.retiring() == null || Objects.equals(order.retiring(), own.retiring()));
  }

  private void mustHaveRoom(Reading tx, KeyId key, Order order) {
    if (tx.grantRows(key) >= rules.grantsPerKeyMax()) {
      mustHaveRoom(tx.grantsOf(key), order);
    }
  }

  private void mustHaveRoom(List<Grant> present, Order order) {
    long ofGrantee =
        present.stream().filter(grant -> grant.grantee().equals(order.grantee())).count();
    if (ofGrantee >= rules.grantsPerKeyMax()) {
      throw new KmsException(new Problem.TooManyGrants(rules.grantsPerKeyMax(), true));
    }
    if (present.size() >= rules.grantsPerKeyMax()) {
      throw new KmsException(new Problem.TooManyGrants(rules.grantsPerKeyMax(), false));
    }
  }

  /**
   * Takes a right back, as the key's owner. Grants that the grantee gave in his turn stay, unless
   * the operator wants them to end with it.
   *
   * @throws KmsException with {@link Problem.GrantNotFound} or {@link Problem.GrantOfOtherKey}
   */
  public void revoke(Caller caller, KeyReference reference, String id) {
    changes.reduce(
        new Asked(caller, Action.REVOKE_GRANT, reference, Statuses.OK),
        (tx, key) -> {
          end(tx, ofKey(tx, key, id), rules.grantsCascade());
          return key;
        });
  }

  /**
   * Takes a right back with all that were given through it, directly or not.
   *
   * @throws KmsException with {@link Problem.GrantNotFound} or {@link Problem.GrantOfOtherKey}
   */
  public Ended revokeTree(Caller caller, KeyReference reference, String id) {
    return changes.reduceFor(
        new Asked(caller, Action.REVOKE_GRANT, reference, Statuses.OK),
        (tx, permitted) -> {
          Key key = permitted.key();
          return new Changed<>(key, new Ended(key, end(tx, ofKey(tx, key, id), true)));
        });
  }

  /** The grants on a key that were ended. */
  public record Ended(Key key, List<String> ids) {}

  private static List<String> end(Writing tx, Grant grant, boolean tree) {
    List<Grant> ending = tree ? grant.tree(tx.grantsOf(grant.key())) : List.of(grant);
    ending.forEach(tx::remove);
    return ending.stream().map(Grant::id).toList();
  }

  /**
   * A grant on a key of another project, or a gone one, is not there: its id tells nobody of it.
   */
  private Grant ofKey(Writing tx, Key key, String id) {
    Grant grant = tx.grant(id).orElseThrow(() -> new KmsException(new Problem.GrantNotFound()));
    if (grant.key().equals(key.id())) {
      return grant;
    }
    boolean near =
        tx.key(grant.key())
            .filter(other -> other.project().equals(key.project()))
            .filter(other -> !other.isGoneAt(clock.instant()))
            .isPresent();
    throw new KmsException(near ? new Problem.GrantOfOtherKey() : new Problem.GrantNotFound());
  }

  /**
   * Ends a grant, as the one who gave it, the one who is named for that, or the grantee who may.
   */
  public void retire(Caller caller, KeyReference reference, String id) {
    caller.intends(Action.RETIRE_GRANT);
    KeyId key = keys.idOf(caller, reference);
    Forgetting.after(
        caller,
        () ->
            Entitlement.confirmed(
                caller, () -> store.writeFromReserve(tx -> retire(tx, caller, key, id))),
        () -> keys.changed(key));
  }

  private Key retire(Writing tx, Caller caller, KeyId id, String grantId) {
    Acquaintance.mustBeKeptOrStand(tx, caller, clock.instant());
    Replays.refuse(tx, caller);
    Key key = tx.lockKey(id).orElseThrow(Keys::notFound);
    changes.show(tx, caller, key);
    Principal who = caller.principal();
    boolean mine =
        tx.grant(grantId)
            .filter(grant -> grant.key().equals(id))
            .filter(grant -> grant.canBeRetiredBy(who.user(), who.account()))
            .isPresent();
    if (key.isGoneAt(clock.instant()) || (!mine && !keys.isOpenTo(caller, key))) {
      throw Keys.notFound();
    }
    if (!mine) {
      KmsException refusal = caller.refusal(Action.RETIRE_GRANT, key);
      if (refusal.problem() instanceof Problem.KeyNotAllowed) {
        ofKey(tx, key, grantId);
      }
      throw refusal;
    }
    caller.touched(key);
    Grant grant = ofKey(tx, key, grantId);
    caller.mustNotBeDenied(Action.RETIRE_GRANT, key);
    end(tx, grant, rules.grantsCascade());
    tx.append(events.changed(caller, key, Statuses.OK, tx.changes()));
    return key;
  }

  /** A page of the grants on a key, newest first. */
  public Page list(Caller caller, KeyReference reference, int offset, int limit) {
    try (OpenKey key = keys.open(caller, reference)) {
      Key permitted = caller.mustBeAllowed(Action.LIST_GRANTS, key.key()).key();
      List<Grant> all = store.read(tx -> tx.grantsOf(permitted.id()));
      return page(places.of(caller, "grants", permitted.id().text()), all, offset, limit);
    }
  }

  private static Page page(Places.Reading reading, List<Grant> all, int offset, int limit) {
    List<Grant> rest = reading.at(offset).rest(all, Grants::position);
    List<Grant> page = rest.stream().limit(limit).toList();
    if (!page.isEmpty()) {
      reading.delivered((long) offset + page.size(), position(page.getLast()));
    }
    return new Page(page, all.size(), rest.size() > page.size());
  }

  private static Position position(Grant grant) {
    return new Position(grant.createdAt().toEpochMilli(), grant.id());
  }

  /** A page of the project's grants that the caller may end, newest first. */
  public Page retirable(Caller caller, int offset, int limit) {
    caller.mustBeAllowed(Action.LIST_RETIRABLE_GRANTS);
    Principal who = caller.principal();
    List<Grant> all =
        store.read(
            tx -> tx.retirableGrants(caller.project(), who.user(), who.account(), clock.instant()));
    return page(places.of(caller, "retirable grants", ""), all, offset, limit);
  }
}
