package dev.yaoku.service;

import dev.yaoku.access.ClientCertificate;
import dev.yaoku.access.Directory;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Session;
import dev.yaoku.access.SigningKey;
import dev.yaoku.access.policy.CompiledPolicies;
import dev.yaoku.crypto.RevocationLists;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.WrapDoesNotOpen;
import dev.yaoku.seal.Wrapped;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accounts, users, access keys and tokens as they are in the store, kept in memory for a while. */
public final class Identities implements Directory {
  /**
   * What kind of access key lasts until it is deleted, as its wrap binds it (section 4, wrap 7).
   */
  public static final String PERMANENT = "permanent";

  /** What kind of access key has an end and a security token. */
  public static final String TEMPORARY = "temporary";

  private static final Logger LOG = LoggerFactory.getLogger(Identities.class);
  private static final int STRANGERS_MAX = 32;

  private final Store store;
  private final Hierarchy hierarchy;
  private final LookUps<KnownKey> keys;
  private final Weight<KnownKey> narrowedKeys;

  private final StrangersKeys strangersKeys;
  private final Decoy decoy;

  /** An access key that was there lately. */
  private volatile String somebodys = Decoy.NOBODY;

  private final LookUps<KnownToken> tokens;
  private final Weight<KnownToken> narrowedTokens;
  private final LookUps<KnownProject> projects;
  private final LastUses uses;
  private final CertificateUsers certificates;
  private volatile Runnable authoritiesWatcher = () -> {};
  private final InstantSource clock;

  /**
   * How much is kept in memory.
   *
   * @param entriesMax access keys, tokens and projects, each
   * @param keptFor how long a decision counts without a look at the store
   * @param narrowingBytes how much of the heap the policies take that narrow access keys, and as
   *     much for tokens
   */
  public record Limits(int entriesMax, Duration keptFor, long narrowingBytes) {
    /** 10,000 of each, for a minute, and a sixteenth of what the heap may become. */
    public static final Limits USUAL = new Limits(10_000, Duration.ofSeconds(60));

    /** The same with another number and another time. */
    public Limits(int entriesMax, Duration keptFor) {
      this(entriesMax, keptFor, Runtime.getRuntime().maxMemory() / 16);
    }
  }

  /**
   * Identities of one store, some of whose client certificates may be revoked.
   *
   * @param revoked which
   */
  public Identities(
      Store store,
      Hierarchy hierarchy,
      InstantSource clock,
      Limits limits,
      RevocationLists revoked) {
    this.store = store;
    this.hierarchy = hierarchy;
    this.clock = clock;
    this.uses = new LastUses(store, clock);
    int max = limits.entriesMax();
    Semaphore strangers = new Semaphore(STRANGERS_MAX);
    this.narrowedKeys = new Weight<>(k -> weight(k.principal()), limits.narrowingBytes());
    this.keys = provedNames(max, limits.keptFor(), new FarewellToKeys(), narrowedKeys);
    this.strangersKeys = new StrangersKeys(max, strangers, clock);
    this.decoy = new Decoy(hierarchy);
    this.narrowedTokens = new Weight<>(t -> weight(t.principal()), limits.narrowingBytes());
    this.tokens =
        new LookUps<>(
            max,
            limits.keptFor(),
            strangers,
            clock,
            store::view,
            t -> Acquaintance.forget(t.standing()),
            narrowedTokens);
    this.certificates = new CertificateUsers(store, clock, revoked, max, strangers);
    this.projects = provedNames(max, limits.keptFor(), _ -> {}, Weight.none());
  }

  /** Secrets are closed when nobody is given them any more. */
  private static final class FarewellToKeys implements LookUps.Farewell<KnownKey> {
    @Override
    public void doubt(KnownKey known) {
      Acquaintance.forget(known.standing());
    }

    @Override
    public void leave(KnownKey known) {
      doubt(known);
      known.key().close();
    }
  }

  /** What only proved callers ask for: strangers must not keep them waiting. */
  private <V> LookUps<V> provedNames(
      int max, Duration keptFor, LookUps.Farewell<? super V> farewell, Weight<V> weight) {
    Semaphore strangers = new Semaphore(STRANGERS_MAX);
    return new LookUps<>(max, keptFor, strangers, clock, store::view, farewell, weight);
  }

  private static long weight(Principal who) {
    CompiledPolicies narrowing = who.session().narrowing();
    return narrowing == null ? 0 : narrowing.weightWithParts();
  }

  /** How much of the heap the policies take that narrow what is kept, in bytes, about. */
  long narrowingBytes() {
    return narrowedKeys.bytes() + narrowedTokens.bytes();
  }

  @Override
  public Optional<KnownKey> accessKey(String id) {
    return keys.find(
        id,
        name -> {
          Validity validity = new Validity(store);
          return store.read(tx -> loadKey(tx, name, validity));
        });
  }

