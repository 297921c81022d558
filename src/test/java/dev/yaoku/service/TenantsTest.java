package dev.yaoku.service;

import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.OTHER_ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.TokenText;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Operators who change one account at the same time: the account is the other one. */
class TenantsTest {
  private static final Problem CHANGED =
      new Problem.Conflict("The account was changed meanwhile. Look, and try again.");

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

  private void enable() {
    enable(household.services.tenants());
  }

  private void enable(Tenants tenants) {
    tenants.enable(household.caller(ALICE), OTHER_ACCOUNT);
  }

  private void disable() {
    household.services.tenants().disable(household.caller(ALICE), OTHER_ACCOUNT);
  }

  private boolean isEnabled() {
    return household.store.read(tx -> tx.account(OTHER_ACCOUNT)).orElseThrow().enabled();
  }

  private boolean works(Tokens.New token) {
    household.identities.everythingChanged();
    return household.identities.token(TokenText.sha256(token.text().value())).isPresent();
  }

  /** The operations over a store that is slow, so that others change something in between. */
  private Tenants slow(Runnable others) {
    Store store = new MeanwhileStore(household.store, others);
    return IdentityServices.over(
            store,
            household.hierarchy,
            household.identities,
            household.held,
            household.logins,
            household.randomness,
            household.clock,
            household.events,
            List.of(Household.REGION))
        .tenants();
  }

  @Test
  void whoEnablesSlowlyDoesNotUndoThatItWasDisabledMeanwhile() {
    disable();
    AtomicReference<Tokens.New> last = new AtomicReference<>();
    Tenants slow =
        slow(() -> {
          enable();
          last.set(household.issue(CAROL, new TokenScope.Unsaid()));
          disable();
        });

    Refused.with(CHANGED, () -> enable(slow));

    assertThat(isEnabled()).isFalse();
    enable();
    assertThat(works(last.get())).isFalse();
  }

  @Test
  void whatWasDisabledWhileSomebodyEnabledItStaysDisabled() {
    Tenants slow = slow(this::disable);
    Refused.with(CHANGED, () -> enable(slow));
    assertThat(isEnabled()).isFalse();
  }

  @Test
  void twoMayEnableAtOnce() {
    disable();
    Tenants slow =
        slow(() -> {
          if (!isEnabled()) {
            enable();
          }
        });

    enable(slow);

    assertThat(isEnabled()).isTrue();
    assertThat(works(household.issue(CAROL, new TokenScope.Unsaid()))).isTrue();
  }
}
