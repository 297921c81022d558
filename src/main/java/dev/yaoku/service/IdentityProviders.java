package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.access.federation.KeyKeeper;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.RecordedChanges.Done;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Whose identity tokens an account takes: kept by its administrators, for its own users only. */
public final class IdentityProviders {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int PER_ACCOUNT_MAX = 10;
  private static final int ID_BYTES = 16;
  private static final String DEFAULT_ALGORITHM = "RS256";
  private static final String MAPPING_PREFIX = "mapping_";

  private final Store store;
  private final Federation federation;
  private final Identities identities;
  private final KeyKeeper keys;
  private final Directorship changes;
  private final Randomness randomness;
  private final InstantSource clock;

  /** The providers of one installation. */
  public IdentityProviders(
      Store store,
      Federation federation,
      Identities identities,
      HeldPolicies held,
      KeyKeeper keys,
      Events events,
      Randomness randomness,
      InstantSource clock) {
    this.store = store;
    this.federation = federation;
    this.identities = identities;
    this.keys = keys;
    this.changes = new Directorship(store, identities, held, events, clock);
    this.randomness = randomness;
    this.clock = clock;
  }

  /**
   * A provider as its account sees it.
   *
   * @param keysLocation URL or {@code file:NAME}; empty if the keys are given or not said
   * @param keySet the keys; empty if they are elsewhere
   * @param mapping the rules, JSON; empty for none
   */
  public record TrustedProvider(
      String id,
      String name,
      String description,
      boolean enabled,
      String issuer,
      List<String> audiences,
      List<String> algorithms,
      String keysLocation,
      String keySet,
      String mapping) {
    static TrustedProvider of(Rights.IdentityProvider row) {
      return new TrustedProvider(
          row.id(),
          row.name(),
          row.description(),
          row.enabled(),
          row.issuer(),
          row.audiences().lines().toList(),
          row.algorithms().lines().toList(),
          row.jwksLocation(),
          row.jwks(),
          row.mapping());
    }
  }

