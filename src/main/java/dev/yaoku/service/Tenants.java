package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.audit.Rating;
import dev.yaoku.audit.Resource;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.service.RecordedChanges.Done;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.RightsReading;
import dev.yaoku.store.RowChange;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The accounts of an installation, kept by its operators. What is in an account they do not see:
 * whoever makes one hands its first access key on, and its administrator can make others.
 */
public final class Tenants {
  private static final String KIND = "account";
  private static final String ADMINISTRATOR = "admin";
  private static final int ACCOUNTS_MAX = 1_000;

  /** Scopes of tokens name an account by id or by name. */
  private static final Pattern LIKE_AN_ID = Pattern.compile("[0-9a-fA-F]{32}");

  private final Directorship directorship;
  private final Operators operators;
  private final Hierarchy hierarchy;
  private final Logins logins;
  private final Events events;
  private final Randomness randomness;
  private final List<String> regions;

  /**
   * The accounts of one installation.
   *
   * @param logins in whose queue passwords are worked on
   * @param regions what is served, this server's own region first
   */
  Tenants(
      Directorship directorship,
      Hierarchy hierarchy,
      Logins logins,
      Events events,
      Randomness randomness,
      List<String> regions) {
    this.directorship = directorship;
    this.operators = new Operators(directorship.store());
    this.hierarchy = hierarchy;
    this.logins = logins;
    this.events = events;
    this.randomness = randomness;
    this.regions = regions;
  }

  /**
   * An account as operators see it.
   *
   * @param enabled whether its people are let in
   */
  public record Tenant(String id, String name, boolean enabled, Instant createdAt) {
    static Tenant of(Rows.Account row) {
      return new Tenant(row.id(), row.name(), row.enabled(), row.createdAt());
    }
  }

  /**
   * An account that was just made.
   *
   * @param founding its first project and administrator with their secrets, the caller's to close;
   *     nobody can find these out again
   */
  public record Opened(Tenant tenant, Founding founding) implements AutoCloseable {
    @Override
    public void close() {
      founding.close();
    }
  }

  /** All accounts, by name. */
  public List<Tenant> list(Caller caller) {
    operators.mustBeOne(caller, Action.LIST_ACCOUNTS);
    return directorship
        .store()
        .read(tx ->
            tx.accounts().stream()
                .sorted(Comparator.comparing(Rows.Account::name))
                .map(Tenant::of)
                .toList());
  }

  /**
   * Makes an account with a project in every region and an administrator.
   *
   * @throws KmsException with {@link Problem.NotAllowed}, {@link Problem.BadValue}, {@link
   *     Problem.Conflict} if there is one of this name, or {@link Problem.TooMany}
   */
  public Opened create(Caller caller, String name) {
    operators.mustBeOne(caller, Action.CREATE_ACCOUNT);
    Names.other("account.name", name);
    if (LIKE_AN_ID.matcher(name).matches()) {
      throw Names.bad("account.name", "account.name must not look like the id of an account.");
    }
    NewIds ids = new NewIds(randomness);
    Founding founding = founding(name, ids);
    try {
      return new Opened(create(caller, founding, ids), founding);
    } catch (RuntimeException e) {
      founding.close();
      throw e;
    }
  }

  private Founding founding(String name, NewIds ids) {
    return new Founding(
        ids.id(),
        name,
        ids.id(),
        regions.getFirst(),
        ids.id(),
        ADMINISTRATOR,
        ids.secretAccessKey(),
        ids.accessKey(),
        ids.secretAccessKey());
  }

  private Tenant create(Caller caller, Founding founding, NewIds ids) {
    Instant now = directorship.now();
    NewAccount made = logins.inTurn(() -> NewAccount.of(founding, hierarchy, randomness, now));
    List<NewProject> others = otherProjects(founding.accountId(), ids, now);
    return directorship.change(
        caller,
        Statuses.CREATED,
        tx -> {
          mustBeFree(tx.accounts(), founding.accountName());
          made.insert(tx);
          others.forEach(project -> project.insert(tx));
          tellAccount(tx, caller, Action.CREATE_ACCOUNT, founding.accountId(), "made", List.of());
          return done(made.account());
        },
        () -> {
          directorship.identities().accessKeyChanged(founding.accessKey());
          directorship.identities().projectChanged(founding.projectId());
        });
  }

  private List<NewProject> otherProjects(String account, NewIds ids, Instant now) {
    List<NewProject> others = new ArrayList<>();
    for (String region : regions.subList(1, regions.size())) {
      others.add(NewProject.ofRegion(hierarchy, ids.id(), account, region, now));
    }
    return others;
  }

  private static void mustBeFree(List<Rows.Account> accounts, String name) {
    if (accounts.stream().anyMatch(account -> account.name().equals(name))) {
      throw new KmsException(new Problem.Conflict("There is an account of this name."));
    }
    if (accounts.size() >= ACCOUNTS_MAX) {
      throw new KmsException(new Problem.TooMany("accounts", ACCOUNTS_MAX));
    }
  }

