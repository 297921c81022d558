package dev.yaoku.service;

import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static dev.yaoku.service.Household.PROJECT;
import static dev.yaoku.service.Household.SECOND_PROJECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Caller;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Rows;
import java.io.IOException;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whoever may rename some things only gives them names that are among those. */
class NewNamesTest {
  private static final String DOCUMENT =
      """
      {"Version":"5.0","Statement":[{"Effect":"Allow","Action":["kms:cmk:get"]}]}\
      """;

  @TempDir private Path directory;
  private Household household;
  private IdentityServices services;

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
    services = household.services;
  }

  @AfterEach
  void close() {
    household.close();
  }

  private Caller alice() {
    return household.caller(ALICE);
  }

  private Caller bob() {
    Caller bob = household.caller(BOB);
    bob.prepare();
    return bob;
  }

  private void mayOnly(String action, String type, String names) {
    household.allow(BOB, action, "iam:*:*:" + type + ":" + names);
  }

  private static void isNotAllowed(ThrowingCallable call) {
    assertThat(Refused.problem(call)).isInstanceOf(Problem.NotAllowed.class);
  }

  private Users.User rename(String user, String name) {
    return services.users().update(bob(), user, new Users.Change(name, null, null, null, null));
  }

  @Test
  void aUserIsGivenNoNameThatTheRightLeavesOut() {
    mayOnly("iam:users:updateUser", "user", "tmp-*");
    String user =
        services.users().create(alice(), new Users.Order("tmp-a", null, true, "", "")).id();

    assertThat(rename(user, "tmp-b").name()).isEqualTo("tmp-b");
    isNotAllowed(() -> rename(user, "boss"));
    isNotAllowed(() -> rename(BOB, "tmp-bob"));
    assertThat(services.users().show(alice(), user).name()).isEqualTo("tmp-b");
  }

  @Test
  void aGroupIsGivenNoNameThatTheRightLeavesOut() {
    mayOnly("iam:groups:updateGroup", "group", "dev-*");
    String group = services.groups().create(alice(), "dev-a", "").id();

    assertThat(services.groups().update(bob(), group, "dev-b", null).name()).isEqualTo("dev-b");
    isNotAllowed(() -> services.groups().update(bob(), group, "prod", null));
    assertThat(services.groups().show(alice(), group).name()).isEqualTo("dev-b");
  }

  @Test
  void aPolicyIsGivenNoNameThatTheRightLeavesOut() {
    mayOnly("iam:roles:updateRole", "policy", "dev-*");
    String policy =
        services.policies().create(alice(), new Policies.Order("dev-a", "", "AX", DOCUMENT)).id();

    services.policies().update(bob(), policy, new Policies.Order("dev-b", "", "AX", DOCUMENT));
    isNotAllowed(() ->
        services.policies().update(bob(), policy, new Policies.Order("prod", "", "AX", DOCUMENT)));
    assertThat(services.policies().show(alice(), policy).name()).isEqualTo("dev-b");
  }

  @Test
  void aProjectIsGivenNoNameThatTheRightLeavesOut() {
    mayOnly("iam:projects:updateProject", "project", "cn-north-4_t*");

    assertThat(services.projects().update(bob(), SECOND_PROJECT, "cn-north-4_three", null).name())
        .isEqualTo("cn-north-4_three");
    isNotAllowed(() -> services.projects().update(bob(), SECOND_PROJECT, "cn-north-4_prod", null));
    isNotAllowed(() -> services.projects().update(bob(), PROJECT, "cn-north-4_two", null));
    assertThat(services.projects().show(alice(), SECOND_PROJECT).name())
        .isEqualTo("cn-north-4_three");
  }

  @Test
  void theProjectOfARegionKeepsItsNameAndGetsItBack() {
    assertThatThrownBy(() -> services.projects().update(alice(), PROJECT, "cn-north-4_a", null))
        .hasMessageContaining("keeps that name");

    household.store.write(tx -> {
      Rows.Project row = tx.project(PROJECT).orElseThrow();
      tx.rights()
          .update(
              new Rows.Project(
                  PROJECT,
                  row.account(),
                  "cn-north-4_renamed",
                  row.region(),
                  true,
                  row.createdAt(),
                  "",
                  row.rowVersion()));
      return true;
    });

    assertThat(services.projects().update(alice(), PROJECT, "cn-north-4", null).name())
        .isEqualTo("cn-north-4");
  }
}
