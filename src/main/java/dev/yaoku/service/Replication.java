package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Directory;
import dev.yaoku.access.Subject;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.Field;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.MultiRegion;
import dev.yaoku.key.MultiRegion.Role;
import dev.yaoku.key.NoSync;
import dev.yaoku.key.Problem;
import dev.yaoku.key.SetMember;
import dev.yaoku.key.Tag;
import dev.yaoku.service.KeyChanges.Asked;
import dev.yaoku.service.KeyChanges.Changed;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Keys that several regions share: one primary, and replicas of the same material with ids, names
 * and states of their own.
 *
 * @see "contract/semantics.md, section 12; SECURITY_DESIGN H14"
 */
public final class Replication {
  private final Keys keys;
  private final KeyChanges changes;
  private final KeyCreation creation;
  private final Followers followers;
  private final Randomness randomness;
  private final InstantSource clock;
  private final Rules rules;

  Replication(
      Keys keys,
      KeyChanges changes,
      KeyCreation creation,
      Followers followers,
      Randomness randomness,
      InstantSource clock,
      Rules rules) {
    this.keys = keys;
    this.changes = changes;
    this.creation = creation;
    this.followers = followers;
    this.randomness = randomness;
    this.clock = clock;
    this.rules = rules;
  }

  /** The regions that keys can be replicated to, the server's own first. */
  public List<String> regions(Caller caller) {
    caller.mustBeAllowed(Action.LIST_REGIONS);
    return rules.regions();
  }

  /**
   * A replica that is asked for.
   *
   * @param region a region of this server, not one where the set has a member
   * @param project a project of the key's account in that region
   */
  public record Order(
      String region,
      String project,
      String name,
      String description,
      String enterpriseProject,
      List<Tag> tags) {}

  /**
   * Makes a replica of a key. The caller needs the right on the key, also with the tags and the
   * enterprise project of the replica, and the right to create such a key in the other project,
   * which must be of the key's own account.
   *
   * @return the replica
   * @throws KmsException if the key, the region or the project is not right for it, or the project
   *     has no room
   */
  public Key replicate(Caller caller, KeyReference reference, Order order) {
    caller.requests(order.tags());
    KeyId id = new KeyId(randomness.uuid().toString()); // the same where it is tried again
    Set<KeyId> members = ConcurrentHashMap.newKeySet();
    Asked asked = new Asked(caller, Action.REPLICATE_KEY, reference, Statuses.OK);
    return Forgetting.after(
        () ->
            changes.changeFor(
                asked,
                (tx, permitted) -> replicate(tx, caller, permitted.key(), id, order, members)),
        () -> keys.setChanged(members));
  }

  private Changed<Key> replicate(
      Writing tx, Caller caller, Key key, KeyId id, Order order, Set<KeyId> members) {
    mustReplicate(key);
    rules.mustOffer(key.spec());
    mustBeOffered(order.region());
    Rows.Project target = target(tx, caller, order);
    String set = key.set().isEmpty() ? randomness.uuid().toString() : key.set();
    Key replica = replica(id, key, set, order);
    mustBePermitted(caller, key, replica, order.tags(), Identities.known(target));
    if (order.region().equals(caller.region())) {
      throw new KmsException(new Problem.RegionTaken());
    }
    mustBeFree(members(tx, set), order.region(), null);
    creation.insertIfRoom(tx, replica);
    Key primary = key.set().isEmpty() ? primary(tx, caller, key, set) : key;
    tx.setMembers(set).forEach(one -> members.add(one.key()));
    tx.insert(member(replica, order.region()));
    followers.copy(tx, primary, replica);
    if (!order.tags().isEmpty()) {
      Tags.putWithin(tx, replica.id(), order.tags(), rules);
    }
    caller.audit().alsoAbout(replica.id());
    return new Changed<>(primary, replica);
  }

  /**
   * A replica is a key that is made, so whoever must not make such a key there makes no replica
   * either. And its tags and enterprise project steer what others may do with the material, so
   * whoever chooses them must be allowed to replicate the key as it would be with them, too
   * (SECURITY_DESIGN M18).
   */
  private static void mustBePermitted(
      Caller caller, Key key, Key replica, List<Tag> tags, Directory.KnownProject there) {
    caller.mustAlsoBeAllowed(Action.CREATE_KEY, Subject.newKey(replica), there);
    caller.keys().showTags(key.id(), () -> tags);
    caller.mustBeAllowed(Action.REPLICATE_KEY, key.movedTo(replica.enterpriseProject()));
    caller.touched(key);
  }

  private static void mustReplicate(Key key) {
    key.mustBeCustom();
    key.mustNotBeReplica();
    if (!key.isInBuiltInKeystore()) {
      throw refuse(NoSync.KEYSTORE);
    }
    key.mustBeEnabled();
  }

  private void mustBeOffered(String region) {
    if (!rules.regions().contains(region)) {
      throw bad("replica_region", "replica_region must be a region of this server.");
    }
  }

