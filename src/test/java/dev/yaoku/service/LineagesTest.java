package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.OTHER_ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Directory.KnownKey;
import dev.yaoku.access.Principal;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.Wrapped;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is derived lives no longer and does no more than what it came from. */
class LineagesTest {
  private static final String TEMPORARY = "YKTEMPORARY000000001";
  private static final String ONLY_LIST =
      "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"kms:cmk:list\"]}]}";
  private static final String ONLY_GET =
      "{\"Version\":\"1.1\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"kms:cmk:get\"]}]}";

  @TempDir private Path directory;
  private Household house;

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private void insert(
      String account,
      String user,
      @Nullable String agency,
      String parent,
      @Nullable String policy) {
    Wrapped secret;
    try (SecretBytes bytes = Household.text("s".repeat(40))) {
      secret =
          house.hierarchy.wrapSecretAccessKey(
              account, user, TEMPORARY, Identities.TEMPORARY, bytes);
    }
    house.store.write(tx -> {
      tx.rights()
          .insert(
              new Rights.TemporaryKey(
                  TEMPORARY,
                  account,
                  user,
                  agency,
                  secret.bytes(),
                  secret.keyVersion(),
                  "e".repeat(64),
                  parent,
                  policy,
                  null,
                  null,
                  house.now,
                  house.now.plus(Duration.ofMinutes(15)),
                  1));
      return 0;
    });
    house.identities.temporaryKeyIssued(TEMPORARY);
  }

  @Test
  void aTemporaryKeyIsItsPersonAndLess() {
    insert(ACCOUNT, ALICE, null, ACCESS_KEY, Narrowing.and(null, ONLY_LIST));
    KnownKey key = house.identities.accessKey(TEMPORARY).orElseThrow();
    Principal who = key.principal();

    assertThat(who.user()).isEqualTo(ALICE);
    assertThat(who.person()).isEqualTo(ALICE);
    assertThat(who.session().temporary()).isTrue();
    assertThat(who.session().isLesser()).isTrue();
    assertThat(who.session().narrowing()).isNotNull();
    assertThat(key.securityToken()).isEqualTo("e".repeat(64));
    assertThat(key.expiresAt()).isEqualTo(house.now.plus(Duration.ofMinutes(15)));
  }

  @Test
  void itDiesWithTheAccessKeyThatMadeIt() {
    insert(ACCOUNT, ALICE, null, ACCESS_KEY, null);
    assertThat(house.identities.accessKey(TEMPORARY)).isPresent();
    house.disableAccessKey();
    house.identities.userChanged(ALICE);
    assertThat(house.identities.accessKey(TEMPORARY)).isEmpty();
  }

  @Test
  void itDiesWithTheTokenThatMadeIt() {
    Tokens.New token = house.issue(ALICE, new TokenScope.Unsaid());
    String sha256 = dev.yaoku.access.TokenText.sha256(token.text().value());
    insert(ACCOUNT, ALICE, null, sha256, null);
    assertThat(house.identities.accessKey(TEMPORARY)).isPresent();
    house.services.subjectTokens().revoke(house.caller(ALICE), token.text().value());
    assertThat(house.identities.accessKey(TEMPORARY)).isEmpty();
  }

  @Test
  void aRingOfParentsIsNobody() {
    insert(ACCOUNT, ALICE, null, TEMPORARY, null);
    assertThat(house.identities.accessKey(TEMPORARY)).isEmpty();
  }

  @Test
  void aRoleIsPlayedInItsAccountByThoseWhomItTrusts() {
    agency(ACCOUNT);
    insert(OTHER_ACCOUNT, ALICE, "ag", ACCESS_KEY, null);
    Principal who = house.identities.accessKey(TEMPORARY).orElseThrow().principal();

    assertThat(who.account()).isEqualTo(OTHER_ACCOUNT);
    assertThat(who.user()).isEqualTo("ag");
    assertThat(who.userName()).isEqualTo("helper/alice");
    assertThat(who.person()).isEqualTo(ALICE);
    assertThat(who.administrator()).isFalse();

    house.disableUser(ALICE);
    house.identities.userChanged(ALICE);
    assertThat(house.identities.accessKey(TEMPORARY)).isEmpty();
  }

  @Test
  void aRoleIsNotPlayedByThoseWhomItDoesNotTrust() {
    agency(OTHER_ACCOUNT);
    insert(OTHER_ACCOUNT, ALICE, "ag", ACCESS_KEY, null);
    assertThat(house.identities.accessKey(TEMPORARY)).isEmpty();
  }

