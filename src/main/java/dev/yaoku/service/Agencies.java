package dev.yaoku.service;

import static dev.yaoku.service.Directorship.own;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.RecordedChanges.Done;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Roles of an account that members of another may play. */
public final class Agencies {
  private static final String KIND = "agency";
  private static final int AGENCIES_MAX = 50;

  private final Directorship directorship;
  private final NewIds ids;

  Agencies(Directorship directorship, Randomness randomness) {
    this.directorship = directorship;
    this.ids = new NewIds(randomness);
  }

  /**
   * Whom an agency trusts.
   *
   * @param id of an account, or null
   * @param name of an account, or null
   */
  public record Trusted(@Nullable String id, @Nullable String name) {}

  /**
   * An agency as it is shown.
   *
   * @param trustedName the name of the account that it trusts
   * @param life from its making; zero for no end
   */
  public record Shown(
      String id,
      String account,
      String name,
      String trustedAccount,
      String trustedName,
      String description,
      Duration life,
      Instant createdAt) {
    static Shown of(Rights.Agency row, String trustedName) {
      return new Shown(
          row.id(),
          row.account(),
          row.name(),
          row.trustedAccount(),
          trustedName,
          row.description(),
          Duration.ofSeconds(row.durationSeconds()),
          row.createdAt());
    }
  }

  /** All agencies of the caller's account, by name. */
  public List<Shown> list(Caller caller) {
    caller.mustBeAllowed(Action.LIST_AGENCIES, subject(caller, "*"));
    return directorship
        .store()
        .read(tx -> {
          Map<String, String> names = new TreeMap<>();
          return tx.rights().agencies(caller.principal().account()).stream()
              .map(agency ->
                  Shown.of(
                      agency,
                      names.computeIfAbsent(
                          agency.trustedAccount(), id -> shown(tx, agency).trustedName())))
              .toList();
        });
  }

  /** One agency. */
  public Shown show(Caller caller, String id) {
    return directorship
        .store()
        .read(tx -> shown(tx, permitted(tx, caller, id, Action.SHOW_AGENCY)));
  }

  private static Shown shown(Reading tx, Rights.Agency agency) {
    return Shown.of(agency, tx.account(agency.trustedAccount()).map(Rows.Account::name).orElse(""));
  }

  /**
   * Makes an agency, which may do nothing yet.
   *
   * @param life from now; zero for no end
   * @throws KmsException with {@link Problem.NotThere} if there is no account to trust, {@link
   *     Problem.Conflict} if the account has an agency of that name
   */
  public Shown create(
      Caller caller, String name, String description, Trusted trusted, Duration life) {
    String account = caller.principal().account();
    caller.mustBeAllowed(Action.CREATE_AGENCY, subject(caller, name));
    Names.other("agency.name", name);
    Names.description("agency.description", description);
    return directorship.change(
        caller,
        Statuses.CREATED,
        tx -> {
          mustBeFree(tx, account, name);
          if (tx.rights().agencies(account).size() >= AGENCIES_MAX) {
            throw new KmsException(new Problem.TooMany("agencies", AGENCIES_MAX));
          }
          Rights.Agency agency =
              new Rights.Agency(
                  ids.id(),
                  account,
                  name,
                  accountOf(tx, trusted).id(),
                  description,
                  life.toSeconds(),
                  directorship.now(),
                  1);
          tx.rights().insert(agency);
          return new Done<>(shown(tx, agency), KIND, agency.id(), name);
        });
  }

  private static void mustBeFree(Reading tx, String account, String name) {
    if (tx.rights().agencyNamed(account, name).isPresent()) {
      throw new KmsException(new Problem.Conflict("The account has an agency of this name."));
    }
  }

  /** The name counts where both are said, as in the IAM API's CreateAgency. */
  private static Rows.Account accountOf(Reading tx, Trusted trusted) {
    Optional<Rows.Account> found =
        trusted.name() != null
            ? tx.accountNamed(trusted.name())
            : Optional.ofNullable(trusted.id()).flatMap(tx::account);
    return found.orElseThrow(() -> new KmsException(new Problem.NotThere("trusted account")));
  }

  /**
   * Changes an agency; null for what stays. When it trusts another account, those who play it stop.
   *
   * @param life how long from its creation, zero for no end
   */
  public Shown update(
      Caller caller,
      String id,
      @Nullable String description,
      @Nullable Trusted trusted,
      @Nullable Duration life) {
    return directorship.change(
        caller,
        Statuses.OK,
        tx -> {
          Rights.Agency before = permitted(tx, caller, id, Action.UPDATE_AGENCY);
          Rights.Agency after =
              new Rights.Agency(
                  id,
                  before.account(),
                  before.name(),
                  trusted == null ? before.trustedAccount() : accountOf(tx, trusted).id(),
                  description == null
                      ? before.description()
                      : Names.description("agency.description", description),
                  life == null ? before.durationSeconds() : life.toSeconds(),
                  before.createdAt(),
                  before.rowVersion());
          tx.rights().update(after);
          if (!after.trustedAccount().equals(before.trustedAccount())) {
            tx.rights().endSessionsOf(id);
          }
          return new Done<>(shown(tx, after), KIND, id, after.name());
        },
        () -> directorship.identities().agencyChanged(id));
  }

  /** Removes an agency; those who play it stop at once. */
  public void delete(Caller caller, String id) {
    directorship.reduce(
        caller,
        Statuses.NO_CONTENT,
        tx -> {
          Rights.Agency agency = permitted(tx, caller, id, Action.DELETE_AGENCY);
          tx.rights().remove(agency);
          return new Done<>(agency, KIND, id, agency.name());
        },
        () -> {
          directorship.identities().agencyChanged(id);
          directorship.held().holderChanged(id);
        });
  }

  private static Rights.Agency permitted(Reading tx, Caller caller, String id, Action action) {
    caller.audit().names(KIND, id);
    caller.mustConceive(action);
    Rights.Agency agency = own(caller, tx.rights().agency(id), Rights.Agency::account, KIND);
    caller.mustBeAllowed(action, subject(caller, agency.name()));
    return agency;
  }

  private static Subject subject(Caller caller, String name) {
    return Subject.inAccount(KIND, caller.principal().account(), name);
  }
}
