package dev.yaoku.service;

import dev.yaoku.access.Directory;
import dev.yaoku.access.Principal;
import dev.yaoku.access.SigningKey;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.WrapDoesNotOpen;
import dev.yaoku.seal.Wrapped;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accounts, users, access keys and tokens as they are in the store, kept in memory for a while. */
public final class Identities implements Directory {
  /**
   * What kind of access key lasts until it is deleted, as its wrap binds it (section 4, wrap 7).
   */
  public static final String PERMANENT = "permanent";

  private static final Logger LOG = LoggerFactory.getLogger(Identities.class);
  private static final int STRANGERS_MAX = 32;
  private static final int CREDENTIAL_DIGITS = 8;

  private final Store store;
  private final Hierarchy hierarchy;
  private final LookUps<KnownKey> keys;
  private final LookUps<KnownToken> tokens;
  private final LookUps<KnownProject> projects;

  /**
   * How much is kept in memory.
   *
   * @param entriesMax access keys, tokens and projects, each
   * @param keptFor how long a decision counts without a look at the store
   */
  public record Limits(int entriesMax, Duration keptFor) {
    /** 10,000 of each, for a minute. */
    public static final Limits USUAL = new Limits(10_000, Duration.ofSeconds(60));
  }

  /** Identities of one store. */
  public Identities(Store store, Hierarchy hierarchy, InstantSource clock, Limits limits) {
    this.store = store;
    this.hierarchy = hierarchy;
    int max = limits.entriesMax();
    Semaphore strangers = new Semaphore(STRANGERS_MAX);
    this.keys = new LookUps<>(max, limits.keptFor(), strangers, clock, k -> k.key().close());
    this.tokens = new LookUps<>(max, limits.keptFor(), strangers, clock, _ -> {});
    // Only proved callers ask for projects; strangers must not keep them waiting.
    this.projects =
        new LookUps<>(max, limits.keptFor(), new Semaphore(STRANGERS_MAX), clock, _ -> {});
  }

  @Override
  public Optional<KnownKey> accessKey(String id) {
    return keys.find(id, name -> store.read(tx -> loadKey(tx, name)));
  }

  @Override
  public Optional<KnownToken> token(String sha256) {
    return tokens.find(sha256, name -> store.read(tx -> loadToken(tx, name)));
  }

  @Override
  public Optional<KnownProject> project(String id) {
    return projects.find(id, name -> store.read(tx -> tx.project(name).map(Identities::known)));
  }

  private Optional<KnownKey> loadKey(Reading tx, String id) {
    return tx.accessKey(id)
        .filter(Rows.AccessKey::enabled)
        .flatMap(row ->
            principal(tx, row.account(), row.user(), id, false, null)
                .map(who -> new KnownKey(who, open(row), null)));
  }

  private SigningKey open(Rows.AccessKey row) {
    try {
      return SigningKey.of(
          hierarchy.unwrapSecretAccessKey(
              row.account(),
              row.user(),
              row.id(),
              PERMANENT,
              new Wrapped(row.systemKeyVersion(), row.secret())));
    } catch (WrapDoesNotOpen e) {
      LOG.error("The secret of access key {} does not open and is not used.", row.id(), e);
      throw new KmsException(new Problem.RowNotGenuine("access_key", row.id()));
    }
  }

  private static Optional<KnownToken> loadToken(Reading tx, String sha256) {
    return tx.token(sha256)
        .filter(row -> hasLivingParent(tx, row))
        .flatMap(row -> {
          String name = sha256.substring(0, CREDENTIAL_DIGITS);
          return principal(tx, row.account(), row.user(), name, true, row.project())
              .map(who -> new KnownToken(who, row.expiresAt(), sha256, row.parent()));
        });
  }

  /** A derived token dies with the one it was derived from (SECURITY_DESIGN H11). */
  static boolean hasLivingParent(Reading tx, Rows.Token row) {
    return row.parent() == null || tx.token(row.parent()).isPresent();
  }

  /** Who this is, if user and account are there, belong together and are enabled. */
  static Optional<Principal> principal(
      Reading tx,
      String account,
      String user,
      String credential,
      boolean byToken,
      @Nullable String tokenProject) {
    return tx.account(account)
        .filter(Rows.Account::enabled)
        .flatMap(a ->
            tx.user(user)
                .filter(u -> u.enabled() && u.account().equals(a.id()))
                .map(u ->
                    new Principal(
                        a.id(),
                        a.name(),
                        u.id(),
                        u.name(),
                        u.administrator(),
                        credential,
                        byToken,
                        tokenProject)));
  }

  static KnownProject known(Rows.Project row) {
    return new KnownProject(row.id(), row.account(), row.name(), row.region(), row.enabled());
  }

  // What changes must say

  /** Call after a change to this access key was committed. */
  public void accessKeyChanged(String id) {
    keys.forget(id);
  }

  /** Call after this token was issued or revoked. Tokens derived from it are forgotten too. */
  public void tokenChanged(String sha256) {
    tokens.forget(sha256);
    tokens.forgetIf(t -> sha256.equals(t.parent()));
  }

  /** Call after a change to this user was committed. */
  public void userChanged(String id) {
    keys.forgetIf(k -> k.principal().user().equals(id));
    tokens.forgetIf(t -> t.principal().user().equals(id));
  }

  /** Call after a change to this account was committed. */
  public void accountChanged(String id) {
    keys.forgetIf(k -> k.principal().account().equals(id));
    tokens.forgetIf(t -> t.principal().account().equals(id));
  }

  /** Call after a change to this project was committed. */
  public void projectChanged(String id) {
    projects.forget(id);
  }

  /** Forgets everything, when another node may have changed anything. */
  public void everythingChanged() {
    keys.forgetIf(_ -> true);
    tokens.forgetIf(_ -> true);
    projects.forgetIf(_ -> true);
  }

  /** To be called every minute or so: what nobody asks for any more leaves the memory. */
  public void sweep() {
    keys.sweep();
    tokens.sweep();
    projects.sweep();
  }
}