  @Override
  public Optional<KnownKey> keptAccessKey(String id) {
    return keys.kept(id).map(LookUps.Found::value);
  }

  @Override
  public Optional<StrangersKey> secretForStranger(String id) {
    return Optional.of(strangersKeys.find(id, name -> store.read(tx -> loadSecret(tx, name))));
  }

  @Override
  public Optional<KnownToken> token(String sha256) {
    return tokens.find(
        sha256,
        name -> {
          Validity validity = new Validity(store);
          return store.read(tx -> loadToken(tx, name, validity));
        });
  }

  @Override
  public Optional<KnownProject> project(String id) {
    return projects.find(id, name -> store.read(tx -> tx.project(name).map(Identities::known)));
  }

  @Override
  public List<KnownCertificate> certificate(ClientCertificate certificate) {
    return certificates.of(certificate);
  }

  /** Says who is to look anew whether clients are asked for certificates. */
  public void watchAuthorities(Runnable watcher) {
    authoritiesWatcher = watcher;
  }

  /**
   * Tells, once, of authorities of client certificates that let in nobody, or not those whom they
   * name; and of lists of revoked certificates that keep nobody out. May block.
   */
  public void lookAtCertificates() {
    certificates.lookAtAuthorities();
    certificates.lookAtLists();
  }

  /** Whether any account takes client certificates. */
  public boolean trustsAuthorities() {
    return store.read(tx -> tx.rights().clientCas().stream().anyMatch(Rights.ClientCa::enabled));
  }

  @Override
  public void used(String accessKey) {
    uses.noted(accessKey);
  }

  /** When access keys were last used. */
  public LastUses uses() {
    return uses;
  }

  /**
   * What stands for the id of an account of a name that none has. Where rights are asked for, those
   * who have no business with it must not find out by the answer whether there is one.
   */
  String absentAccount(String name) {
    return hierarchy.absentAccount(name);
  }

  private Optional<KnownKey> loadKey(Reading tx, String id, Validity validity) {
    Acquaintance known = Acquaintance.of(id, validity);
    Optional<Rows.AccessKey> lasting = tx.accessKey(id);
    return lasting.isPresent()
        ? lasting.filter(Rows.AccessKey::enabled).flatMap(row -> loadLasting(tx, row, known))
        : tx.rights().temporaryKey(id).flatMap(row -> loadTemporary(tx, row, known));
  }

  private Optional<KnownKey> loadLasting(Reading tx, Rows.AccessKey row, Acquaintance known) {
    somebodys = row.id();
    return principal(tx, row.account(), row.user(), row.id(), false, null)
        .map(who -> new KnownKey(who, open(row), null, Instant.MAX, known));
  }

  private Optional<KnownKey> loadTemporary(
      Reading tx, Rights.TemporaryKey row, Acquaintance known) {
    return Lineages.principal(tx, row, clock.instant())
        .map(who ->
            new KnownKey(
                who,
                open(row),
                row.securityToken(),
                Lineages.end(tx, row.agency(), row.expiresAt()),
                known));
  }

  /** As many questions, one row found, and one secret opened, whatever there is. */
  private StrangersKey loadSecret(Reading tx, String id) {
    Optional<SigningKey> lasting = tx.accessKey(id).map(this::open);
    Optional<SigningKey> temporary = tx.rights().temporaryKey(id).map(this::open);
    Optional<SigningKey> secret = lasting.or(() -> temporary);
    readInVain(tx, secret.isPresent() ? Decoy.NOBODY : somebodys);
    return secret
        .map(opened -> new StrangersKey(opened, true))
        .orElseGet(() -> new StrangersKey(decoy.open(), false));
  }

  private static void readInVain(Reading tx, String accessKey) {
    try {
      var _ = tx.accessKey(accessKey);
    } catch (KmsException notGenuine) {
      LOG.debug("An access key that nobody asked for is not genuine.", notGenuine);
    }
  }

  private SigningKey open(Rows.AccessKey row) {
    Wrapped secret = new Wrapped(row.systemKeyVersion(), row.secret());
    return open("access_key", row.account(), row.user(), row.id(), PERMANENT, secret);
  }

  private SigningKey open(Rights.TemporaryKey row) {
    Wrapped secret = new Wrapped(row.systemKeyVersion(), row.secret());
    return open("temporary_key", row.account(), row.user(), row.id(), TEMPORARY, secret);
  }

  private SigningKey open(
      String table, String account, String user, String id, String kind, Wrapped secret) {
    try {
      return SigningKey.of(hierarchy.unwrapSecretAccessKey(account, user, id, kind, secret));
    } catch (WrapDoesNotOpen e) {
      LOG.error("The secret of access key {} does not open and is not used.", id, e);
      throw new KmsException(new Problem.RowNotGenuine(table, id));
    }
  }