  /**
   * Keeps the people of an account out with all their sessions, which do not come back. Its keys
   * stay, and whom they were granted to in other accounts goes on using them.
   *
   * @throws KmsException with {@link Problem.NotAllowed}, {@link Problem.NotThere}, or {@link
   *     Problem.Conflict} for the account of the operators themselves
   */
  public Tenant disable(Caller caller, String id) {
    operators.mustBeOne(caller, Action.UPDATE_ACCOUNT);
    if (operators.operates(id)) {
      throw new KmsException(
          new Problem.Conflict(
              "The account of those who run the installation cannot be disabled: nobody could"
                  + " enable it again."));
    }
    return directorship.reduce(
        caller,
        Statuses.OK,
        tx -> change(tx, caller, account(tx, id), false),
        directorship::everythingChanged);
  }

  /**
   * Lets the people of an account in.
   *
   * @throws KmsException with {@link Problem.NotAllowed}, {@link Problem.NotThere}, or {@link
   *     Problem.Conflict} if others change it at the same time
   */
  public Tenant enable(Caller caller, String id) {
    operators.mustBeOne(caller, Action.UPDATE_ACCOUNT);
    Rows.Account seen = directorship.store().read(tx -> account(tx, id));
    if (!seen.enabled()) {
      try {
        endSessions(caller, id);
      } finally { // others may have enabled it meanwhile, so that sessions are in memory
        directorship.identities().accountChanged(id);
      }
    }
    return directorship.change(
        caller,
        Statuses.OK,
        tx -> change(tx, caller, asSeenOrEnabled(account(tx, id), seen), true),
        directorship::everythingChanged);
  }

  /**
   * Sessions were ended of the account as it was seen. If it was disabled since then, also if it
   * had been enabled in between, others must not be undone, nor may their sessions come back.
   */
  private static Rows.Account asSeenOrEnabled(Rows.Account now, Rows.Account seen) {
    if (!now.enabled() && now.rowVersion() != seen.rowVersion()) {
      throw new KmsException(
          new Problem.Conflict("The account was changed meanwhile. Look, and try again."));
    }
    return now;
  }

  private static Rows.Account account(Reading tx, String id) {
    return tx.account(id).orElseThrow(() -> new KmsException(new Problem.NotThere(KIND)));
  }

  private Done<Tenant> change(Writing tx, Caller caller, Rows.Account before, boolean enabled) {
    Rows.Account after =
        new Rows.Account(
            before.id(), before.name(), enabled, before.createdAt(), before.rowVersion());
    tx.rights().update(after);
    String what = enabled ? "enabled" : "disabled";
    tellAccount(tx, caller, Action.UPDATE_ACCOUNT, after.id(), what, List.of());
    return done(after);
  }

  /**
   * So that nothing that was issued before comes back with the account. None of it counts, and no
   * more is issued, while the account is disabled (Lineages), so that this is done when it is
   * enabled again: of one person after the other, as others' changes have their turn in between.
   */
  private void endSessions(Caller caller, String account) {
    for (String user : directorship.store().read(tx -> withSessions(tx, account))) {
      endSessions(caller, account, user);
    }
    List<Rights.Agency> agencies = directorship.store().read(tx -> tx.rights().agencies(account));
    for (Rights.Agency agency : agencies) {
      endSessions(caller, account, agency.id());
    }
  }

  private static List<String> withSessions(Reading tx, String account) {
    RightsReading rights = tx.rights();
    return rights.users(account).stream()
        .map(Rows.User::id)
        .filter(id -> rights.tokenCount(id) > 0 || rights.temporaryKeyCount(id) > 0)
        .toList();
  }

  private void endSessions(Caller caller, String account, String whose) {
    var _ =
        directorship.inPart(
            caller,
            tx -> {
              boolean ended = tx.rights().endSessionsOf(whose);
              if (ended) {
                String what = "sessions of " + whose + " ended";
                tellAccount(tx, caller, Action.UPDATE_ACCOUNT, account, what, tx.changes());
              }
              return ended;
            });
  }

  /** What operators do to an account is in its own log, too. */
  private void tellAccount(
      Writing tx,
      Caller caller,
      Action action,
      String account,
      String whatWasDone,
      List<RowChange> changes) {
    Principal who = caller.principal();
    tx.append(
        events.ofServer(
            account,
            action.traceName(),
            new Resource(KIND, account),
            Rating.NORMAL,
            whatWasDone + " by user " + who.user() + " of account " + who.account(),
            changes));
  }

  private static Done<Tenant> done(Rows.Account row) {
    return new Done<>(Tenant.of(row), KIND, row.id(), row.name());
  }
}
