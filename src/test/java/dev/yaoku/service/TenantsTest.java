package dev.yaoku.service;

import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.OTHER_ACCOUNT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.access.TokenText;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
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
    return household.identities.token(sha256(token)).isPresent();
  }

  private static String sha256(Tokens.New token) {
    return TokenText.sha256(token.text().value());
  }

  /** The operations over a store that is slow, so that others change something in between. */
  private Tenants slow(Runnable others) {
    return over(new MeanwhileStore(household.store, others));
  }

  private Tenants over(Store store) {
    return household.servicesOver(store).tenants();
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
  void whoIsNoOperatorAnyMoreEndsNobodysSessions() {
    String token = sha256(household.issue(CAROL, new TokenScope.Unsaid()));
    disable();
    Caller meanwhile = new LetIn(household).byAccessKey();
    household.disableAccessKey();

    isRefused(() -> household.services.tenants().enable(meanwhile, OTHER_ACCOUNT));

    Optional<Rows.Token> notEnded = household.store.read(tx -> tx.token(token));
    assertThat(notEnded).isPresent();
  }

  @Test
  void sessionsThatWereEndedAreForgottenThoughTheAccountIsNotEnabledThen() {
    disable();
    Caller meanwhile = new LetIn(household).byAccessKey();
    AtomicReference<String> token = new AtomicReference<>("");
    Tenants slow =
        over(
            new BetweenTheSteps(
                () -> {
                  enable();
                  token.set(sha256(household.issue(CAROL, new TokenScope.Unsaid())));
                  assertThat(household.identities.token(token.get())).isPresent();
                },
                household::disableAccessKey));

    isRefused(() -> slow.enable(meanwhile, OTHER_ACCOUNT));

    assertThat(household.identities.token(token.get())).isEmpty();
  }

  private static void isRefused(ThrowingCallable change) {
    assertThat(Refused.problem(change)).isInstanceOf(Problem.BadSignature.class);
  }

  /** A store where others do something when the account was seen, and after the first change. */
  private final class BetweenTheSteps extends PassingStore {
    private final Runnable afterSeeing;
    private final Runnable afterChanging;
    private int changes;

    BetweenTheSteps(Runnable afterSeeing, Runnable afterChanging) {
      super(household.store);
      this.afterSeeing = afterSeeing;
      this.afterChanging = afterChanging;
    }

    @Override
    public <T> T read(Function<? super Reading, T> work) {
      T result = super.read(work);
      if (result instanceof Rows.Account) {
        afterSeeing.run();
      }
      return result;
    }

    @Override
    public <T> T write(Function<? super Writing, T> work) {
      T result = super.write(work);
      if (++changes == 1) {
        afterChanging.run();
      }
      return result;
    }
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