  /** All of the caller's account, by name. */
  public List<TrustedProvider> list(Caller caller) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, "*"));
    String account = caller.principal().account();
    return store.read(tx ->
        tx.rights().identityProviders(account).stream()
            .filter(row ->
                caller.mayBeListed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, row.name())))
            .map(TrustedProvider::of)
            .toList());
  }

  /**
   * One of the caller's account.
   *
   * @throws KmsException with {@link Problem.NotThere}
   */
  public TrustedProvider show(Caller caller, String name) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, name));
    return TrustedProvider.of(store.read(tx -> named(tx, caller, name)));
  }

  /**
   * The provider whose mapping goes by a name: its own, or its own after {@code mapping_}, as
   * Terraform names mappings.
   *
   * @return the name of a provider, which need not be there
   * @throws KmsException with {@link Problem.NotAllowed} if the caller may not know whether the one
   *     of the shorter name is there
   */
  public String ofMapping(Caller caller, String mapping) {
    if (!mapping.startsWith(MAPPING_PREFIX)) {
      return mapping;
    }
    String rest = mapping.substring(MAPPING_PREFIX.length());
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, rest));
    return store.read(
            tx -> find(tx, caller, mapping).isPresent() || find(tx, caller, rest).isEmpty())
        ? mapping
        : rest;
  }

  /**
   * Adds one.
   *
   * @throws KmsException with {@link Problem.Conflict}, {@link Problem.BadValue} or {@link
   *     Problem.TooMany}
   */
  public TrustedProvider create(Caller caller, String name, ProviderChange change) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, name));
    if (!NAME.matcher(name).matches()) {
      throw Names.bad("id", "id must have 1 to 64 letters, digits, hyphens and underscores.");
    }
    String account = caller.principal().account();
    Rights.IdentityProvider empty =
        new Rights.IdentityProvider(
            HexFormat.of().formatHex(randomness.bytes(ID_BYTES)),
            account,
            name,
            "",
            "",
            "",
            DEFAULT_ALGORITHM,
            "",
            "",
            "",
            true,
            Times.now(clock),
            true,
            0,
            1);
    change.mustBeInOrder(keys);
    Rights.IdentityProvider made = change.appliedTo(empty, caller);
    return change(
        caller,
        Statuses.CREATED,
        tx -> {
          List<Rights.IdentityProvider> all = tx.rights().identityProviders(account);
          if (all.stream().anyMatch(other -> areOneMapping(other.name(), name))) {
            throw new KmsException(
                new Problem.Conflict("The account has an identity provider of this name already."));
          }
          if (all.size() >= PER_ACCOUNT_MAX) {
            throw new KmsException(new Problem.TooMany("identity providers", PER_ACCOUNT_MAX));
          }
          tx.rights().insert(made);
          return made;
        });
  }

  /** A mapping of one name must not turn out to be another provider's than it was a moment ago. */
  private static boolean areOneMapping(String one, String other) {
    return one.equals(other)
        || one.equals(MAPPING_PREFIX + other)
        || other.equals(MAPPING_PREFIX + one);
  }

  /** Changes one; answered with 200. */
  public TrustedProvider update(Caller caller, String name, ProviderChange change) {
    return update(caller, name, change, Statuses.OK);
  }

  /**
   * Changes one. All tokens that were issued through it end where it is disabled, for good.
   *
   * @param status what is answered, for the record: some changes make a part that was not there
   * @throws KmsException with {@link Problem.NotThere}, {@link Problem.BadValue}, or {@link
   *     Problem.ForAdministrators} if it may vouch for administrators and the caller is none
   */
  public TrustedProvider update(Caller caller, String name, ProviderChange change, int status) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, name));
    change.mustBeInOrder(keys);
    Function<Writing, Rights.IdentityProvider> work =
        tx -> {
          Rights.IdentityProvider after = change.appliedTo(changeable(tx, caller, name), caller);
          tx.rights().update(after);
          return after;
        };
    return change.stops() ? reduce(caller, status, work) : change(caller, status, work);
  }

  /**
   * Removes one, and ends all tokens that were issued through it.
   *
   * @throws KmsException with {@link Problem.NotThere}
   */
  public void remove(Caller caller, String name) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, name));
    reduce(
        caller,
        Statuses.NO_CONTENT,
        tx -> {
          Rights.IdentityProvider row = changeable(tx, caller, name);
          tx.rights().remove(row);
          return row;
        });
  }

  /**
   * Takes the mapping rules from one, so that nobody comes in. Tokens that were issued live on.
   *
   * @param what what the caller calls it, for a refusal
   * @throws KmsException with {@link Problem.NotThere}
   */
  public void removeMapping(Caller caller, String name, String what) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, name));
    reduce(
        caller,
        Statuses.NO_CONTENT,
        tx -> {
          Rights.IdentityProvider row = changeable(tx, caller, name);
          if (row.mapping().isEmpty()) {
            throw new KmsException(new Problem.NotThere(what));
          }
          Rights.IdentityProvider after = ProviderChange.ofMapping("").appliedTo(row, caller);
          tx.rights().update(after);
          return after;
        });
  }

  private TrustedProvider change(
      Caller caller, int status, Function<Writing, Rights.IdentityProvider> work) {
    return changes.change(caller, status, tx -> done(work.apply(tx)), () -> forget(caller));
  }

  private TrustedProvider reduce(
      Caller caller, int status, Function<Writing, Rights.IdentityProvider> work) {
    return changes.reduce(caller, status, tx -> done(work.apply(tx)), () -> forget(caller));
  }

  private static Done<TrustedProvider> done(Rights.IdentityProvider row) {
    return new Done<>(TrustedProvider.of(row), "identityProvider", row.id(), row.name());
  }

  private void forget(Caller caller) {
    identities.providersChanged(caller.principal().account());
    federation.providersChanged();
  }

  /** Whoever could change or stop what administrators come in by could keep them out. */
  private static Rights.IdentityProvider changeable(Reading tx, Caller caller, String name) {
    Rights.IdentityProvider row = named(tx, caller, name);
    if (row.byAdministrators() && !caller.principal().administrator()) {
      throw new KmsException(
          new Problem.ForAdministrators(
              "change an identity provider that may vouch for administrators"));
    }
    return row;
  }

  private static Rights.IdentityProvider named(Reading tx, Caller caller, String name) {
    return find(tx, caller, name)
        .orElseThrow(() -> new KmsException(new Problem.NotThere("identity provider")));
  }

  private static Optional<Rights.IdentityProvider> find(Reading tx, Caller caller, String name) {
    return named(tx, caller.principal().account(), name);
  }

  /** The one of a name in an account. */
  static Optional<Rights.IdentityProvider> named(Reading tx, String account, String name) {
    return tx.rights().identityProviders(account).stream()
        .filter(row -> row.name().equals(name))
        .findFirst();
  }

  private static Subject subject(Caller caller, String name) {
    return Subject.inAccount("identityProvider", caller.principal().account(), name);
  }
}
