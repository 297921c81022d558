package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Caller;
import dev.yaoku.access.TokenText;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import dev.yaoku.store.BeforeMigration;
import dev.yaoku.store.NotTried;
import dev.yaoku.store.SqlStore;
import dev.yaoku.store.SqliteSettings;
import dev.yaoku.store.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is in memory goes when it may be untrue, and not because somebody asks for what he may not
 * have: that anybody can do, as often as he likes, naming what is of others.
 */
class ForgettingTest {
  private static final String UNKNOWN = "YKNOBODY000000000001";

  @TempDir private Path directory;
  private Household household;
  private final List<String> forgotten = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
  }

  @AfterEach
  void close() {
    household.close();
  }

  @Test
  void aCommittedChangeIsForgottenAndARefusedOneIsNot() {
    assertThat(after(() -> "done")).isEqualTo("done");
    assertThat(forgotten).containsExactly("forgotten");
    forgotten.clear();
    KmsException refused = new KmsException(new Problem.NotThere("credential"));
    assertThatThrownBy(() -> after(throwing(refused))).isSameAs(refused);
    assertThat(forgotten).isEmpty();
  }

  @Test
  void whatMayHaveBeenCommittedIsForgotten() {
    StoreException unknown = new StoreException("the connection broke");
    assertThatThrownBy(() -> after(throwing(unknown))).isSameAs(unknown);
    assertThat(forgotten).containsExactly("forgotten");
  }

  @Test
  void whatWasNotTriedIsNotForgotten() throws IOException {
    SqliteSettings full =
        new SqliteSettings(
            2, 1_024, 1_024, 65_536, 64L << 20, Duration.ofMillis(1), Long.MAX_VALUE);
    Path file = directory.resolve("full.db");
    try (SqlStore store = SqlStore.openSqlite(file, full, _ -> {}, BeforeMigration.NOTHING)) {
      assertThatThrownBy(() -> after(() -> store.write(_ -> "done"))).isInstanceOf(NotTried.class);
    }
    assertThat(forgotten).isEmpty();
  }

  private String after(Supplier<String> transaction) {
    return Forgetting.after(transaction, () -> forgotten.add("forgotten"));
  }

  private static Supplier<String> throwing(RuntimeException failure) {
    return () -> {
      throw failure;
    };
  }

  @Test
  void whoIsRefusedMakesNobodyForgotten() {
    String token = TokenText.sha256(token(ALICE));
    household.identities.accessKey(ACCESS_KEY);
    household.identities.token(token);
    household.identities.project(PROJECT);
    attempts()
        .forEach((what, attempt) -> {
          assertThat(Refused.problem(attempt)).as(what).isNotNull();
          assertThat(household.identities.keptAccessKey(ACCESS_KEY)).as(what).isPresent();
          assertThat(Waiting.forbidden(() -> household.identities.token(token))).isPresent();
          assertThat(Waiting.forbidden(() -> household.identities.project(PROJECT))).isPresent();
        });
  }

  @Test
  void whoRevokesHisTokenMakesOnlyHisOwnForgotten() {
    TemporaryKeys.New hers =
        household.temporaryKeys.make(
            household.caller(ALICE),
            ACCESS_KEY,
            new TemporaryKeys.Order(Duration.ofHours(1), null));
    hers.secret().close();
    household.identities.accessKey(hers.access());

    household.services.subjectTokens().revoke(household.caller(CAROL), token(CAROL));
    assertThat(household.identities.keptAccessKey(hers.access())).isPresent();
    household.services.subjectTokens().revoke(household.caller(ALICE), token(ALICE));
    assertThat(household.identities.keptAccessKey(hers.access())).isEmpty();
  }

  /** Bob has no rights, but he may name whom he likes. */
  private Map<String, ThrowingCallable> attempts() {
    Caller bob = household.caller(BOB);
    bob.prepare();
    IdentityServices services = household.services;
    Attachments.Holder alice = new Attachments.Holder.User(ALICE);
    Map<String, ThrowingCallable> attempts = new TreeMap<>();
    attempts.put("an unknown key", () -> services.accessKeys().delete(bob, UNKNOWN));
    attempts.put("her key", () -> services.accessKeys().update(bob, ACCESS_KEY, false, null));
    attempts.put("herself", () -> services.users().delete(bob, ALICE));
    attempts.put("a group", () -> services.groups().delete(bob, "7".repeat(32)));
    attempts.put("her group", () -> services.groups().remove(bob, "7".repeat(32), ALICE));
    attempts.put("a policy", () -> services.policies().delete(bob, "7".repeat(32)));
    attempts.put("her policy", () -> services.attachments().detach(bob, alice, PROJECT, "p"));
    attempts.put("an agency", () -> services.agencies().delete(bob, "7".repeat(32)));
    attempts.put("her project", () -> services.projects().close(bob, PROJECT));
    attempts.put(
        "a token",
        () -> household.services.subjectTokens().revoke(bob, TokenText.of(new byte[32])));
    return attempts;
  }

  private String token(String user) {
    return household.issue(user, new TokenScope.Unsaid()).text().value();
  }
}