  @Test
  void permissionForAnAgencyIsNoneForOneThatCameInItsPlace() {
    agency(ACCOUNT);
    Caller alice = house.caller(ALICE);
    Role.Permitted role =
        new Role(OTHER_ACCOUNT, null, "helper", null)
            .openTo(alice, house.store, house.identities, house.held);
    assertThat(played(role, alice)).isEqualTo("ag");
    house.store.write(tx -> {
      tx.rights().remove(tx.rights().agency("ag").orElseThrow());
      tx.rights()
          .insert(new Rights.Agency("ga", OTHER_ACCOUNT, "helper", ACCOUNT, "", 0, house.now, 1));
      return 0;
    });
    assertThatThrownBy(() -> played(role, alice))
        .isInstanceOfSatisfying(
            KmsException.class,
            refused -> assertThat(refused.problem()).isEqualTo(new Problem.UnknownRole()));
  }

  @Test
  void aPolicyThatNamesAccountsByTheirFormSaysTheSameOfOneThatIsNotThere() {
    house.allow(BOB, "iam:tokens:assume", "iam::" + "?".repeat(32) + ":agency:*");
    Caller bob = house.caller(BOB);

    for (String name : List.of("away", "nowhere")) {
      Role role = new Role(null, name, "none", null);
      assertThatCode(() -> role.openTo(bob, house.store, house.identities, house.held))
          .as(name)
          .doesNotThrowAnyException();
    }
  }

  @Test
  void noPolicyThatNamesAnAccountIsForOneThatIsNotThere() {
    house.allow(BOB, "iam:tokens:assume", "iam::" + ACCOUNT + ":agency:*");
    Caller bob = house.caller(BOB);
    Role ofHome = new Role(null, "home", "none", null);
    Role ofNowhere = new Role(null, "nowhere", "none", null);

    assertThatCode(() -> ofHome.openTo(bob, house.store, house.identities, house.held))
        .doesNotThrowAnyException();
    assertThat(
            Refused.problem(() -> ofNowhere.openTo(bob, house.store, house.identities, house.held)))
        .isInstanceOf(Problem.NotAllowed.class);
  }

  /**
   * As an account's id is: or whoever asks again, here or elsewhere, could tell one from the other.
   */
  @Test
  void whatStandsForAnAccountThatIsNotThereIsTheSameEachTimeAndAfterARestart() {
    String first = askedOf("nowhere");

    assertThat(first).matches("[0-9a-f]{32}");
    assertThat(askedOf("nowhere")).isEqualTo(first);
    house.restart();
    assertThat(askedOf("nowhere")).isEqualTo(first);
  }

  /** The look-up by name tells capitals apart. */
  @Test
  void whatStandsForAnAccountThatIsNotThereIsOfItsNameAlone() {
    assertThat(List.of(askedOf("nowhere"), askedOf("Nowhere"), askedOf("nowhere "), askedOf("")))
        .doesNotHaveDuplicates()
        .doesNotContain(ACCOUNT, OTHER_ACCOUNT);
  }

  /** Or it would say of others' accounts when they are closed. */
  @Test
  void anAccountThatIsClosedIsAskedForByItsIdAndItsRolesArePlayedByNobody() {
    String closed = "f".repeat(32);
    house.store.write(tx -> {
      tx.insert(new Rows.Account(closed, "closed", false, house.now, 1));
      tx.rights().insert(new Rights.Agency("ag", closed, "helper", ACCOUNT, "", 0, house.now, 1));
      return 0;
    });
    Caller alice = house.caller(ALICE);
    Role.Permitted role =
        new Role(null, "closed", "helper", null)
            .openTo(alice, house.store, house.identities, house.held);

    assertThat(askedOf("closed")).isEqualTo(closed);
    assertThat(Refused.problem(() -> played(role, alice))).isInstanceOf(Problem.UnknownRole.class);
  }

  private String askedOf(String account) {
    Role role = new Role(null, account, "none", null);
    return house.store.read(tx -> role.subject(tx, house.identities)).account();
  }

  private String played(Role.Permitted role, Caller caller) {
    return house
        .store
        .read(tx -> role.of(tx, caller, Ancestor.of(tx, caller, ACCESS_KEY, house.now), house.now))
        .id();
  }

  @Test
  void aKeyOfAnotherAccountsUserIsNobody() {
    insert(ACCOUNT, CAROL, null, ACCESS_KEY, null);
    assertThat(house.identities.accessKey(TEMPORARY)).isEmpty();
  }

