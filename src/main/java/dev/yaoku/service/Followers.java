package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.audit.Rating;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.MultiRegion;
import dev.yaoku.key.SetMember;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.store.Reading;
import dev.yaoku.store.RowChange;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the replicas of a multi-region set in step with their primary: whatever happens to its
 * material happens to theirs in the same transaction. Each member's copy is wrapped under the key
 * of its own project and bound to the set (SECURITY_DESIGN H14).
 */
final class Followers {
  /** As many rows as one event has room for. */
  private static final int ROWS_PER_EVENT = 40;

  private static final byte[] NOTHING = {};

  private final Materials materials;
  private final Events events;
  private final InstantSource clock;

  Followers(Materials materials, Events events, InstantSource clock) {
    this.materials = materials;
    this.events = events;
    this.clock = clock;
  }

  /**
   * Makes the replicas what their primary is. Those that wait for deletion too: it may be
   * cancelled. One whose rows are not genuine is left as it is, and a warning names it: nobody can
   * use it, and it must not stop the others (SECURITY_DESIGN C1). Once its rows are restored, the
   * next change brings it in step.
   *
   * @param key a key that was changed; nothing happens unless it is a primary
   * @return the key
   */
  Key lead(Writing tx, Key key) {
    if (key.multiRegion().role() == MultiRegion.Role.PRIMARY) {
      List<KeyVersion> versions = tx.versions(key.id());
      Set<KeyId> inStep = new HashSet<>();
      for (Key member : tx.members(key.set())) {
        if (!member.multiRegion().isReplica() || follows(tx, member, key, versions)) {
          inStep.add(member.id());
        }
      }
      warnOfOthersThan(tx, inStep, key);
    }
    return key;
  }

  private boolean follows(Writing tx, Key member, Key primary, List<KeyVersion> versions) {
    Optional<List<KeyVersion>> own = ownOf(tx, member);
    own.ifPresent(before -> {
      copy(tx, primary, versions, member, before);
      tx.update(member.following(primary));
    });
    return own.isPresent();
  }

  /** A member's versions, if they and the key of its project are genuine. */
  private Optional<List<KeyVersion>> ownOf(Reading tx, Key member) {
    return IfGenuine.read(() -> {
      try (Intake _ = materials.intake(tx, member.project())) {
        return tx.versions(member.id());
      }
    });
  }

  /**
   * Warns of members that were not reached: whoever any row names, as damaged ones tell nothing.
   */
  private void warnOfOthersThan(Writing tx, Set<KeyId> inStep, Key key) {
    Map<KeyId, String> regions = regions(tx, key.set());
    String others =
        tx.idsInSet(key.set()).stream()
            .filter(id -> !inStep.contains(id) && mayBeOf(tx, id, key.set()))
            .map(id -> id + " in " + regions.getOrDefault(id, "?"))
            .collect(Collectors.joining("; "));
    if (!others.isEmpty()) {
      String detail = "what was changed did not reach " + others + ": rows are not genuine";
      tx.append(events.ofKey(key, "membersOutOfStep", Rating.WARNING, detail, List.of()));
    }
  }

  private static boolean mayBeOf(Reading tx, KeyId id, String set) {
    return IfGenuine.read(() -> tx.key(id).filter(key -> key.set().equals(set)).isPresent())
        .orElse(true);
  }

  /** The regions of all that belong to a set, as far as their rows are genuine. */
  static Map<KeyId, String> regions(Reading tx, String set) {
    return tx.setMembers(set).stream().collect(Collectors.toMap(SetMember::key, SetMember::region));
  }

  /**
   * Whether a replica has what its primary has. The versions of a primary that is damaged are not
   * compared: to leave it, another member is made the primary.
   */
  boolean areInStep(Reading tx, Key primary, Key replica) {
    Set<String> own =
        tx.versions(replica.id()).stream().map(this::likeness).collect(Collectors.toSet());
    return primary.currentVersion() == replica.currentVersion()
        && IfGenuine.read(() -> tx.versions(primary.id())).stream()
            .flatMap(List::stream)
            .filter(version -> !version.waiting() || version.isHereAt(clock.instant()))
            .map(this::likeness)
            .allMatch(own::contains);
  }

