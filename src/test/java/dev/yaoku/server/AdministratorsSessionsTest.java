package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An administrator loses nothing by a policy that is taken away, and stays: whoever is none must
 * not be able to log one out.
 */
class AdministratorsSessionsTest {
  private static final AtomicInteger NAMES = new AtomicInteger();

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant administrator;
  private static Tenant manager;
  private Tenant member;
  private String group = "";

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of());
    administrator = Tenant.first(server);
    manager = administrator.colleague();
    String policy =
        policy(
            "'iam:permissions:grantRole','iam:permissions:revokeRole',"
                + "'iam:groups:deleteGroup','iam:roles:deleteRole'");
    administrator.send("PUT", ofAccount("users/" + manager.user, policy), "").is(204);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void aGroupOfTwo() {
    member = administrator.colleague();
    group =
        administrator
            .send("POST", "/v3/groups", "{'group':{'name':'" + name("group") + "'}}")
            .is(201)
            .text("/group/id");
    for (Tenant one : new Tenant[] {administrator, member}) {
      administrator.send("PUT", "/v3/groups/" + group + "/users/" + one.user, "").is(204);
    }
  }

  private static String name(String what) {
    return what + "-" + NAMES.incrementAndGet();
  }

  private static String policy(String actions) {
    return administrator
        .send(
            "POST",
            "/v3.0/OS-ROLE/roles",
            "{'role':{'display_name':'%s','type':'AX','policy':{'Version':'5.0','Statement':[{'Effect':'Allow','Action':[%s]}]}}}"
                .formatted(name("policy"), actions))
        .is(201)
        .text("/role/id");
  }

  private static String ofAccount(String holder, String policy) {
    return "/v3/domains/" + administrator.account + "/" + holder + "/roles/" + policy;
  }

  private static Temporary session(Tenant who) {
    String body = "{'auth':{'identity':{'methods':['token']}}}";
    return Temporary.of(server, who.send("POST", "/v3.0/OS-CREDENTIAL/securitytokens", body));
  }

  private static int asks(Temporary session) {
    return session.send("GET", "/v3/auth/projects", "").status();
  }

  private static String tokenOf(Tenant who) {
    return server
        .logIn(
            "{'auth':{'identity':{'methods':['password'],'password':{'user':{'id':'%s','password':'%s'}}}}}"
                .formatted(who.user, server.known("password")))
        .headers()
        .firstValue("X-Subject-Token")
        .orElseThrow();
  }

  /** Both are in; then something is taken, and only the one who lost something is out. */
  private void onlyTheMemberIsLoggedOutBy(String method, String path, int status) {
    Temporary ofAdministrator = session(administrator);
    Temporary ofMember = session(member);
    String token = tokenOf(administrator);
    assertThat(asks(ofMember)).isEqualTo(200);

    Reply taken = manager.send(method, path, "");
    taken.is(status);

    assertThat(asks(ofMember)).isEqualTo(401);
    assertThat(asks(ofAdministrator)).isEqualTo(200);
    assertThat(server.byToken(token, "GET", "/v3/auth/projects", "").statusCode()).isEqualTo(200);
  }

  @Test
  void whereAGroupLosesAPolicyTheAdministratorInItStays() {
    String held = ofAccount("groups/" + group, policy("'iam:users:listUsers'"));
    manager.send("PUT", held, "").is(204);
    onlyTheMemberIsLoggedOutBy("DELETE", held, 204);
  }

  @Test
  void whereAGroupGoesTheAdministratorInItStays() {
    manager.send("PUT", ofAccount("groups/" + group, policy("'iam:users:listUsers'")), "").is(204);
    onlyTheMemberIsLoggedOutBy("DELETE", "/v3/groups/" + group, 204);
  }

  @Test
  void whereAPolicyGoesTheAdministratorsWhoHeldItStay() {
    String policy = policy("'iam:users:listUsers'");
    manager.send("PUT", ofAccount("groups/" + group, policy), "").is(204);
    administrator.send("PUT", ofAccount("users/" + administrator.user, policy), "").is(204);
    onlyTheMemberIsLoggedOutBy("DELETE", "/v3.0/OS-ROLE/roles/" + policy, 200);
  }
}
