package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Holdings;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Remembered;
import dev.yaoku.access.policy.CompiledPolicies;
import dev.yaoku.access.policy.Policy;
import dev.yaoku.access.policy.PolicyReader;
import dev.yaoku.access.policy.SystemPolicies;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.Text;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rights.HolderKind;
import dev.yaoku.store.Store;
import java.io.Serial;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who holds which policies, compiled, kept in memory for a while. The first request of a principal
 * reads the store once; those who hold the same policies share one compiled form.
 */
public final class HeldPolicies {
  private static final Logger LOG = LoggerFactory.getLogger(HeldPolicies.class);
  private static final int COMPILED_MAX = 2_000;

  /** So often policies are compiled for one request that are changed meanwhile. */
  private static final int ATTEMPTS = 4;

  private final Store store;
  private final LookUps<Held> holders;

  /**
   * Those that somebody in memory holds: a policy as it was before a change is not kept. Found by
   * what is compiled, not by the versions of rows: in a database that was set back, or a standby
   * that lacked the last changes, another text may get the same one.
   */
  private final Remembered<List<Version>, WeakReference<CompiledPolicies>> compiled =
      new Remembered<>(COMPILED_MAX, set -> set.refersTo(null), _ -> {});

  /**
   * A policy as it was at a time.
   *
   * @param sha256 of its document; empty for those of every account, which never change
   */
  private record Version(String id, String name, String sha256) {
    static Version of(Rights.Policy row) {
      byte[] sha256 = Hashes.sha256(Text.utf8(row.document()));
      return new Version(row.id(), row.name(), HexFormat.of().formatHex(sha256));
    }
  }

  /** A policy with its version. Its document is read only where it is compiled: that takes long. */
  private record Found(Version version, Supplier<Policy> policy) {}

  /**
   * What one principal holds.
   *
   * @param ofAccount compiled, for the account itself
   * @param everywhere for every project that is not named
   * @param byProject for those that are
   * @param groups through which
   * @param policies which
   * @param rows by which those for the account itself are known again
   * @param digest by which it is known again what is held, and where
   * @param validity of all that
   * @param comparedInside whether a transaction compares it with what is held then
   */
  record Held(
      CompiledPolicies ofAccount,
      CompiledPolicies everywhere,
      Map<String, CompiledPolicies> byProject,
      Set<String> groups,
      Set<String> policies,
      Map<String, String> rows,
      String digest,
      Validity validity,
      boolean comparedInside)
      implements Holdings {
    /** The same, for a caller whom others forget again and again. */
    Held toCompareInside() {
      return new Held(
          ofAccount, everywhere, byProject, groups, policies, rows, digest, validity, true);
    }

    @Override
    public CompiledPolicies in(String scope) {
      if (scope.equals(Rights.Attachment.ACCOUNT)) {
        return ofAccount;
      }
      return byProject.isEmpty() ? everywhere : byProject.getOrDefault(scope, everywhere);
    }
  }

  /**
   * What is held in one store.
   *
   * @param holdersMax how many principals are kept
   * @param keptFor how long without a look at the store
   */
  public HeldPolicies(Store store, InstantSource clock, int holdersMax, Duration keptFor) {
    this.store = store;
    // Only proved callers get here, so none of them is a stranger.
    this.holders =
        new LookUps<>(
            holdersMax,
            keptFor,
            new Semaphore(Integer.MAX_VALUE),
            clock,
            store::view,
            held -> held.validity().end());
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
    LookUps.Found<Held> seen = acquaintance.held();
    if (seen != null && holders.stands(seen)) {
      return seen.value();
    }
    Held held = find(who);
    holders.kept(who.user()).filter(holders::stands).ifPresent(acquaintance::held);
    return held;
  }

