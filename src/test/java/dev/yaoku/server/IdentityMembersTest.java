package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Members of answers that clients with typed models read and the calls themselves do not need. */
class IdentityMembersTest {
  private static final String POLICY =
      "{'role':{'display_name':'of red keys','type':'XA','policy':{'Version':'1.1',"
          + "'Statement':[{'Effect':'Allow','Action':['kms:cmk:get']}]}}}";

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of());
    owner = Tenant.first(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void aChangedProjectHasNothingElse() {
    String path = "/v3/projects/" + owner.project;
    Reply changed = owner.send("PATCH", path, "{'project':{'description':'ours'}}").is(200);
    assertThat(changed.at("/project/extra")).hasToString("{}");
    assertThat(owner.send("GET", path, "").is(200).at("/project").has("extra")).isFalse();
  }

  @Test
  void aUserWasInNoProjectOfAConsole() {
    Reply user = owner.send("GET", "/v3/users/" + owner.user, "").is(200);
    assertThat(user.text("/user/last_project_id")).isEmpty();
  }

  @Test
  void anAgencySaysItsResourceName() {
    String body = "{'agency':{'name':'auditors','trust_domain_id':'%s'}}".formatted(owner.account);
    Reply made = owner.send("POST", "/v3.0/OS-AGENCY/agencies", body).is(201);
    assertThat(made.text("/agency/agency_urn"))
        .isEqualTo("iam::" + owner.account + ":agency:auditors");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "permission_type=role| KMS Administrator, Tenant Administrator, Tenant Guest, Agent"
            + " Operator",
        "permission_type=role&display_name=Tenant| Tenant Administrator, Tenant Guest",
        "permission_type=policy&display_name=KMS%20CMK%20Admin| KMS CMK Admin",
        "display_name=KMS%20CMKFull| KMS CMKFullAccess",
        "display_name=nothing| ''"
      })
  void permissionsOfEverybodyAreFoundByKindAndName(String query, String names) {
    Reply found = owner.send("GET", "/v3/roles?" + query, "").is(200);
    List<String> shown = new ArrayList<>();
    found.at("/roles").forEach(role -> shown.add(role.at("/display_name").stringValue()));
    assertThat(String.join(", ", shown)).isEqualTo(names);
  }

  @Test
  void aPolicySaysHowOftenItIsHeld() {
    String id = owner.send("POST", "/v3.0/OS-ROLE/roles", POLICY).is(201).text("/role/id");
    String path = "/v3.0/OS-ROLE/roles/" + id;
    assertThat(owner.send("GET", path, "").is(200).at("/role/references").intValue()).isZero();
    String holding = "/v3/projects/" + owner.project + "/users/" + owner.user + "/roles/" + id;
    owner.send("PUT", holding, "").is(204);
    assertThat(owner.send("GET", path, "").is(200).at("/role/references").intValue()).isOne();
  }
}