  /**
   * Whether a replica has every version that another member has or had material of. Damaged ones of
   * that member are not compared.
   */
  boolean knowsAllOf(Reading tx, Key other, Key replica) {
    Set<String> own =
        tx.versions(replica.id()).stream().map(KeyVersion::materialId).collect(Collectors.toSet());
    return IfGenuine.read(() -> tx.versions(other.id())).stream()
        .flatMap(List::stream)
        .filter(version -> !version.waiting())
        .map(KeyVersion::materialId)
        .allMatch(own::contains);
  }

  /** What a version has in common with the same one of another member. */
  private String likeness(KeyVersion version) {
    String material =
        version.isHereAt(clock.instant()) ? "until " + version.expiresAt() : "no material";
    return "%d %s %s %s"
        .formatted(version.number(), version.materialId(), version.waiting(), material);
  }

  /** Gives a new member the versions that the primary has. */
  void copy(Writing tx, Key primary, Key member) {
    copy(tx, primary, tx.versions(primary.id()), member, List.of());
  }

  /**
   * Gives a member the versions that the primary has, and no others.
   *
   * @param before what it had
   */
  private void copy(
      Writing tx, Key primary, List<KeyVersion> versions, Key member, List<KeyVersion> before) {
    int from = tx.changes().size();
    Map<Integer, KeyVersion> own = new HashMap<>();
    before.forEach(version -> own.put(version.number(), version));
    try (Intake intake = materials.intake(tx, member.project())) {
      for (KeyVersion version : versions) {
        copy(tx, primary, version, member, own.remove(version.number()), intake);
      }
    }
    own.values().forEach(tx::remove);
    recordAll(tx, member, from);
  }

  private void copy(
      Writing tx,
      Key primary,
      KeyVersion version,
      Key member,
      @Nullable KeyVersion own,
      Intake intake) {
    KeyVersion same = own != null && own.materialId().equals(version.materialId()) ? own : null;
    if (version.wrapped().length == 0) {
      byte[] fingerprint = same == null ? version.fingerprint() : same.fingerprint();
      put(tx, like(version, member, own, NOTHING, intake.projectKeyVersion(), fingerprint), own);
    } else if (same != null && same.wrapped().length > 0) {
      KeyVersion next =
          like(version, member, own, same.wrapped(), same.projectKeyVersion(), same.fingerprint());
      if (next.waiting() != same.waiting() || !sameTime(next.expiresAt(), same.expiresAt())) {
        tx.update(next);
      }
    } else {
      try (SecretBytes material = materials.forMember(tx, primary, version)) {
        Materials.Made made = intake.wrap(member, version.number(), material);
        boolean imported = version.fingerprint().length > 0;
        byte[] fingerprint = imported ? intake.fingerprint(member.id(), material) : NOTHING;
        put(
            tx,
            like(version, member, own, made.wrapped(), made.projectKeyVersion(), fingerprint),
            own);
      }
    }
  }

  /**
   * The version that material is of, if it was empty when the key joined its set: the key never saw
   * it. Then the fingerprint is another member's, copied with the version or still with the member
   * itself; that member may be purged since, and what makes its fingerprints outlives it.
   */
  Optional<KeyVersion> known(Writing tx, Key key, List<KeyVersion> versions, SecretBytes material) {
    if (key.set().isEmpty()) {
      return Optional.empty();
    }
    Map<String, KeyVersion> own =
        versions.stream().collect(Collectors.toMap(KeyVersion::materialId, version -> version));
    List<KeyVersion> all =
        tx.members(key.set()).stream()
            .flatMap(member -> ownOf(tx, member).stream())
            .flatMap(List::stream)
            .toList();
    return tx.setMembers(key.set()).stream()
        .flatMap(member -> fingerprint(tx, member, material).stream())
        .flatMap(
            made -> all.stream().filter(one -> Hashes.constantTimeEquals(one.fingerprint(), made)))
        .flatMap(same -> Optional.ofNullable(own.get(same.materialId())).stream())
        .findFirst();
  }