  /**
   * What a principal holds for the account itself as a transaction sees it, and for nothing else.
   * Nothing of it is kept: what others of the same commit wrote may never be committed. Nothing is
   * compiled either, which would keep everybody waiting.
   *
   * @throws Uncompiled if that must be done first, as {@link #compiledOutside} does
   */
  Holdings ofAccountIn(Reading tx, Principal who) {
    List<Found> found = foundOfAccount(tx, who);
    List<Version> versions = versions(found);
    CompiledPolicies known = known(versions);
    if (known == null) {
      throw new Uncompiled(found);
    }
    return new Held(
        known,
        CompiledPolicies.NONE,
        Map.of(),
        Set.of(),
        Set.of(),
        rowsOfAccount(tx, who),
        "", // never compared: nobody is let in with this
        new Validity(store),
        false);
  }

  /**
   * Asks for all that a request was allowed once more, where its caller does not hold for the
   * account itself what was looked up for it: a right may have been taken away since. Where nothing
   * was changed, nothing is compiled and no row is checked for that: all that counts is whether
   * they are those that were.
   *
   * @throws KmsException as whoever asked at first
   * @throws Uncompiled as in {@link #ofAccountIn}
   */
  void askAgainIfChanged(Reading tx, Caller caller) {
    Principal who = caller.principal();
    if (!who.administrator()
        && caller.holdings() instanceof Held before
        && !before.rows().equals(rowsOfAccount(tx, who))) {
      caller.askAgain(ofAccountIn(tx, who));
    }
  }

  private static Map<String, String> rowsOfAccount(Reading tx, Principal who) {
    return tx.rights().policiesOfAccount(kindOf(who), who.user());
  }

  private static HolderKind kindOf(Principal who) {
    return who.session().role() == null ? HolderKind.USER : HolderKind.AGENCY;
  }

  /** What is held for the account itself, in the order of ids. */
  private static List<Found> foundOfAccount(Reading tx, Principal who) {
    return List.copyOf(found(tx, tx.rights().ofAccount(kindOf(who), who.user())).values());
  }

  /** Policies that a transaction asks about and nobody has compiled. */
  static final class Uncompiled extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final transient List<Found> policies;