  /** One refusal for all reasons: it tells nobody which projects others have. */
  private static Rows.Project target(Writing tx, Caller caller, Order order) {
    return tx.project(order.project())
        .filter(project -> project.account().equals(caller.principal().account()))
        .filter(project -> project.enabled() && project.region().equals(order.region()))
        .orElseThrow(() ->
            bad(
                "replica_project_id",
                "replica_project_id must be an enabled project of your account in"
                    + " replica_region."));
  }

  /** The first replica makes its source the primary of a new set. */
  private Key primary(Writing tx, Caller caller, Key alone, String set) {
    Key joined = alone.withMultiRegion(new MultiRegion(Role.PRIMARY, set));
    followers.bind(tx, alone, joined);
    tx.insert(member(joined, caller.region()));
    return tx.update(joined);
  }

  /**
   * Refuses a key that comes back where another member of its set has taken its place. Whose place
   * is where says their projects' region. A member whose rows, or whose project's, are not genuine
   * keeps nobody from it: else whoever edits one destroys what its owner wants to keep.
   */
  void mustBeFree(Writing tx, Key back) {
    if (back.set().isEmpty()) {
      return;
    }
    Map<Key, String> members = new LinkedHashMap<>();
    for (Key member : tx.members(back.set())) {
      IfGenuine.read(() -> region(tx, member)).ifPresent(there -> members.put(member, there));
    }
    mustBeFree(members, region(tx, back), back.id());
  }

  private static String region(Writing tx, Key key) {
    return tx.project(key.project())
        .map(Rows.Project::region)
        .orElseThrow(() -> new KmsException(new Problem.RowNotGenuine("project", key.project())));
  }

  private void mustBeFree(Map<Key, String> members, String region, @Nullable KeyId but) {
    Instant now = clock.instant();
    boolean taken =
        members.entrySet().stream()
            .filter(member -> member.getValue().equals(region))
            .map(Map.Entry::getKey)
            .anyMatch(member -> !member.isGoneAt(now) && !member.id().equals(but));
    if (taken) {
      throw new KmsException(new Problem.RegionTaken());
    }
  }

  /**
   * The members that are not purged, with their regions. One that is not genuine, or whose region
   * nobody knows, refuses all: it may be the primary, or in the place that is asked for, and a set
   * must not get two of these.
   */
  private static Map<Key, String> members(Writing tx, String set) {
    Map<KeyId, String> regions = Followers.regions(tx, set);
    Map<Key, String> members = new LinkedHashMap<>();
    for (Key key : tx.allMembers(set)) {
      String region = regions.get(key.id());
      if (region == null) {
        throw new KmsException(new Problem.RowNotGenuine("set_member", key.id().text()));
      }
      members.put(key, region);
    }
    return members;
  }

  private SetMember member(Key key, String region) {
    return new SetMember(
        key.id(), key.set(), key.account(), key.project(), region, Times.now(clock));
  }

  /** As it will be; the source may be alone until then. */
  private Key replica(KeyId id, Key primary, String set, Order order) {
    return new Key(
        id,
        primary.account(),
        order.project(),
        order.name(),
        order.description(),
        primary.spec(),
        primary.usage(),
        primary.origin(),
        primary.state(),
        Times.now(clock),
        order.region(),
        order.enterpriseProject(),
        Keystore.BUILT_IN,
        false,
        primary.currentVersion(),
        primary.rotation().following(),
        primary.materialExpiresAt(),
        new MultiRegion(Role.REPLICA, set),
        1);
  }

  // Roles

  /**
   * Makes the member in a region the primary; the one that was becomes a replica. It may be asked
   * of any member; where the primary is gone, only of the others.
   *
   * @param region one that holds a replica
   * @return the key that was asked
   */
  public Key promote(Caller caller, KeyReference reference, String region) {
    return changes.change(
        new Asked(caller, Action.UPDATE_PRIMARY_REGION, reference, Statuses.OK),
        (tx, key) -> {
          key.mustBeCustom();
          if (key.set().isEmpty()) {
            throw refuse(NoSync.SINGLE);
          }
          Map<Key, String> members = members(tx, key.set());
          boolean orphaned = isOrphaned(tx, members.keySet());
          if (!canLead(key, orphaned)) {
            keys.asOfNow(key).mustBeEnabled();
          }
          Key target = replicaIn(members, region);
          Optional<Key> primary =
              members.keySet().stream()
                  .filter(member -> member.multiRegion().role() == Role.PRIMARY)
                  .findFirst();
          mustBeReady(key, target, primary, orphaned);
          mustBePermitted(tx, caller, key, target, primary);
          mustBeInStep(tx, target, members.keySet());
          return exchange(tx, key, target, primary);
        });
  }