  /** What a member recognises material by. */
  private Optional<byte[]> fingerprint(Reading tx, SetMember member, SecretBytes material) {
    return IfGenuine.read(() -> {
      try (Intake intake = materials.intake(tx, member.project())) {
        return intake.fingerprint(member.key(), material);
      }
    });
  }

  private static boolean sameTime(@Nullable Instant a, @Nullable Instant b) {
    return a == null ? b == null : a.equals(b);
  }

  private static void put(Writing tx, KeyVersion version, @Nullable KeyVersion own) {
    if (own == null) {
      tx.insert(version);
    } else if (version.wrapped().length > 0 || own.wrapped().length > 0) {
      tx.update(version);
    }
  }

  private static KeyVersion like(
      KeyVersion version,
      Key member,
      @Nullable KeyVersion own,
      byte[] wrapped,
      int projectKeyVersion,
      byte[] fingerprint) {
    return new KeyVersion(
        member.id(),
        version.number(),
        version.materialId(),
        wrapped,
        projectKeyVersion,
        fingerprint,
        version.waiting(),
        version.createdAt(),
        version.expiresAt(),
        own == null ? 1 : own.rowVersion());
  }

  /** Wraps all material of a key that joins a set anew, bound to the set from now on. */
  void bind(Writing tx, Key alone, Key joined) {
    int before = tx.changes().size();
    try (Intake intake = materials.intake(tx, joined.project())) {
      for (KeyVersion version : tx.versions(alone.id())) {
        if (version.wrapped().length > 0) {
          try (SecretBytes material = materials.forMember(tx, alone, version)) {
            Materials.Made made = intake.wrap(joined, version.number(), material);
            tx.update(
                version.filled(made.wrapped(), made.projectKeyVersion(), version.expiresAt()));
          }
        }
      }
    }
    recordAll(tx, joined, before);
  }

  /** One event has not room for the rows of a key with very many versions. */
  private void recordAll(Writing tx, Key key, int from) {
    List<RowChange> made = tx.changes();
    if (made.size() - from <= ROWS_PER_EVENT) {
      return;
    }
    for (int i = from; i < made.size(); i += ROWS_PER_EVENT) {
      List<RowChange> some = made.subList(i, Math.min(made.size(), i + ROWS_PER_EVENT));
      tx.append(events.ofKey(key, "wrapMaterial", Rating.NORMAL, null, some));
    }
  }

  /**
   * Leaves a warning that what was done to one key does not end its material.
   *
   * @param done what was done, such as "disabled"
   */
  void warn(Writing tx, Caller caller, Key key, String done) {
    String others = living(tx, key);
    if (!others.isEmpty()) {
      String detail =
          "%s by user %s, request %s; its material lives on in %s"
              .formatted(done, caller.principal().user(), caller.requestId(), others);
      tx.append(events.ofKey(key, "membersLiveOn", Rating.WARNING, detail, List.of()));
    }
  }

  /** The other members of a key's set, for people; empty if there are none. */
  String living(Reading tx, Key key) {
    if (key.set().isEmpty()) {
      return "";
    }
    Map<KeyId, String> regions = regions(tx, key.set());
    return tx.members(key.set()).stream()
        .filter(member -> !member.id().equals(key.id()) && !member.isGoneAt(clock.instant()))
        .map(member ->
            "%s %s in %s, %s"
                .formatted(
                    member.multiRegion().role().name().toLowerCase(Locale.ROOT),
                    member.id(),
                    regions.getOrDefault(member.id(), "?"),
                    stateOf(member)))
        .collect(Collectors.joining("; "));
  }

  private static String stateOf(Key member) {
    return switch (member.state()) {
      case KeyState.Enabled _ -> "enabled";
      case KeyState.Disabled _ -> "disabled";
      case KeyState.PendingImport _ -> "without material";
      case KeyState.PendingDeletion(Instant at) -> "to be deleted " + at;
    };
  }
}
