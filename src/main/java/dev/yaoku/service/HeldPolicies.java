package dev.yaoku.service;

import dev.yaoku.access.Holdings;
import dev.yaoku.access.Principal;
import dev.yaoku.access.policy.Policy;
import dev.yaoku.access.policy.PolicyReader;
import dev.yaoku.access.policy.SystemPolicies;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.PolicyShelf.Part;
import dev.yaoku.service.PolicyShelf.Version;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rights.HolderKind;
import dev.yaoku.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who holds which policies, compiled, kept in memory for a while and in a share of the heap (ADR
 * 37). The first request of a principal reads the store once; those who hold the same policies
 * share one compiled form.
 */
public final class HeldPolicies {
  private static final Logger LOG = LoggerFactory.getLogger(HeldPolicies.class);

  private final Store store;
  private final LookUps<Held> holders;
  private final PolicyShelf shelf;

  /**
   * What is held in one store.
   *
   * @param holdersMax how many principals are kept
   * @param keptFor how long without a look at the store
   */
  public HeldPolicies(Store store, InstantSource clock, int holdersMax, Duration keptFor) {
    this(store, clock, holdersMax, keptFor, Runtime.getRuntime().maxMemory() / 8);
  }

  /**
   * The same with another share of the heap than the usual eighth.
   *
   * @param bytesMax how much of the heap compiled policies take
   */
  HeldPolicies(Store store, InstantSource clock, int holdersMax, Duration keptFor, long bytesMax) {
    this.store = store;
    this.shelf = new PolicyShelf(bytesMax, this::makeRoom);
    // Only proved callers get here, so none of them is a stranger.
    this.holders =
        new LookUps<>(
            holdersMax, keptFor, new Semaphore(Integer.MAX_VALUE), clock, store::view, Held::leave);
  }

  /**
   * The policies of a principal.
   *
   * @throws dev.yaoku.key.NotInMemory if they must be read and this thread must not wait
   */
  Holdings of(Principal who) {
    return find(who);
  }

  /**
   * The policies of a principal beside whose credential things are remembered. What is remembered
   * counts until anybody's change.
   *
   * @throws dev.yaoku.key.NotInMemory if they must be read and this thread must not wait
   */
  Holdings of(Principal who, Acquaintance acquaintance) {
    Glimpse<Held> seen = acquaintance.held();
    Held remembered = seen == null ? null : seen.get();
    if (seen != null && remembered != null && holders.stands(seen)) {
      return remembered;
    }
    Held held = find(who);
    holders.glimpse(who.user()).filter(holders::stands).ifPresent(acquaintance::held);
    return held;
  }

  private Held find(Principal who) {
    boolean role = who.session().role() != null;
    Held held =
        holders
            .find(who.user(), id -> Optional.of(store.read(tx -> load(tx, id, role))))
            .orElseThrow();
    shelf.settle();
    return held;
  }

  private Held load(Reading tx, String id, boolean role) {
    List<Rights.Attachment> attachments = new ArrayList<>();
    Set<String> groups = new HashSet<>();
    if (role) {
      attachments.addAll(tx.rights().attachmentsOf(HolderKind.AGENCY, id));
    } else {
      tx.rights().groupsOf(id).forEach(group -> groups.add(group.id()));
      attachments.addAll(tx.rights().attachmentsOf(HolderKind.USER, id));
      attachments.addAll(tx.rights().attachmentsOfGroupsOf(id));
    }
    return held(tx, attachments, groups);
  }

  private Held held(Reading tx, List<Rights.Attachment> attachments, Set<String> groups) {
    Map<String, Part> policies = new HashMap<>();
    try {
      for (Rights.Attachment attachment : attachments) {
        policies.computeIfAbsent(attachment.policy(), _ -> policy(tx, attachment));
      }
      return new Held(shelf, attachments, policies, groups);
    } catch (RuntimeException e) {
      shelf.giveBack(Held.shared(policies.values()));
      throw e;
    }
  }

  /** Its document is read only where it is not compiled yet: that takes long. */
  private Part policy(Reading tx, Rights.Attachment attachment) {
    String id = attachment.policy();
    Optional<Policy> system = SystemPolicies.withId(id);
    if (system.isPresent()) {
      return shelf.policy(new Version(id, 0), system::get);
    }
    // A policy that is lost may have been one that denies, so it is not passed over.
    Rights.Policy row =
        tx.rights()
            .policy(id)
            .filter(policy -> policy.account().equals(attachment.account()))
            .orElseThrow(() -> unusable(id));
    return shelf.policy(new Version(id, row.rowVersion()), () -> read(row));
  }

  /** Those go who take most of the heap, so that others keep what is usual. */
  private void makeRoom() {
    holders.letGo(Held::share, shelf::isNearlyOver);
  }

  /** How much of the heap compiled policies take, in bytes, about. */
  long bytes() {
    return shelf.bytes();
  }

  private static Policy read(Rights.Policy row) {
    try {
      return PolicyReader.read(row.id(), row.name(), row.document());
    } catch (KmsException e) {
      LOG.error("Policy {} cannot be read: {}", row.id(), e.problem());
      throw unusable(row.id());
    }
  }

  private static KmsException unusable(String policy) {
    return new KmsException(new Problem.RowNotGenuine("policy", policy));
  }

  // What changes must say

  /** Call after it changed what a user or an agency holds, or what groups a user is in. */
  public void holderChanged(String id) {
    holders.forget(id);
  }

  /** Call after it changed what a group holds. */
  public void groupChanged(String id) {
    holders.forgetIf(held -> held.isThroughGroup(id));
  }

  /** Call after a policy changed. */
  public void policyChanged(String id) {
    holders.forgetIf(held -> held.has(id));
  }

  /** Forgets everything, when another node may have changed anything. */
  public void everythingChanged() {
    holders.forgetIf(_ -> true);
  }

  /** To be called every minute or so. */
  public void sweep() {
    holders.sweep();
  }
}