  private Optional<KnownToken> loadToken(Reading tx, String sha256, Validity validity) {
    return tx.token(sha256)
        .flatMap(row ->
            Lineages.principal(tx, row, clock.instant())
                .map(who ->
                    new KnownToken(
                        who,
                        Lineages.end(tx, row.lineage().agency(), row.expiresAt()),
                        sha256,
                        row.parent(),
                        Acquaintance.of(sha256, validity))));
  }

  /** Who this is, if user and account are there, belong together and are enabled. */
  static Optional<Principal> principal(
      Reading tx,
      String account,
      String user,
      String credential,
      boolean byToken,
      @Nullable String tokenProject) {
    Optional<Rows.User> found = tx.user(user);
    return tx.account(account)
        .filter(Rows.Account::enabled)
        .flatMap(a ->
            found
                .filter(u -> u.enabled() && u.account().equals(a.id()))
                .map(u ->
                    new Principal(
                        oneObject(a.id()),
                        oneObject(a.name()),
                        u.id(),
                        u.name(),
                        u.administrator(),
                        credential,
                        byToken,
                        tokenProject)));
  }

  /** Of which there are few, each compared or written for every request of thousands of users. */
  private static String oneObject(String ofAccount) {
    return ofAccount.intern();
  }

  static KnownProject known(Rows.Project row) {
    return new KnownProject(
        row.id(), oneObject(row.account()), row.name(), row.region(), row.enabled());
  }

  // What changes must say

  /** Call after a change to this access key was committed. */
  public void accessKeyChanged(String id) {
    forgetKey(id);
  }

  /** Call after a temporary access key was issued, if its name was asked for before. */
  public void temporaryKeyIssued(String id) {
    forgetKey(id);
  }

  /** Call after this token was issued. */
  public void tokenIssued(String sha256) {
    tokens.forget(sha256);
  }

  /**
   * Call after this token of somebody was revoked. What may be derived from it is forgotten too.
   */
  public void tokenChanged(String sha256, String person) {
    Predicate<Principal> derived = who -> who.session().isLesser() && who.person().equals(person);
    tokens.forget(sha256);
    tokens.forgetIf(t -> derived.test(t.principal()));
    keys.forgetIf(k -> derived.test(k.principal()));
  }

  /** Call after a change to names in certificates of an account's authorities. */
  void certificateNamesChanged(String account) {
    certificates.namesChanged(account);
  }

  /**
   * Call after a change to an authority of client certificates.
   *
   * @param name the authority's own, in its certificate
   */
  void authorityChanged(String account, X500Principal name) {
    certificates.authorityChanged(account, name);
    authoritiesWatcher.run();
  }

  /** Call after any change to authorities of client certificates, or to names in certificates. */
  public void certificatesChanged() {
    certificates.everythingChanged();
    authoritiesWatcher.run();
  }

  /** Call after a change to an identity provider of this account was committed. */
  public void providersChanged(String account) {
    tokens.forgetIf(t ->
        isOf(t.principal(), account)
            && (Lineages.isOfProvider(t.parent()) || t.principal().session().isLesser()));
    keys.forgetIf(k -> isOf(k.principal(), account) && k.principal().session().isLesser());
  }

  /** Call after a change to this user was committed, also to what it has. */
  public void userChanged(String id) {
    usersChanged(Set.of(id));
  }

  /** The same for any number of users. */
  void usersChanged(Set<String> ids) {
    certificates.usersChanged(ids);
    keys.forgetIf(k -> ids.contains(k.principal().person()));
    tokens.forgetIf(t -> ids.contains(t.principal().person()));
  }

  /** Call after a change to this agency was committed. */
  public void agencyChanged(String id) {
    keys.forgetIf(k -> k.principal().user().equals(id));
    tokens.forgetIf(t -> t.principal().user().equals(id));
  }

  /** Call after a change to this account was committed. */
  public void accountChanged(String id) {
    certificates.accountChanged(id);
    keys.forgetIf(k -> isOf(k.principal(), id));
    tokens.forgetIf(t -> isOf(t.principal(), id));
  }

  private void forgetKey(String id) {
    keys.forget(id);
    strangersKeys.forget(id);
  }

  private static boolean isOf(Principal who, String account) {
    Session.Role role = who.session().role();
    return who.account().equals(account) || (role != null && role.userAccount().equals(account));
  }

  /** Call after a change to this project was committed. */
  public void projectChanged(String id) {
    projects.forget(id);
  }

  /** Forgets everything, when another node may have changed anything. */
  public void everythingChanged() {
    certificates.everythingChanged();
    keys.forgetIf(_ -> true);
    tokens.forgetIf(_ -> true);
    projects.forgetIf(_ -> true);
  }

  /** To be called every minute or so: what nobody asks for any more leaves the memory. */
  public void sweep() {
    certificates.sweep();
    keys.sweep();
    strangersKeys.sweep();
    tokens.sweep();
    projects.sweep();
  }
}
