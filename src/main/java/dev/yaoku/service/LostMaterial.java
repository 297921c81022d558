package dev.yaoku.service;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.MultiRegion.Role;
import dev.yaoku.key.Origin;
import dev.yaoku.store.Reading;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a replica from imported material that its primary has lost. A deletion does not reach a
 * replica that is damaged just then ({@link Followers#lead}); once its rows are restored they are
 * genuine, and must not serve with what was deleted. They stay as they are until the primary's next
 * change brings them in step.
 */
final class LostMaterial {
  private static final Logger LOG = LoggerFactory.getLogger(LostMaterial.class);

  private LostMaterial() {}

  /** What is left of a key and its versions, which may be all. */
  record Left(Key key, List<KeyVersion> versions) {}

  /** The key without what its primary lacks, as long as that one's row is there and genuine. */
  static Left without(Reading tx, Key key, List<KeyVersion> versions, Instant now) {
    List<Integer> lost = lost(tx, key, versions, now);
    if (lost.isEmpty()) {
      return new Left(key, versions);
    }
    LOG.warn(
        "Replica {} holds material that its primary has lost, of versions {}: it is not used",
        key.id(),
        lost);
    return new Left(
        lost.contains(key.currentVersion()) ? key.withoutMaterial() : key,
        versions.stream().map(one -> lost.contains(one.number()) ? one.emptied() : one).toList());
  }

  /** Whether a key holds material that its primary lacks. */
  static boolean isIn(Reading tx, Key key, Instant now) {
    return !lost(tx, key, tx.versions(key.id()), now).isEmpty();
  }

  private static List<Integer> lost(Reading tx, Key key, List<KeyVersion> versions, Instant now) {
    if (!key.multiRegion().isReplica() || key.origin() != Origin.EXTERNAL || !key.hasMaterial()) {
      return List.of();
    }
    return primaryOf(tx, key)
        .flatMap(primary -> material(tx, primary))
        .map(here ->
            versions.stream()
                .filter(one -> one.isHereAt(now) && !here.contains(one.materialId()))
                .map(KeyVersion::number)
                .toList())
        .orElse(List.of());
  }

  /** Gone or not, as long as its row is there. */
  private static Optional<Key> primaryOf(Reading tx, Key replica) {
    return tx.members(replica.set()).stream()
        .filter(key -> key.multiRegion().role() == Role.PRIMARY)
        .findFirst();
  }

  /**
   * Which material a primary has, expired or not: when it expires, the replica's own rows say. So a
   * clock that is ahead takes nothing from a replica that is in step. Nothing is said of a primary
   * whose versions are not genuine.
   */
  private static Optional<Set<String>> material(Reading tx, Key primary) {
    return IfGenuine.read(() ->
        tx.versions(primary.id()).stream()
            .filter(version -> version.wrapped().length > 0)
            .map(KeyVersion::materialId)
            .collect(Collectors.toSet()));
  }
}
