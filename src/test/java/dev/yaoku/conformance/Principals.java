package dev.yaoku.conformance;

import dev.yaoku.server.LiveServer;
import dev.yaoku.server.Tenant;
import dev.yaoku.server.Tenant.Reply;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.EnumMap;
import java.util.Map;

/** Six principals of one account with different rights, and how each of them asks. */
final class Principals {
  /** Who asks. */
  enum Who {
    ADMINISTRATOR,
    KEY_USER,
    READER,
    NOBODY,
    GRANTEE,
    EXPIRED
  }

  private static final String KEY_USER_POLICY =
      "{'Version':'1.1','Statement':[{'Effect':'Allow','Action':['kms:cmk:crypto','kms:cmk:get',"
          + "'kms:cmk:list','kms:cmk:sign','kms:cmk:verify','kms:cmk:generateMac',"
          + "'kms:cmk:verifyMac','kms:cmk:getPublicKey','kms:cmk:generate','kms:dek:create',"
          + "'kms:dek:crypto']}]}";
  private static final String READER_POLICY = "system_all_39";
  private static final String PASSWORD = "Correct-Horse-1";

  private final Walk walk;
  private final LiveServer server;

  /** Who administers the account. */
  final Tenant owner;

  private final Map<Who, Tenant> people = new EnumMap<>(Who.class);
  private final String expired;

  /** Makes them; the clock then goes on until the token of one has expired. */
  Principals(Walk walk) {
    this.walk = walk;
    this.server = walk.server;
    this.owner = Tenant.first(server);
    people.put(Who.ADMINISTRATOR, owner);
    people.put(Who.KEY_USER, holding("key-user", ownPolicy()));
    people.put(Who.READER, holding("reader", READER_POLICY));
    people.put(Who.NOBODY, holding("nobody", ""));
    people.put(Who.GRANTEE, holding("grantee", ""));
    this.expired = token();
    owner.send("POST", "/dev/clock", "{'forward_seconds':120}").is(200);
  }

  private Tenant holding(String name, String policy) {
    String body = "{'user':{'name':'" + name + "','password':'" + PASSWORD + "'}}";
    String id = owner.send("POST", "/v3/users", body).is(201).text("/user/id");
    Reply key =
        owner.send(
            "POST", "/v3.0/OS-CREDENTIAL/credentials", "{'credential':{'user_id':'" + id + "'}}");
    if (!policy.isEmpty()) {
      owner
          .send("PUT", "/v3/projects/" + owner.project + "/users/" + id + "/roles/" + policy, "")
          .is(204);
    }
    return owner.as(id, key.text("/credential/access"), key.text("/credential/secret"));
  }

  private String ownPolicy() {
    return owner
        .send(
            "POST",
            "/v3.0/OS-ROLE/roles",
            "{'role':{'display_name':'using keys','type':'XA','policy':" + KEY_USER_POLICY + "}}")
        .is(201)
        .text("/role/id");
  }

  private String token() {
    return tokenOf(
        server.known("user_name"), server.known("password"), server.known("domain_name"));
  }

  private String tokenOf(String user, String password, String domain) {
    String body =
        ("{'auth':{'identity':{'methods':['password'],'password':{'user':{'name':'%s',"
                + "'password':'%s','domain':{'name':'%s'}}}},'scope':{'project':{'name':'%s'}}}}")
            .formatted(user, password, domain, server.known("project_name"));
    HttpResponse<String> answer =
        server.send(
            server
                .to("/v3/auth/tokens")
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(body.replace('\'', '"'))));
    return answer.headers().firstValue("x-subject-token").orElseThrow();
  }

  /** What somebody is answered who takes a step with these names in it. */
  Reply ask(Who who, Step step, Map<String, String> names) {
    String target = walk.fill(step.target(), names);
    String body = walk.fill(step.body(), names);
    Tenant asking = people.get(who);
    if (asking != null) {
      return asking.send(step.method(), target, body);
    }
    HttpResponse<String> answer =
        server.send(
            server
                .to(target)
                .header("content-type", "application/json")
                .header("x-auth-token", expired)
                .method(step.method(), BodyPublishers.ofString(body.replace('\'', '"'))));
    return new Reply(answer.statusCode(), answer);
  }

  /** Of whom the id of the user is needed. */
  String userOf(Who who) {
    return people.getOrDefault(who, owner).user;
  }
}
