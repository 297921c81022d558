package dev.yaoku.service;

import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.PASSWORD;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever knows an old password is out from the moment at which there is another. */
class PasswordProofTest {
  private static final String HERE = "192.0.2.1";
  private static final String RESET = "Admin-Reset-99";
  private static final String THIEFS = "Attacker-Pass-77";

  @TempDir private Path directory;
  private Household household;

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
  }

  @AfterEach
  void close() {
    household.close();
  }

  private PasswordProof login(String password) {
    try (SecretBytes text = Household.text(password)) {
      return household.logins.login(new Logins.Who.ById(BOB), text, HERE);
    }
  }

  private void reset() {
    household.setPassword(BOB, RESET);
  }

  private Tokens.New issue(PasswordProof proof) {
    Caller caller =
        household.admission.callerOf(proof.who(), Optional.empty(), "", "0".repeat(32), HERE);
    return household.tokens.issue(caller, new TokenScope.Unsaid(), proof);
  }

  @Test
  void aLogInThatWasUnderWayGetsNoTokenByThePasswordThatWas() {
    PasswordProof old = login(PASSWORD);
    reset();
    Refused.with(new Problem.BadPassword(), () -> issue(old));
    assertThat(issue(login(RESET)).issued().user()).isEqualTo(BOB);
  }

  @Test
  void aNewNameLeavesALogInAsItIs() {
    PasswordProof proof = login(PASSWORD);
    household
        .services
        .users()
        .update(household.caller(ALICE), BOB, new Users.Change("robert", null, null, null, null));
    assertThat(issue(proof).issued().userName()).isEqualTo("robert");
  }

  @Test
  void anOwnChangeThatWasUnderWayDoesNotUndoWhatAnAdministratorSet() {
    AtomicReference<Runnable> meanwhile = new AtomicReference<>(() -> {});
    Randomness salts =
        Randomness.of(
            length -> {
              meanwhile.getAndSet(() -> {}).run();
              return household.randomness.bytes(length);
            },
            () -> {});
    Users users =
        IdentityServices.over(
                household.store,
                household.hierarchy,
                household.identities,
                household.held,
                household.logins,
                salts,
                household.clock,
                household.events,
                List.of(Household.REGION))
            .users();
    meanwhile.set(this::reset);

    try (SecretBytes old = Household.text(PASSWORD);
        SecretBytes thiefs = Household.text(THIEFS)) {
      Refused.with(
          new Problem.BadPassword(),
          () -> users.changePassword(household.caller(BOB), BOB, old, thiefs));
    }

    Refused.with(new Problem.BadPassword(), () -> login(THIEFS));
    assertThat(login(RESET).who().user()).isEqualTo(BOB);
  }
}