  /**
   * Whether no primary is there to bring material, and no member has any: a replica takes none, so
   * one that waits for it takes the role first.
   */
  private boolean isOrphaned(Writing tx, Set<Key> members) {
    Instant now = clock.instant();
    return members.stream()
        .filter(member -> !member.isGoneAt(now))
        .noneMatch(member ->
            member.multiRegion().role() == Role.PRIMARY || usable(tx, member, now).hasMaterial());
  }

  /** A member as of a time, without material that its primary has lost, gone or not. */
  private static Key usable(Writing tx, Key member, Instant now) {
    return IfGenuine.read(
            () -> LostMaterial.without(tx, member, tx.versions(member.id()), now).key())
        .orElse(member)
        .asOf(now);
  }

  private boolean canLead(Key key, boolean orphaned) {
    return switch (keys.asOfNow(key).state()) {
      case KeyState.Enabled _ -> true;
      case KeyState.PendingImport _ -> orphaned;
      case KeyState.Disabled _, KeyState.PendingDeletion _ -> false;
    };
  }

  /**
   * The replica in a region as it is stored, not as of now: a clock that is ahead must not take
   * material away that has only expired by it.
   */
  private Key replicaIn(Map<Key, String> members, String region) {
    return members.entrySet().stream()
        .filter(member -> member.getValue().equals(region))
        .map(Map.Entry::getKey)
        .filter(member -> member.multiRegion().isReplica() && !member.isGoneAt(clock.instant()))
        .findFirst()
        .orElseThrow(() ->
            bad(
                "primary_region",
                "primary_region must be a region that holds a replica of the key."));
  }

  private void mustBeReady(Key key, Key target, Optional<Key> primary, boolean orphaned) {
    if (primary
        .filter(p -> !p.isGoneAt(clock.instant()) && !keys.asOfNow(p).isEnabled())
        .filter(p -> !p.id().equals(key.id()))
        .isPresent()) {
      throw refuse(NoSync.PRIMARY_NOT_ENABLED);
    }
    if (!canLead(target, orphaned)) {
      throw refuse(NoSync.TARGET_NOT_ENABLED);
    }
  }

  /**
   * A primary overwrites what its replicas have, so it must have all that they do, which one that
   * was damaged when its primary changed may lack. Members that are damaged now are left out, and
   * beside a living primary those that are gone, too. Without one, a member that is gone counts: it
   * may come back.
   */
  private void mustBeInStep(Writing tx, Key target, Set<Key> members) {
    Instant now = clock.instant();
    List<Key> living = members.stream().filter(member -> !member.isGoneAt(now)).toList();
    Optional<Key> primary =
        living.stream().filter(key -> key.multiRegion().role() == Role.PRIMARY).findFirst();
    int version = target.asOf(now).currentVersion();
    boolean inStep =
        primary
            .map(leading -> followers.areInStep(tx, leading, target))
            .orElseGet(() ->
                members.stream()
                    .allMatch(key ->
                        usable(tx, key, now).currentVersion() <= version
                            && followers.knowsAllOf(tx, key, target)));
    if (!inStep || LostMaterial.isIn(tx, target, now)) {
      throw refuse(NoSync.TARGET_BEHIND);
    }
  }

  /** Whoever asks needs the right on the key that loses the role and on the one that gets it. */
  private static void mustBePermitted(
      Writing tx, Caller caller, Key key, Key target, Optional<Key> primary) {
    mustBePermitted(tx, caller, key, target);
    primary.ifPresent(former -> mustBePermitted(tx, caller, key, former));
  }

  private static void mustBePermitted(Writing tx, Caller caller, Key key, Key other) {
    if (!other.id().equals(key.id())) {
      caller
          .keys()
          .show(other.id(), () -> tx.tags(other.id()), () -> Keys.aliasNames(tx, other.id()));
      Rows.Project there = tx.project(other.project()).orElseThrow(Keys::notFound);
      caller.mustAlsoBeAllowed(Action.UPDATE_PRIMARY_REGION, other, Identities.known(there));
    }
  }

  private Key exchange(Writing tx, Key asked, Key target, Optional<Key> primary) {
    Key after = asked;
    if (primary.isPresent()) {
      Key former = primary.get();
      Key demoted =
          tx.update(
              former
                  .withMultiRegion(former.multiRegion().as(Role.REPLICA))
                  .renewing(former.rotation().following()));
      after = demoted.id().equals(asked.id()) ? demoted : after;
    }
    Key promoted =
        tx.update(
            target
                .withMultiRegion(target.multiRegion().as(Role.PRIMARY))
                .renewing(
                    primary
                        .map(Key::rotation)
                        .orElse(target.rotation())
                        .leading(Times.now(clock))));
    return promoted.id().equals(asked.id()) ? promoted : after;
  }

  private static KmsException refuse(NoSync why) {
    return new KmsException(new Problem.NotInStep(why));
  }

  private static KmsException bad(String member, String why) {
    return new KmsException(new Problem.BadValue(Field.OTHER, member, why));
  }
}
