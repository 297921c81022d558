package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.OTHER_ACCOUNT;
import static dev.yaoku.service.Household.OTHER_PROJECT;
import static dev.yaoku.service.Household.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Caller;
import dev.yaoku.access.federation.Issuer;
import dev.yaoku.access.federation.KeyKeeper;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Rights;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FederationTest {
  private static final Issuer ISSUER = new Issuer("");
  private static final Issuer OTHER_KEYS = new Issuer("-2");
  private static final String SOURCE = "192.0.2.1";
  private static final TokenScope NONE = new TokenScope.Unsaid();
  private static final String BY_NAME =
      "[{\"remote\":[{\"type\":\"sub\"}],\"local\":[{\"user\":{\"name\":\"{0}\"}}]}]";
  private static final String BY_ID =
      "[{\"remote\":[{\"type\":\"sub\"}],\"local\":[{\"user\":{\"id\":\"{0}\"}}]}]";

  @TempDir private Path directory;
  private Household household;
  private KeyKeeper keys;
  private Federation federation;
  private IdentityProviders providers;

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
    keys = Providers.keys(household);
    federation = new Federation(household.store, household.throttle, keys, household.clock);
    providers = Providers.of(household, federation, keys);
  }

  @AfterEach
  void close() {
    household.close();
  }

  private static ProviderChange settings(String mapping) {
    return new ProviderChange(
        null,
        null,
        Issuer.NAME,
        List.of(Issuer.AUDIENCE),
        List.of("ES256"),
        null,
        ISSUER.keySet(),
        mapping);
  }

  private String provider(String admin, String name, String mapping) {
    return providers.create(household.caller(admin), name, settings(mapping)).id();
  }

  private String token(String subject) {
    long now = household.now.getEpochSecond();
    return ISSUER.idToken(subject, now, now + 600);
  }

  private Federation.Proved prove(String provider, String subject, TokenScope scope) {
    return federation.prove(provider, token(subject), scope, SOURCE);
  }

  private static void isRefused(ThrowingCallable call, Class<? extends Problem> as) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            KmsException.class, refused -> assertThat(refused.problem()).isInstanceOf(as));
  }

  private static void isNotAccepted(ThrowingCallable call) {
    isRefused(call, Problem.BadIdentityToken.class);
  }

  private Tokens.New issue(Federation.Proved proved, TokenScope scope) {
    Caller caller =
        household.admission.callerOf(
            proved.who(), java.util.Optional.empty(), "", "0".repeat(32), SOURCE);
    return household.tokens.issue(caller, scope, proved, Duration.ofHours(1));
  }

  @Test
  void anIdentityTokenNamesAUser() {
    String id = provider(ALICE, "idp", BY_NAME);
    assertThat(prove("idp", "bob", NONE).who().user()).isEqualTo(BOB);
    assertThat(prove(id, "bob", NONE).who().user()).isEqualTo(BOB);
  }

  @Test
  void aProviderNamesOnlyUsersOfItsOwnAccount() {
    provider(CAROL, "byname", BY_NAME);
    provider(CAROL, "byid", BY_ID);
    TokenScope theirs = new TokenScope.Domain("away");
    assertThat(prove("byname", "carol", theirs).who().account()).isEqualTo(OTHER_ACCOUNT);
    assertThat(prove("byid", CAROL, theirs).who().account()).isEqualTo(OTHER_ACCOUNT);
    isNotAccepted(() -> prove("byname", "alice", theirs));
    isNotAccepted(() -> prove("byid", ALICE, theirs));
  }

  @Test
  void aProvidersIdOpensNothingOfAnotherAccount() {
    String id = provider(CAROL, "idp", BY_ID);
    TokenScope project = new TokenScope.ProjectId(PROJECT);
    isNotAccepted(() -> prove(id, ALICE, project));
    isRefused(() -> issue(prove(id, CAROL, project), project), Problem.UnknownScope.class);
  }

  @Test
  void providersOfOneNameAreToldApartByTheScopeOrTheId() {
    String ours = provider(ALICE, "idp", BY_NAME);
    String theirs = provider(CAROL, "idp", BY_NAME);
    assertThat(prove("idp", "bob", new TokenScope.ProjectId(PROJECT)).origin()).endsWith(ours);
    assertThat(prove("idp", "bob", new TokenScope.Domain("home")).origin()).endsWith(ours);
    assertThat(prove("idp", "carol", new TokenScope.ProjectId(OTHER_PROJECT)).origin())
        .endsWith(theirs);
    isNotAccepted(() -> prove("idp", "bob", new TokenScope.ProjectId(OTHER_PROJECT)));
    assertThat(prove(theirs, "carol", NONE).origin()).endsWith(theirs);
  }

  @Test
  void whereTheScopeNamesNoAccountANameIsTheFirstAccountsWhateverOthersHave() {
    String ours = provider(ALICE, "idp", BY_NAME);
    TokenScope region = new TokenScope.ProjectNamed("cn-north-4", null);
    for (TokenScope bare : List.of(NONE, region)) {
      assertThat(prove("idp", "bob", bare).origin()).endsWith(ours);
    }
    provider(CAROL, "idp", BY_NAME);
    household.now = household.now.plusSeconds(2);
    for (TokenScope bare : List.of(NONE, region)) {
      assertThat(prove("idp", "bob", bare).origin()).endsWith(ours);
    }
    providers.remove(household.caller(ALICE), "idp");
    for (TokenScope bare : List.of(NONE, region)) {
      isNotAccepted(() -> prove("idp", "carol", bare));
    }
  }

  @Test
  void aScopeOfNoAccountIsOfNobodysProvider() {
    provider(ALICE, "idp", BY_NAME);
    for (TokenScope nowhere :
        List.of(
            new TokenScope.ProjectId("0".repeat(32)),
            new TokenScope.ProjectNamed("cn-north-4", "nobody"),
            new TokenScope.Domain("nobody"))) {
      isNotAccepted(() -> prove("idp", "bob", nowhere));
    }
  }

  @Test
  void whatIsNotThereIsRefusedLikeWhatIsWrong() {
    provider(ALICE, "idp", BY_NAME);
    isNotAccepted(() -> prove("other", "bob", NONE));
    isNotAccepted(() -> prove("x".repeat(65), "bob", NONE));
    isNotAccepted(() -> prove("idp", "nobody", NONE));
    isNotAccepted(() -> federation.prove("idp", "no.token.here", NONE, SOURCE));
    household.disableUser(BOB);
    isNotAccepted(() -> prove("idp", "bob", NONE));
  }

  @Test
  void aProviderWhoseSettingsAreNotCompleteIsNotAsked() {
    providers.create(household.caller(ALICE), "idp", ProviderChange.of("empty", null));
    isNotAccepted(() -> prove("idp", "bob", NONE));
  }

  @Test
  void aFederatedTokenCountsLikeAPasswordToken() {
    provider(ALICE, "idp", BY_NAME);
    Tokens.New made = issue(prove("idp", "bob", NONE), NONE);
    assertThat(made.issued().method()).isEqualTo("mapped");
    assertThat(made.issued().expiresAt()).isEqualTo(household.now.plus(Duration.ofHours(1)));
    Tokens.Parent parent = household.tokens.parent(made.text().value(), SOURCE);
    Tokens.New derived =
        household.tokens.derive(household.caller(BOB), parent, new TokenScope.ProjectId(PROJECT));
    assertThat(derived.issued().expiresAt()).isEqualTo(made.issued().expiresAt());
    isRefused(
        () -> household.tokens.parent(derived.text().value(), SOURCE), Problem.BadToken.class);
  }

  private boolean works(Tokens.New token) {
    String sha256 = dev.yaoku.access.TokenText.sha256(token.text().value());
    return household.identities.token(sha256).isPresent();
  }

  @Test
  void tokensEndWithTheProviderThatTheyCameFrom() {
    provider(ALICE, "idp", BY_NAME);
    Tokens.New first = issue(prove("idp", "bob", NONE), NONE);
    Tokens.Parent parent = household.tokens.parent(first.text().value(), SOURCE);
    Tokens.New derived =
        household.tokens.derive(household.caller(BOB), parent, new TokenScope.ProjectId(PROJECT));
    assertThat(works(first) && works(derived)).isTrue();

    providers.update(household.caller(ALICE), "idp", ProviderChange.of(null, false));

    assertThat(works(first)).isFalse();
    assertThat(works(derived)).isFalse();
    isNotAccepted(() -> prove("idp", "bob", NONE));
    isRefused(() -> household.tokens.parent(first.text().value(), SOURCE), Problem.BadToken.class);

    providers.remove(household.caller(ALICE), "idp");
    household.identities.everythingChanged();
    assertThat(works(first)).isFalse();
  }

  @Test
  void tokensOfAStoppedProviderAreOverAlsoWhenItIsStartedAgain() {
    provider(ALICE, "idp", BY_NAME);
    Tokens.New before = issue(prove("idp", "bob", NONE), NONE);
    Federation.Proved underWay = prove("idp", "bob", NONE);
    providers.update(household.caller(ALICE), "idp", ProviderChange.of(null, false));
    providers.update(household.caller(ALICE), "idp", ProviderChange.of(null, true));

    assertThat(works(before)).isFalse();
    isRefused(() -> issue(underWay, NONE), Problem.BadToken.class);
    assertThat(works(issue(prove("idp", "bob", NONE), NONE))).isTrue();
  }

  @Test
  void whoeverOnlyManagesProvidersComesInAsNoAdministrator() {
    household.allow(BOB, "iam:identityProviders:manage", "*");
    provider(BOB, "evil", BY_NAME);
    provider(BOB, "evil-by-id", BY_ID);
    assertThat(prove("evil", "bob", NONE).who().user()).isEqualTo(BOB);
    isNotAccepted(() -> prove("evil", "alice", NONE));
    isNotAccepted(() -> prove("evil-by-id", ALICE, NONE));
    providers.update(household.caller(ALICE), "evil", ProviderChange.of("looked at", null));
    isNotAccepted(() -> prove("evil", "alice", NONE));
  }

  @Test
  void onlyAdministratorsChangeAProviderThatVouchesForThem() {
    household.allow(BOB, "iam:identityProviders:manage", "*");
    provider(ALICE, "idp", BY_NAME);
    Tokens.New administrators = issue(prove("idp", "alice", NONE), NONE);
    Caller bob = household.caller(BOB);

    for (ProviderChange change :
        List.of(
            ProviderChange.of("mine now", null),
            ProviderChange.of(null, false),
            ProviderChange.ofMapping(BY_ID))) {
      isForAdministrators(() -> providers.update(bob, "idp", change));
    }
    isForAdministrators(() -> providers.removeMapping(bob, "idp", "mapping"));
    isForAdministrators(() -> providers.remove(bob, "idp"));

    assertThat(works(administrators)).isTrue();
    assertThat(prove("idp", "alice", NONE).who().user()).isEqualTo(ALICE);
    provider(BOB, "bobs", BY_NAME);
    providers.update(household.caller(ALICE), "bobs", ProviderChange.of("looked at", null));
    providers.removeMapping(bob, "bobs", "mapping");
    providers.remove(bob, "bobs");
  }

  private static void isForAdministrators(ThrowingCallable call) {
    isRefused(call, Problem.ForAdministrators.class);
  }

  @Test
  void changedKeysAndRulesCountAtOnce() {
    provider(ALICE, "idp", BY_NAME);
    prove("idp", "bob", NONE);
    providers.update(household.caller(ALICE), "idp", ProviderChange.ofMapping(BY_ID));
    isNotAccepted(() -> prove("idp", "bob", NONE));
    prove("idp", BOB, NONE);
    replaceKeys();
    isNotAccepted(() -> prove("idp", BOB, NONE));
  }

  private void replaceKeys() {
    ProviderChange otherKeys =
        new ProviderChange(null, null, null, null, null, null, OTHER_KEYS.keySet(), null);
    providers.update(household.caller(ALICE), "idp", otherKeys);
  }

  @Test
  void keysThatWereReplacedDoNotComeBackWithALookThatWasUnderWay() {
    provider(ALICE, "idp", BY_NAME);
    MeanwhileStore slow = new MeanwhileStore(household.store, this::replaceKeys);
    new Federation(slow, household.throttle, keys, household.clock).refreshKeys();

    isNotAccepted(() -> prove("idp", "bob", NONE));
    long now = household.now.getEpochSecond();
    String fresh = OTHER_KEYS.idToken("bob", now, now + 600);
    assertThat(federation.prove("idp", fresh, NONE, SOURCE).who().user()).isEqualTo(BOB);
  }

  /** As on a server that has not looked after the keys of all since another replaced them. */
  @Test
  void replacedKeysCountNoMoreAsSoonAsTheProviderIsFoundAnew() {
    provider(ALICE, "idp", BY_NAME);
    KeyKeeper keysThere = Providers.keys(household);
    Federation there =
        new Federation(household.store, household.throttle, keysThere, household.clock);
    there.refreshKeys();
    assertThat(there.prove("idp", token("bob"), NONE, SOURCE).who().user()).isEqualTo(BOB);
    replaceKeys();
    household.now = household.now.plusSeconds(2);
    isNotAccepted(() -> there.prove("idp", token("bob"), NONE, SOURCE));
  }

  /**
   * As on a server that has not looked since another one, of an earlier version, let him change the
   * provider: it has what the provider was, and finds the new keys by another scope.
   */
  @Test
  void whoeverPutsInKeysOfHisOwnDoesNotVouchForAdministratorsByWhatTheProviderWas() {
    household.allow(BOB, "iam:identityProviders:manage", "*");
    provider(ALICE, "idp", BY_NAME);
    KeyKeeper keysThere = Providers.keys(household);
    Federation there =
        new Federation(household.store, household.throttle, keysThere, household.clock);
    there.refreshKeys();
    assertThat(there.prove("idp", token("alice"), NONE, SOURCE).who().user()).isEqualTo(ALICE);

    ProviderChange hisKeys =
        new ProviderChange(null, null, null, null, null, null, OTHER_KEYS.keySet(), null);
    Caller bob = household.caller(BOB);
    household.store.write(tx -> {
      Rights.IdentityProvider row = tx.rights().identityProviders(ACCOUNT).getFirst();
      tx.rights().update(hisKeys.appliedTo(row, bob));
      return row;
    });
    long now = household.now.getEpochSecond();
    String his = OTHER_KEYS.idToken("alice", now, now + 600);
    TokenScope another = new TokenScope.Domain("home");

    isNotAccepted(() -> there.prove("idp", his, another, SOURCE));
    isNotAccepted(() -> there.prove("idp", his, NONE, SOURCE));
  }

  @Test
  void onlyAdministratorsOfTheAccountSeeAndChangeItsProviders() {
    provider(ALICE, "idp", BY_NAME);
    Caller bob = household.caller(BOB);
    Caller carol = household.caller(CAROL);
    isRefused(() -> providers.list(bob), Problem.NotAllowed.class);
    isRefused(
        () -> providers.create(bob, "mine", ProviderChange.of(null, null)),
        Problem.NotAllowed.class);
    isRefused(() -> providers.remove(bob, "idp"), Problem.NotAllowed.class);
    isRefused(() -> providers.show(carol, "idp"), Problem.NotThere.class);
    isRefused(() -> providers.remove(carol, "idp"), Problem.NotThere.class);
    isRefused(
        () -> providers.update(carol, "idp", ProviderChange.of("x", null)), Problem.NotThere.class);
    assertThat(providers.list(carol)).isEmpty();
    assertThat(providers.list(household.caller(ALICE)))
        .extracting(IdentityProviders.TrustedProvider::name)
        .containsExactly("idp");
    assertThat(ACCOUNT).isNotEqualTo(OTHER_ACCOUNT);
  }

  @Test
  void settingsThatMeanNothingAreRefused() {
    Caller alice = household.caller(ALICE);
    provider(ALICE, "idp", BY_NAME);
    isRefused(() -> provider(ALICE, "idp", BY_NAME), Problem.Conflict.class);
    isRefused(() -> provider(ALICE, "a/b", BY_NAME), Problem.BadValue.class);
    for (ProviderChange wrong :
        List.of(
            new ProviderChange(null, null, "", null, null, null, null, null),
            new ProviderChange(null, null, null, List.of(), null, null, null, null),
            new ProviderChange(null, null, null, List.of("a\nb"), null, null, null, null),
            new ProviderChange(null, null, null, null, List.of("HS256"), null, null, null),
            new ProviderChange(null, null, null, null, List.of("none"), null, null, null),
            new ProviderChange(
                null, null, null, null, null, "http://keys.example.com/", null, null),
            new ProviderChange(null, null, null, null, null, "https://127.0.0.1/", null, null),
            new ProviderChange(null, null, null, null, null, "file:../../etc/passwd", null, null),
            new ProviderChange(null, null, null, null, null, null, "{\"keys\":[]}", null))) {
      isRefused(() -> providers.update(alice, "idp", wrong), Problem.BadValue.class);
    }
    isRefused(
        () -> providers.update(alice, "idp", ProviderChange.ofMapping("[]")),
        Problem.BadRequest.class);
    prove("idp", "bob", NONE);
  }

  @Test
  void anAccountHasTenProvidersAtMost() {
    for (int i = 0; i < 10; i++) {
      provider(ALICE, "idp-" + i, BY_NAME);
    }
    isRefused(() -> provider(ALICE, "idp-10", BY_NAME), Problem.TooMany.class);
    provider(CAROL, "idp", BY_NAME);
  }

  @Test
  void wrongTokensSlowTheirSourceAndNobodyElse() {
    provider(ALICE, "idp", BY_NAME);
    for (int i = 0; i < 500; i++) {
      isNotAccepted(() -> federation.prove("idp", "no.token.here", NONE, "198.51.100.7"));
    }
    isRefused(
        () -> federation.prove("idp", token("bob"), NONE, "198.51.100.7"), Problem.Throttled.class);
    prove("idp", "bob", NONE);
  }
}