    private Uncompiled(List<Found> policies) {
      super("policies that must be compiled first", null, false, false);
      this.policies = policies;
    }
  }

  /**
   * Does something in transactions that ask for what somebody holds, and does it again where
   * policies had to be compiled first.
   *
   * @throws KmsException with {@link Problem.Conflict} if they are changed again and again
   *     meanwhile
   */
  <T> T compiledOutside(Supplier<T> work) {
    List<CompiledPolicies> kept =
        new ArrayList<>(); // or they would be gone when they are asked for
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try {
        return work.get();
      } catch (Uncompiled missing) {
        kept.add(compileAndNote(missing.policies));
      } finally {
        Reference.reachabilityFence(kept);
      }
    }
    throw beingChanged();
  }

  private static KmsException beingChanged() {
    return new KmsException(
        new Problem.Conflict("The policies of the user are being changed. Try again."));
  }

  private CompiledPolicies compileAndNote(List<Found> found) {
    CompiledPolicies fresh = compile(found);
    compiled.put(versions(found), new WeakReference<>(fresh));
    return fresh;
  }

  private static List<Version> versions(Collection<Found> found) {
    return found.stream().map(Found::version).toList();
  }

  private static CompiledPolicies compile(Collection<Found> found) {
    return CompiledPolicies.of(found.stream().map(each -> each.policy().get()).toList());
  }

  private @Nullable CompiledPolicies known(List<Version> versions) {
    WeakReference<CompiledPolicies> held = compiled.get(versions);
    return held == null ? null : held.get();
  }

  private Held find(Principal who) {
    boolean role = who.session().role() != null;
    return holders
        .find(
            who.user(),
            id -> {
              Validity validity = new Validity(store);
              return Optional.of(store.read(tx -> load(tx, id, role, validity)));
            })
        .orElseThrow();
  }

  private Held load(Reading tx, String id, boolean role, Validity validity) {
    List<Rights.Attachment> attachments = new ArrayList<>();
    Set<String> groups = new HashSet<>();
    if (role) {
      attachments.addAll(tx.rights().attachmentsOf(HolderKind.AGENCY, id));
    } else {
      tx.rights().groupsOf(id).forEach(group -> groups.add(group.id()));
      attachments.addAll(tx.rights().attachmentsOf(HolderKind.USER, id));
      attachments.addAll(tx.rights().attachmentsOfGroupsOf(id));
    }
    Map<String, Found> found = found(tx, attachments);
    HolderKind kind = role ? HolderKind.AGENCY : HolderKind.USER;
    return held(
        attachments,
        found,
        groups,
        tx.rights().policiesOfAccount(kind, id),
        digest(tx, kind, id),
        validity);
  }

  private Held held(
      List<Rights.Attachment> attachments,
      Map<String, Found> found,
      Set<String> groups,
      Map<String, String> rows,
      String digest,
      Validity validity) {
    List<Found> ofAccount = counting(attachments, found, Rights.Attachment.ACCOUNT);
    Map<String, CompiledPolicies> byProject = new HashMap<>();
    for (Rights.Attachment attachment : attachments) {
      if (attachment.isOfOneProject()) {
        byProject.computeIfAbsent(
            attachment.scope(), scope -> compiled(counting(attachments, found, scope)));
      }
    }
    return new Held(
        compiled(ofAccount),
        compiled(counting(attachments, found, Rights.Attachment.ALL_PROJECTS)),
        Map.copyOf(byProject),
        Set.copyOf(groups),
        Set.copyOf(found.keySet()),
        rows,
        digest,
        validity,
        false);
  }

  /** By which it is known again what somebody holds, as a transaction sees it. */
  static String digest(Reading tx, Principal who) {
    return digest(tx, kindOf(who), who.user());
  }

  /**
   * The SHA-256 of what is held where, whether by oneself or through groups. No document is read: a
   * policy that is written anew has another MAC.
   */
  private static String digest(Reading tx, HolderKind kind, String holder) {
    String all =
        tx.rights().policiesHeld(kind, holder).entrySet().stream()
            .map(held -> held.getKey() + "=" + held.getValue())
            .sorted()
            .collect(Collectors.joining("\n"));
    return HexFormat.of().formatHex(Hashes.sha256(Text.utf8(all)));
  }

  /** What counts in one scope: for a project, what is held for all projects too. */
  private static List<Found> counting(
      List<Rights.Attachment> attachments, Map<String, Found> found, String scope) {
    boolean project = !scope.equals(Rights.Attachment.ACCOUNT);
    return attachments.stream()
        .filter(held ->
            held.scope().equals(scope)
                || (project && held.scope().equals(Rights.Attachment.ALL_PROJECTS)))
        .map(Rights.Attachment::policy)
        .distinct()
        .sorted()
        .map(id -> Objects.requireNonNull(found.get(id)))
        .toList();
  }

  private CompiledPolicies compiled(List<Found> counting) {
    CompiledPolicies known = known(versions(counting));
    return known == null ? compileAndNote(counting) : known;
  }

  /** What is attached, by id: a policy of every account, or a row. All rows are read at once. */
  private static Map<String, Found> found(Reading tx, List<Rights.Attachment> attachments) {
    Map<String, Found> found = new TreeMap<>();
    Map<String, String> written = new HashMap<>();
    for (Rights.Attachment attachment : attachments) {
      String id = attachment.policy();
      SystemPolicies.withId(id)
          .ifPresentOrElse(
              policy -> found.put(id, new Found(new Version(id, "", ""), () -> policy)),
              () -> written.put(id, attachment.account()));
    }
    for (Rights.Policy row : tx.rights().policies(written.keySet())) {
      if (row.account().equals(written.get(row.id()))) {
        found.put(row.id(), new Found(Version.of(row), () -> read(row)));
      }
    }
    // A policy that is lost may have been one that denies, so it is not passed over.
    for (String id : written.keySet()) {
      if (!found.containsKey(id)) {
        throw unusable(id);
      }
    }
    return found;
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
    holders.forgetIf(held -> held.groups().contains(id));
  }

  /** Call after a policy changed. */
  public void policyChanged(String id) {
    holders.forgetIf(held -> held.policies().contains(id));
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
