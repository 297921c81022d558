package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.access.federation.KeyKeeper;
import dev.yaoku.access.federation.KeySet;
import dev.yaoku.access.federation.KeySource;
import dev.yaoku.access.federation.MappingReader;
import dev.yaoku.access.federation.TokenAlgorithm;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whose identity tokens an account takes: kept by its administrators, for its own users only. */
public final class IdentityProviders {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int PER_ACCOUNT_MAX = 10;
  private static final int TEXT_MAX = 255;
  private static final int AUDIENCES_MAX = 10;
  private static final int ID_BYTES = 16;
  private static final String DEFAULT_ALGORITHM = "RS256";
  private static final String MAPPING_PREFIX = "mapping_";

  private final Store store;
  private final Federation federation;
  private final Identities identities;
  private final KeyKeeper keys;
  private final Events events;
  private final Randomness randomness;
  private final InstantSource clock;

  /** The providers of one installation. */
  public IdentityProviders(
      Store store,
      Federation federation,
      Identities identities,
      KeyKeeper keys,
      Events events,
      Randomness randomness,
      InstantSource clock) {
    this.store = store;
    this.federation = federation;
    this.identities = identities;
    this.keys = keys;
    this.events = events;
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

  /** What is to be different; null for what stays. */
  public record Change(
      @Nullable String description,
      @Nullable Boolean enabled,
      @Nullable String issuer,
      @Nullable List<String> audiences,
      @Nullable List<String> algorithms,
      @Nullable String keysLocation,
      @Nullable String keySet,
      @Nullable String mapping) {
    /** Only the mapping rules. */
    public static Change ofMapping(String rules) {
      return new Change(null, null, null, null, null, null, null, rules);
    }

    /** Only what people see and whether it counts. */
    public static Change of(@Nullable String description, @Nullable Boolean enabled) {
      return new Change(description, enabled, null, null, null, null, null, null);
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
   * @throws KmsException with {@link Problem.IdentityNotFound}
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
   * @throws KmsException with {@link Problem.IdentityExists}, {@link Problem.BadValue} or {@link
   *     Problem.IdentityQuotaReached}
   */
  public TrustedProvider create(Caller caller, String name, Change change) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, name));
    if (!NAME.matcher(name).matches()) {
      throw bad("id", "must have 1 to 64 letters, digits, hyphens and underscores");
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
            clock.instant().truncatedTo(ChronoUnit.MILLIS),
            true,
            0,
            1);
    Rights.IdentityProvider made = changed(caller, empty, change);
    return write(
        caller,
        201,
        tx -> {
          List<Rights.IdentityProvider> all = tx.rights().identityProviders(account);
          if (all.stream().anyMatch(other -> areOneMapping(other.name(), name))) {
            throw new KmsException(new Problem.IdentityExists("identity provider"));
          }
          if (all.size() >= PER_ACCOUNT_MAX) {
            throw new KmsException(
                new Problem.IdentityQuotaReached("identity providers", PER_ACCOUNT_MAX));
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

  /** Changes one that is answered with 200. */
  public TrustedProvider update(Caller caller, String name, Change change) {
    return update(caller, name, change, 200);
  }

  /**
   * Changes one. All tokens that were issued through it end where it is disabled, for good. If the
   * caller is no administrator, it vouches for no administrator from then on.
   *
   * @param status what is answered, for the record: some changes make a part that was not there
   * @throws KmsException with {@link Problem.IdentityNotFound} or {@link Problem.BadValue}
   */
  public TrustedProvider update(Caller caller, String name, Change change, int status) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, name));
    return write(
        caller,
        status,
        tx -> {
          Rights.IdentityProvider after = changed(caller, named(tx, caller, name), change);
          tx.rights().update(after);
          return after;
        });
  }

  /**
   * Removes one, and ends all tokens that were issued through it.
   *
   * @throws KmsException with {@link Problem.IdentityNotFound}
   */
  public void remove(Caller caller, String name) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, name));
    write(
        caller,
        204,
        tx -> {
          Rights.IdentityProvider row = named(tx, caller, name);
          tx.rights().remove(row);
          return row;
        });
  }

  /**
   * Takes the mapping rules from one, so that nobody comes in. Tokens that were issued live on.
   *
   * @param what what the caller calls it, for a refusal
   * @throws KmsException with {@link Problem.IdentityNotFound}
   */
  public void removeMapping(Caller caller, String name, String what) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, name));
    write(
        caller,
        204,
        tx -> {
          Rights.IdentityProvider row = named(tx, caller, name);
          if (row.mapping().isEmpty()) {
            throw new KmsException(new Problem.IdentityNotFound(what));
          }
          Rights.IdentityProvider after = changed(caller, row, Change.ofMapping(""));
          tx.rights().update(after);
          return after;
        });
  }

  private TrustedProvider write(
      Caller caller, int status, Function<Writing, Rights.IdentityProvider> work) {
    Rights.IdentityProvider written =
        Forgetting.after(
            caller,
            () ->
                store.write(tx -> {
                  Replays.refuse(tx, caller);
                  Rights.IdentityProvider row = work.apply(tx);
                  tx.append(
                      events.of(
                          caller,
                          "identityProvider",
                          row.id(),
                          row.name(),
                          status,
                          "",
                          tx.changes()));
                  return row;
                }),
            () -> {
              identities.providersChanged(caller.principal().account());
              federation.providersChanged();
            });
    return TrustedProvider.of(written);
  }

  private static Rights.IdentityProvider named(Reading tx, Caller caller, String name) {
    return find(tx, caller, name)
        .orElseThrow(() -> new KmsException(new Problem.IdentityNotFound("identity provider")));
  }

  private static Optional<Rights.IdentityProvider> find(Reading tx, Caller caller, String name) {
    return tx.rights().identityProviders(caller.principal().account()).stream()
        .filter(row -> row.name().equals(name))
        .findFirst();
  }

  private Rights.IdentityProvider changed(
      Caller caller, Rights.IdentityProvider row, Change change) {
    boolean enabled = Objects.requireNonNullElse(change.enabled(), row.enabled());
    boolean keysSaid = change.keysLocation() != null || change.keySet() != null;
    return new Rights.IdentityProvider(
        row.id(),
        row.account(),
        row.name(),
        text("description", change.description(), row.description()),
        issuer(change.issuer(), row.issuer()),
        audiences(change.audiences(), row.audiences()),
        algorithms(change.algorithms(), row.algorithms()),
        keysSaid ? location(change.keysLocation()) : row.jwksLocation(),
        keysSaid ? keySet(change.keySet()) : row.jwks(),
        mapping(change.mapping(), row.mapping()),
        enabled,
        row.createdAt(),
        row.byAdministrators() && caller.principal().administrator(),
        row.enabled() && !enabled ? row.generation() + 1 : row.generation(),
        row.rowVersion());
  }

  private static String text(String member, @Nullable String given, String before) {
    if (given == null) {
      return before;
    }
    if (given.length() > TEXT_MAX || given.chars().anyMatch(Character::isISOControl)) {
      throw bad(member, "must have at most 255 characters, none a control character");
    }
    return given;
  }

  private static String issuer(@Nullable String given, String before) {
    String issuer = text("idp_url", given, before);
    if (given != null && issuer.isBlank()) {
      throw bad("idp_url", "must be the issuer exactly as the tokens name it");
    }
    return issuer;
  }

  private static String audiences(@Nullable List<String> given, String before) {
    if (given == null) {
      return before;
    }
    if (given.isEmpty() || given.size() > AUDIENCES_MAX) {
      throw bad("client_id", "must be 1 to 10 audiences");
    }
    given.forEach(one -> {
      if (text("client_id", one, "").isBlank()) {
        throw bad("client_id", "must not be empty");
      }
    });
    return String.join("\n", given);
  }

  private static String algorithms(@Nullable List<String> given, String before) {
    if (given == null) {
      return before;
    }
    if (given.isEmpty() || given.stream().anyMatch(a -> TokenAlgorithm.named(a).isEmpty())) {
      throw bad("algorithms", "must be some of RS256, PS256, ES256, ES384, EdDSA");
    }
    return String.join("\n", given.stream().distinct().toList());
  }

  private String location(@Nullable String given) {
    if (given == null || given.isEmpty()) {
      return "";
    }
    boolean file = given.startsWith("file:");
    KeySource source =
        file ? new KeySource.Named(given.substring("file:".length())) : new KeySource.Url(given);
    if (!keys.takes(source)) {
      throw bad(
          file ? "jwks_file" : "jwks_uri",
          file
              ? "must be the name of a file in the folder that the operator set as"
                  + " federation.key-files"
              : "must be an https URL of a host that the operator named in federation.hosts");
    }
    return given;
  }

  private static String keySet(@Nullable String given) {
    if (given == null || given.isEmpty()) {
      return "";
    }
    if (KeySet.read(given).isEmpty()) {
      throw bad(
          "signing_key",
          "must be a JSON Web Key Set with a public key for signatures: RSA of 2048 bits or more,"
              + " P-256, P-384 or Ed25519");
    }
    return given;
  }

  private static String mapping(@Nullable String given, String before) {
    if (given == null) {
      return before;
    }
    if (!given.isEmpty()) {
      MappingReader.read(given);
    }
    return given;
  }

  private static Subject subject(Caller caller, String name) {
    return Subject.inAccount("identityProvider", caller.principal().account(), name);
  }

  private static KmsException bad(String member, String why) {
    return new KmsException(new Problem.BadValue(Field.OTHER, member, member + " " + why + "."));
  }
}
