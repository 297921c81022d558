package dev.yaoku.service;

import dev.yaoku.access.FailureThrottle;
import dev.yaoku.access.Principal;
import dev.yaoku.access.federation.Claims;
import dev.yaoku.access.federation.IdentityToken;
import dev.yaoku.access.federation.KeyKeeper;
import dev.yaoku.access.federation.KeySet;
import dev.yaoku.access.federation.KeySource;
import dev.yaoku.access.federation.MappingReader;
import dev.yaoku.access.federation.MappingRules;
import dev.yaoku.access.federation.TokenAlgorithm;
import dev.yaoku.access.federation.TrustedIssuer;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Finds out who the owner of an identity token is. A provider belongs to one account and can name
 * only that account's users (SECURITY_DESIGN H16). Whatever is wrong, the answer is the same.
 */
public final class Federation {
  private static final int NAME_MAX = 64;
  private static final int PROVIDERS_MAX = 10_000;
  private static final int STRANGERS_MAX = 32;

  /** What another node changed counts within a second, too. */
  private static final Duration KEPT_FOR = Duration.ofSeconds(1);

  private static final String FILE = "file:";
  private static final String BY_TOKEN = "id-token";

  private final Store store;
  private final FailureThrottle throttle;
  private final KeyKeeper keys;
  private final InstantSource clock;
  private final LookUps<Known> providers;

  /**
   * Federation of one installation.
   *
   * @param keys keeps the keys of all providers
   */
  public Federation(Store store, FailureThrottle throttle, KeyKeeper keys, InstantSource clock) {
    this.store = store;
    this.throttle = throttle;
    this.keys = keys;
    this.clock = clock;
    this.providers =
        new LookUps<>(
            PROVIDERS_MAX, KEPT_FOR, new Semaphore(STRANGERS_MAX), clock, store::view, _ -> {});
  }

  /**
   * A provider that can be asked.
   *
   * @param origin how a token names it
   * @param keys where its keys are; null if that is not said
   * @param look which found them there
   * @param rowVersion of its row, from which all this is
   * @param forAdministrators whether it can vouch for them
   */
  private record Known(
      String id,
      long rowVersion,
      String account,
      TrustedIssuer issuer,
      MappingRules mapping,
      String origin,
      KeyKeeper.@Nullable Place keys,
      long look,
      boolean forAdministrators) {}

  /**
   * The owner of an identity token.
   *
   * @param who the user, scoped to nothing
   * @param origin the provider, as a token names it
   */
  public record Proved(Principal who, String origin) {}

  /**
   * Checks an identity token. Cheap checks come first, the signature last (SECURITY_DESIGN H9).
   *
   * @param provider its id, or its name in the account that the scope is of; where that is not
   *     said, in the first account
   * @param source where the token comes from
   * @throws KmsException with {@link Problem.BadIdentityToken}, whatever of it is wrong, or {@link
   *     Problem.Throttled}
   */
  public Proved prove(String provider, String token, TokenScope scope, String source) {
    if (provider.isEmpty() || provider.length() > NAME_MAX) {
      throw bad("no provider has such a name");
    }
    String credential = "idp:" + provider;
    throttle.mustBeLetIn(source, credential);
    try {
      Proved proved = prove(provider, token, scope);
      throttle.succeeded(source, credential);
      return proved;
    } catch (KmsException refused) {
      if (refused.problem() instanceof Problem.BadIdentityToken) {
        throttle.failed(source, credential);
      }
      throw refused;
    }
  }

  private Proved prove(String provider, String text, TokenScope scope) {
    IdentityToken token = IdentityToken.parse(text);
    String name = provider + "\n" + place(scope);
    return proved(name, provider, token, scope)
        .or(() -> {
          providers.forget(name); // it was changed since it was found
          return proved(name, provider, token, scope);
        })
        .orElseThrow(() -> bad("the provider is changed all the time"));
  }

  /** The owner of a token; nobody if the provider is not what it was found to be any more. */
  private Optional<Proved> proved(
      String name, String provider, IdentityToken token, TokenScope scope) {
    Known known =
        providers
            .find(name, _ -> known(provider, scope))
            .orElseThrow(
                () -> bad("the account that the scope names, or the first, has no such provider"));
    token.mustSuit(known.issuer(), clock.instant());
    KeySet set = keysOf(known);
    if (set.isEmpty() || (token.keyId() != null && !set.has(token.keyId()))) {
      keys.missed(known.id());
    }
    Claims claims = token.check(known.issuer(), set, clock.instant());
    MappingRules.Named named =
        known.mapping().apply(claims).orElseThrow(() -> bad("no mapping rule names a user"));
    Waiting.mustBeAllowed();
    return store.read(tx ->
        stands(tx, known)
            ? Optional.of(new Proved(user(tx, known, named), known.origin()))
            : Optional.empty());
  }

  /**
   * Whether a provider still is what a token was judged by. Its keys are kept apart from the rest
   * of it and may be later ones, which somebody put there who must not vouch for administrators;
   * whatever was used is older than this reading.
   */
  private static boolean stands(Reading tx, Known known) {
    return tx.rights()
        .identityProvider(known.id())
        .filter(row -> row.rowVersion() == known.rowVersion())
        .isPresent();
  }