  @Test
  void aTokenCarriesItsRoleAndNarrowing() {
    agency(ACCOUNT);
    String sha256 = "d".repeat(64);
    house.store.write(tx -> {
      tx.insert(
          new Rows.Token(
              sha256,
              OTHER_ACCOUNT,
              ALICE,
              null,
              true,
              "assume_role",
              null,
              house.now,
              house.now.plusSeconds(60),
              new Rows.Lineage("ag", Narrowing.and(null, ONLY_LIST), "night", ACCESS_KEY),
              1));
      return 0;
    });
    Principal who = house.identities.token(sha256).orElseThrow().principal();
    assertThat(who.userName()).isEqualTo("helper/night");
    assertThat(who.session().narrowing()).isNotNull();
  }

  @Test
  void everyNarrowingCounts() {
    String both = Narrowing.and(Narrowing.and(null, ONLY_LIST), ONLY_GET);
    var policies = java.util.Objects.requireNonNull(Narrowing.compile(both));
    assertThat(policies.couldAllow(dev.yaoku.access.Action.LIST_KEYS)).isFalse();
    assertThat(policies.couldAllow(dev.yaoku.access.Action.DESCRIBE_KEY)).isFalse();
    var one = java.util.Objects.requireNonNull(Narrowing.compile(Narrowing.and(null, ONLY_GET)));
    assertThat(one.couldAllow(dev.yaoku.access.Action.DESCRIBE_KEY)).isTrue();
    assertThatThrownBy(() -> Narrowing.mustBeInOrder("{}")).isInstanceOf(KmsException.class);
    assertThat(Narrowing.and(both, null)).isEqualTo(both);
  }

  /** A credential keeps the policies of all that it came from. */
  @Test
  void allThatNarrowsACredentialHasTwelveKibibytes() {
    String big = ONLY_GET + " ".repeat(6_000 - ONLY_GET.length());
    String two = Narrowing.and(Narrowing.and(null, big), big);
    assertThatThrownBy(() -> Narrowing.and(two, big))
        .isInstanceOfSatisfying(
            KmsException.class,
            refused ->
                assertThat(refused.problem().toString()).contains("at most 12288 bytes together"));
    assertThat(Narrowing.and(two, ONLY_GET)).isNotNull();
    assertThat(Narrowing.and(two, null)).isEqualTo(two);
  }

  /** Each change that derives or ends a credential keeps all others waiting. */
  @Test
  void policiesThatNarrowACredentialAreNotReadWhereItIsLookedAtOnly() {
    String unreadable = Narrowing.and(null, "no policy");
    insert(ACCOUNT, ALICE, null, ACCESS_KEY, unreadable);
    assertThatThrownBy(() -> house.identities.accessKey(TEMPORARY))
        .isInstanceOf(KmsException.class);
    Ancestor found = house.store.read(tx -> Ancestor.find(tx, TEMPORARY, house.now)).orElseThrow();
    assertThat(found.narrowing()).isEqualTo(unreadable);

    Tokens.New token = house.issue(ALICE, new TokenScope.Unsaid());
    String sha256 = dev.yaoku.access.TokenText.sha256(token.text().value());
    house.store.write(tx -> {
      Rows.Token row = tx.token(sha256).orElseThrow();
      tx.removeToken(sha256);
      tx.insert(
          new Rows.Token(
              "f".repeat(64),
              row.account(),
              row.user(),
              row.project(),
              row.domainScope(),
              row.methods(),
              row.parent(),
              row.issuedAt(),
              row.expiresAt(),
              new Rows.Lineage(null, unreadable, null, null),
              1));
      return 0;
    });
    Ancestor narrowed =
        house.store.read(tx -> Ancestor.find(tx, "f".repeat(64), house.now)).orElseThrow();
    assertThat(narrowed.project()).isEqualTo(Rights.Attachment.ACCOUNT);
  }

  @Test
  void usesOfAccessKeysAreWrittenNowAndThen() {
    house.identities.used(ACCESS_KEY);
    assertThat(lastUse()).isNull();
    house.identities.uses().write();
    assertThat(lastUse()).isEqualTo(house.now);

    java.time.Instant first = house.now;
    house.now = first.plusSeconds(299);
    house.identities.used(ACCESS_KEY);
    house.identities.uses().write();
    assertThat(lastUse()).isEqualTo(first);
    house.now = first.plusSeconds(300);
    house.identities.used(ACCESS_KEY);
    house.identities.uses().write();
    assertThat(lastUse()).isEqualTo(house.now);
  }

  private java.time.@Nullable Instant lastUse() {
    return house.store.read(tx -> tx.rights().lastUses(Set.of(ACCESS_KEY))).get(ACCESS_KEY);
  }

  private void agency(String trusted) {
    house.store.write(tx -> {
      tx.rights()
          .insert(new Rights.Agency("ag", OTHER_ACCOUNT, "helper", trusted, "", 0, house.now, 1));
      return 0;
    });
  }
}
