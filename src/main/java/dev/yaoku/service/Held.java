package dev.yaoku.service;

import dev.yaoku.access.Holdings;
import dev.yaoku.access.policy.CompiledPolicies;
import dev.yaoku.access.policy.PolicyParts;
import dev.yaoku.key.Waiting;
import dev.yaoku.service.PolicyShelf.Part;
import dev.yaoku.service.PolicyShelf.Shared;
import dev.yaoku.store.Rights.Attachment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one principal holds. For each project of which something is held just there it is put
 * together when it is asked for: who holds something in each of a hundred projects works in few.
 */
final class Held implements Holdings {
  private static final int OWN_BYTES = 500;
  private static final int BYTES_OF_A_GROUP = 100;
  private static final int BYTES_OF_A_PROJECT = 250;

  private final PolicyShelf shelf;
  private final Set<String> groups;
  private final Collection<Part> policies;
  private final CompiledPolicies ofAccount;
  private final CompiledPolicies everywhere;
  private final Map<String, Place> byProject = new HashMap<>();
  private final long ownBytes;

  /** Sets that were put together. Who changes or reads these two has the shelf to itself. */
  private final List<Shared<CompiledPolicies>> sets = new ArrayList<>();

  private boolean gone;

  /** A project that is named, and what is held there once somebody asked. */
  private static final class Place {
    private final List<Part> policies;
    private volatile @Nullable CompiledPolicies set;

    private Place(List<Part> policies) {
      this.policies = policies;
    }
  }

  /**
   * What is held by these attachments.
   *
   * @param policies by id, all that are attached, taken from the shelf
   * @param groups through which
   */
  Held(
      PolicyShelf shelf,
      List<Attachment> attachments,
      Map<String, Part> policies,
      Set<String> groups) {
    this.shelf = shelf;
    this.groups = Set.copyOf(groups);
    this.policies = List.copyOf(policies.values());
    long bytes = OWN_BYTES + (long) BYTES_OF_A_GROUP * groups.size() + 40L * policies.size();
    for (Attachment attachment : attachments) {
      if (attachment.isOfOneProject() && !byProject.containsKey(attachment.scope())) {
        Place place = new Place(counting(attachments, policies, attachment.scope()));
        byProject.put(attachment.scope(), place);
        bytes += BYTES_OF_A_PROJECT + 4L * place.policies.size();
      }
    }
    ownBytes = bytes;
    shelf.notes(ownBytes);
    ofAccount = shelf.set(this, counting(attachments, policies, Attachment.ACCOUNT));
    everywhere = shelf.set(this, counting(attachments, policies, Attachment.ALL_PROJECTS));
  }

  /** What counts in one scope: for a project, what is held for all projects too. */
  private static List<Part> counting(
      List<Attachment> attachments, Map<String, Part> policies, String scope) {
    boolean project = !scope.equals(Attachment.ACCOUNT);
    return attachments.stream()
        .filter(held ->
            held.scope().equals(scope) || (project && held.scope().equals(Attachment.ALL_PROJECTS)))
        .map(Attachment::policy)
        .distinct()
        .sorted()
        .map(id -> Objects.requireNonNull(policies.get(id)))
        .toList();
  }

  @Override
  public CompiledPolicies in(String scope) {
    if (scope.equals(Attachment.ACCOUNT)) {
      return ofAccount;
    }
    Place place = byProject.isEmpty() ? null : byProject.get(scope);
    return place == null ? everywhere : in(place);
  }

  private CompiledPolicies in(Place place) {
    CompiledPolicies known = place.set;
    return known == null ? together(place) : known;
  }

  private CompiledPolicies together(Place place) {
    CompiledPolicies set = shelf.set(this, place.policies);
    place.set = set;
    shelf.settle();
    return set;
  }

  @Override
  public void prepare(String scope) {
    Place place = byProject.isEmpty() ? null : byProject.get(scope);
    if (place != null && place.set == null) {
      Waiting.mustBeAllowed();
      var _ = together(place);
    }
  }

  /** Whether some of it is held through a group. */
  boolean isThroughGroup(String id) {
    return groups.contains(id);
  }

  /** Whether a policy is among it. */
  boolean has(String policy) {
    return policies.stream().anyMatch(part -> part.version().id().equals(policy));
  }

  /** Takes a set from the shelf. */
  void takes(Shared<CompiledPolicies> set) {
    sets.add(set);
  }

  /** Whether it is no longer kept; it is right as long as somebody uses it. */
  boolean isGone() {
    return gone;
  }

  /** Gives everything back, when it is no longer kept. */
  void leave() {
    synchronized (shelf) {
      if (!gone) {
        gone = true;
        shelf.notes(-ownBytes);
        shelf.giveBack(sets);
        shelf.giveBack(shared(policies));
      }
    }
  }

  /** How much of the heap would be gained if it left, and all who hold the same. */
  long share() {
    synchronized (shelf) {
      return gone ? 0 : ownBytes + shelf.shareOf(sets) + shelf.shareOf(shared(policies));
    }
  }

  static List<Shared<PolicyParts>> shared(Collection<Part> policies) {
    return policies.stream().map(Part::shared).toList();
  }
}