  /**
   * By what was found of the provider itself: on another server its keys may have been replaced
   * since this one last looked after the keys of all.
   */
  private KeySet keysOf(Known provider) {
    KeyKeeper.Place place = provider.keys();
    return place == null ? KeySet.EMPTY : keys.keys(place, provider.look());
  }

  /** What of the scope decides whose provider of a name is meant. */
  private static String place(TokenScope scope) {
    String place =
        switch (scope) {
          case TokenScope.ProjectId(String id) -> "project\n" + id;
          case TokenScope.ProjectNamed(_, String account) ->
              account == null ? "" : "account\n" + account;
          case TokenScope.Domain(String idOrName) -> "account\n" + idOrName;
          case TokenScope.Unsaid _ -> "";
        };
    if (place.length() > 4 * NAME_MAX) {
      throw new KmsException(new Problem.UnknownScope());
    }
    return place;
  }

  private Optional<Known> known(String idOrName, TokenScope scope) {
    long look = keys.look();
    return store.read(tx -> provider(tx, idOrName, scope).flatMap(row -> known(row, look)));
  }

  private static Optional<Rights.IdentityProvider> provider(
      Reading tx, String idOrName, TokenScope scope) {
    return tx.rights()
        .identityProvider(idOrName)
        .or(() -> account(tx, scope).flatMap(of -> IdentityProviders.named(tx, of, idOrName)))
        .filter(Rights.IdentityProvider::enabled);
  }

  /** Whose names count: what is in another account decides nothing about it (ADR 41). */
  private static Optional<String> account(Reading tx, TokenScope scope) {
    return switch (scope) {
      case TokenScope.ProjectId(String id) -> tx.project(id).map(Rows.Project::account);
      case TokenScope.ProjectNamed(_, String account) ->
          account == null ? Operators.account(tx) : account(tx, account);
      case TokenScope.Domain(String idOrName) -> account(tx, idOrName);
      case TokenScope.Unsaid _ -> Operators.account(tx);
    };
  }

  private static Optional<String> account(Reading tx, String idOrName) {
    return tx.account(idOrName).or(() -> tx.accountNamed(idOrName)).map(Rows.Account::id);
  }

  /** The provider as it is used; nothing while its settings are not complete. */
  private static Optional<Known> known(Rights.IdentityProvider row, long look) {
    if (row.issuer().isEmpty() || row.audiences().isEmpty() || row.mapping().isEmpty()) {
      return Optional.empty();
    }
    Set<TokenAlgorithm> algorithms = EnumSet.noneOf(TokenAlgorithm.class);
    row.algorithms().lines().forEach(name -> TokenAlgorithm.named(name).ifPresent(algorithms::add));
    Set<String> audiences = Set.copyOf(row.audiences().lines().toList());
    return Optional.of(
        new Known(
            row.id(),
            row.rowVersion(),
            row.account(),
            new TrustedIssuer(row.issuer(), audiences, algorithms),
            MappingReader.read(row.mapping()),
            Lineages.ofProvider(row.id(), row.generation()),
            placeOfKeys(row).orElse(null),
            look,
            row.byAdministrators()));
  }

  /** Whoever manages providers, and is no administrator, must not become one by it. */
  private static Principal user(Reading tx, Known provider, MappingRules.Named named) {
    String account = provider.account();
    Optional<Rows.User> user =
        named.byId()
            ? tx.user(named.text()).filter(u -> u.account().equals(account))
            : tx.userNamed(account, named.text());
    return user.filter(u -> provider.forAdministrators() || !u.administrator())
        .flatMap(u -> Identities.principal(tx, account, u.id(), BY_TOKEN, false, null))
        .orElseThrow(() ->
            bad(
                "the user that the mapping names is not there, is disabled, or is an administrator"
                    + " and others than administrators changed the provider"));
  }

  private static Optional<KeyKeeper.Place> placeOfKeys(Rights.IdentityProvider row) {
    return sourceOfKeys(row).map(source -> new KeyKeeper.Place(row.id(), row.generation(), source));
  }

  private static Optional<KeySource> sourceOfKeys(Rights.IdentityProvider row) {
    if (!row.jwks().isEmpty()) {
      return Optional.of(new KeySource.Given(row.jwks()));
    }
    String location = row.jwksLocation();
    if (location.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        location.startsWith(FILE)
            ? new KeySource.Named(location.substring(FILE.length()))
            : new KeySource.Url(location));
  }

  /** Forgets what was found of providers: another server may have changed it. */
  public void everythingChanged() {
    providers.forgetAll();
  }

  /** Call after a provider was changed or removed. */
  void providersChanged() {
    providers.forgetAll();
    refreshKeys();
  }

  /** To be called every few seconds: looks which providers there are, and renews their keys. */
  public void refreshKeys() {
    long look = keys.look();
    List<KeyKeeper.Place> all =
        store.read(tx ->
            tx.rights().identityProviders().stream()
                .filter(Rights.IdentityProvider::enabled)
                .flatMap(row -> placeOfKeys(row).stream())
                .toList());
    keys.keepFor(all, look);
    keys.round();
  }

  private static KmsException bad(String forTheLog) {
    return new KmsException(new Problem.BadIdentityToken(forTheLog));
  }
}
