package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Caller;
import dev.yaoku.access.TestPki;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Writing;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nobody waits long for whoever manages client authorities, however many names and whatever keys
 * these have: their changes read few rows and check no signature (SECURITY_DESIGN H9).
 */
class WaitingForAuthoritiesTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-01-10T00:00:00Z");
  private static final TestPki ROOT = new TestPki("CN=root", FROM, UNTIL);
  private static final TestPki THEIRS = ROOT.below("CN=theirs", FROM, UNTIL);
  private static final TestPki BELOW = THEIRS.below("CN=below", FROM, UNTIL);
  private static final String ADMINISTRATOR = "email:root@corp.example";
  private static final String LAPTOP = "dns:laptop.corp.example";
  private static final List<String> WHOLE_ROWS = List.of("certificateUsers", "administrators");

  @TempDir private Path directory;
  private Household house;
  private AskedInChanges store;
  private ClientAuthorities authorities;

  /** Takes down what changes ask only. */
  private static final class AskedInChanges extends CountingStore {
    private final Household house;

    AskedInChanges(Household house) {
      super(house.store);
      this.house = house;
    }

    @Override
    public <T> T read(Function<? super Reading, T> work) {
      return house.store.read(work);
    }
  }

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
    house.allow(BOB, "iam:identityProviders:manage", "*");
    store = new AskedInChanges(house);
    authorities =
        new ClientAuthorities(store, house.identities, house.held, house.events, house.clock);
    authorities.put(alice(), "theirs", THEIRS.pem(), null);
    authorities.map(alice(), "theirs", ADMINISTRATOR, ALICE);
  }

  @AfterEach
  void close() {
    house.close();
  }

  private Caller alice() {
    return house.caller(ALICE);
  }

  private Caller bob() {
    return house.caller(BOB);
  }

  /** An authority of Bob's with so many names. */
  private void his(TestPki pki, int names) {
    authorities.put(bob(), "his", pki.pem(), null);
    house.store.write(tx -> {
      IntStream.range(0, names).forEach(number -> insert(tx, "dns:host-" + number));
      return true;
    });
    store.asked();
  }

  private void insert(Writing tx, String name) {
    tx.rights().insert(new Rights.CertificateUser(ACCOUNT, "his", name, BOB, house.now, 1));
  }

  @Test
  void whoHasAsManyNamesAsHeMayIsRefusedBeforeAnythingElseIsRead() {
    his(new TestPki("CN=apart", FROM, UNTIL), 1_000);

    Refused.with(
        new Problem.TooMany("names", 1_000), () -> authorities.map(bob(), "his", LAPTOP, BOB));

    assertThat(store.asked())
        .contains("certificateUserCount")
        .doesNotContain("clientCasNamingAdministrators")
        .doesNotContainAnyElementsOf(WHOLE_ROWS);
  }

  @Test
  void noNameOfAnotherIsReadWholeToGiveOne() {
    his(new TestPki("CN=apart", FROM, UNTIL), 2);

    authorities.map(bob(), "his", LAPTOP, BOB);
    authorities.put(bob(), "his", null, false);
    authorities.put(bob(), "his", null, true);

    assertThat(store.asked()).doesNotContainAnyElementsOf(WHOLE_ROWS);
  }

  @Test
  void authoritiesAreJudgedBeforeAChangeAndNotInIt() {
    his(new TestPki("CN=apart", FROM, UNTIL), 0);

    authorities.map(bob(), "his", LAPTOP, BOB);

    List<String> asked = store.asked();
    assertThat(Collections.frequency(asked, "clientCasNamingAdministrators")).isEqualTo(2);
    assertThat(Collections.frequency(asked, "insert")).isEqualTo(1);
  }

  @Test
  void whatNobodyJudgedIsNotJudgedWhereItIsAskedFor() {
    VouchingTogether together = new VouchingTogether();
    Rights.ClientCa theirs = authority(THEIRS);
    List<Rights.ClientCa> others = List.of(authority(ROOT), authority(BELOW));

    assertThatThrownBy(() -> together.isBesideOneOf(theirs, others))
        .isInstanceOf(VouchingTogether.Unjudged.class);
    assertThat(together.judgedOutside(() -> together.isBesideOneOf(theirs, others))).isTrue();
    assertThat(together.isBesideOneOf(theirs, others)).isTrue();
    assertThat(
            together.judgedOutside(
                () -> together.isBesideOneOf(authority(BELOW), List.of(authority(ROOT)))))
        .isFalse();
  }

  @Test
  void whoseAuthoritiesAreChangedAgainAndAgainTriesAgain() {
    VouchingTogether together = new VouchingTogether();
    Refused.with(
        new Problem.Conflict("The account's authorities are being changed. Try again."),
        () ->
            together.judgedOutside(() ->
                together.isBesideOneOf(
                    authority(THEIRS),
                    List.of(authority(new TestPki("CN=another", FROM, UNTIL))))));
  }

  private Rights.ClientCa authority(TestPki pki) {
    return new Rights.ClientCa(ACCOUNT, "one", pki.pem(), "", true, house.now, 1);
  }
}
