package dev.yaoku.service;

import dev.yaoku.access.policy.CompiledPolicies;
import dev.yaoku.access.policy.Policy;
import dev.yaoku.access.policy.PolicyParts;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Compiled policies that anybody in memory holds: each policy once, however many sets it is in, and
 * each set once, however many hold it. What nobody holds any more, such as a policy as it was
 * before a change, is not kept. Knows how much of the heap all that takes (ADR 37).
 */
final class PolicyShelf {
  private static final int BYTES_OF_A_NAME = 120;

  /** Sets of so much are put together one after the other, so that not many are begun at once. */
  private static final int MUCH_BYTES = 1 << 20;

  private final long bytesMax;
  private final Runnable makeRoom;
  private final Object muchAtATime = new Object();
  private final Map<Version, Shared<PolicyParts>> policies = new HashMap<>();
  private final Map<List<Version>, Shared<CompiledPolicies>> sets = new HashMap<>();

  /** Changed by who has the shelf to itself. */
  private volatile long bytes;

  /** A policy as it was at a time; those of every account never change. */
  record Version(String id, long version) {}

  /** Something that several may hold. */
  static final class Shared<V> {
    private final V value;
    private final long weight;
    private final Runnable removal;

    /** How many hold it; who changes or reads it has the shelf to itself. */
    private int holders;

    private Shared(V value, long weight, Runnable removal) {
      this.value = value;
      this.weight = weight;
      this.removal = removal;
    }
  }

  /** A policy on the shelf. */
  record Part(Version version, Shared<PolicyParts> shared) {}

  /**
   * An empty shelf.
   *
   * @param bytesMax how much there is room for
   * @param makeRoom has some of the holders give back what they took
   */
  PolicyShelf(long bytesMax, Runnable makeRoom) {
    this.bytesMax = bytesMax;
    this.makeRoom = makeRoom;
  }

  /**
   * Takes a policy for one more holder, who gives it back by {@link #giveBack}.
   *
   * @param policy reads it, where nobody has it yet
   */
  Part policy(Version version, Supplier<Policy> policy) {
    Shared<PolicyParts> known = taken(policies, version);
    if (known != null) {
      return new Part(version, known);
    }
    PolicyParts fresh = PolicyParts.of(policy.get());
    synchronized (this) {
      // Two may have compiled it at the same time.
      Shared<PolicyParts> first = taken(policies, version);
      return new Part(
          version,
          first != null ? first : put(policies, version, fresh, fresh.weight() + BYTES_OF_A_NAME));
    }
  }

  /**
   * Takes a set for somebody who holds its policies.
   *
   * @param holder who gives it back by {@link #giveBack}, unless that has happened
   */
  CompiledPolicies set(Held holder, List<Part> parts) {
    List<Version> versions = parts.stream().map(Part::version).toList();
    CompiledPolicies known = known(holder, versions);
    if (known != null) {
      return known;
    }
    if (parts.stream().mapToLong(part -> part.shared().weight).sum() < MUCH_BYTES) {
      return put(holder, versions, parts);
    }
    synchronized (muchAtATime) {
      CompiledPolicies meanwhile = known(holder, versions);
      return meanwhile != null ? meanwhile : put(holder, versions, parts);
    }
  }

  private synchronized @Nullable CompiledPolicies known(Held holder, List<Version> versions) {
    Shared<CompiledPolicies> known = sets.get(versions);
    if (known == null) {
      return null;
    }
    if (!holder.isGone()) {
      known.holders++;
      holder.takes(known);
    }
    return known.value;
  }

  /** Puts a set together, which nobody waits for who does not need it. */
  private CompiledPolicies put(Held holder, List<Version> versions, List<Part> parts) {
    CompiledPolicies fresh =
        CompiledPolicies.ofParts(parts.stream().map(part -> part.shared().value).toList());
    synchronized (this) {
      CompiledPolicies first = known(holder, versions);
      if (first != null || holder.isGone()) {
        return first != null ? first : fresh;
      }
      long weight = fresh.weight() + BYTES_OF_A_NAME + 4L * versions.size();
      holder.takes(put(sets, versions, fresh, weight));
      return fresh;
    }
  }

  private synchronized <K, V> @Nullable Shared<V> taken(Map<K, Shared<V>> all, K name) {
    Shared<V> known = all.get(name);
    if (known != null) {
      known.holders++;
    }
    return known;
  }

  private synchronized <K, V> Shared<V> put(Map<K, Shared<V>> all, K name, V value, long weight) {
    Shared<V> fresh = new Shared<>(value, weight, () -> all.remove(name));
    fresh.holders = 1;
    all.put(name, fresh);
    bytes += weight;
    return fresh;
  }

  /** Takes leave of what one holder took. */
  synchronized void giveBack(Iterable<? extends Shared<?>> taken) {
    for (Shared<?> one : taken) {
      if (--one.holders == 0) {
        one.removal.run();
        bytes -= one.weight;
      }
    }
  }

  /** Notes what a holder takes itself; less than nothing for one that leaves. */
  synchronized void notes(long more) {
    bytes += more;
  }

  /** What would be gained if one holder of these left, were all others to leave as well. */
  synchronized long shareOf(Iterable<? extends Shared<?>> taken) {
    long share = 0;
    for (Shared<?> one : taken) {
      share += one.weight / one.holders;
    }
    return share;
  }

  /** How much of the heap everything takes, in bytes, about. */
  long bytes() {
    return bytes;
  }

  /** Makes room if there is none. Whoever has the shelf to itself must not ask for it. */
  void settle() {
    if (bytes > bytesMax) {
      makeRoom.run();
    }
  }

  /** Whether there is so much that the next soon would be too much. */
  boolean isNearlyOver() {
    return bytes > bytesMax - bytesMax / 10;
  }
}
