package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.conformance.ForeignClient.Reply;
import dev.yaoku.server.Tenant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Sends requests that are broken, and breaks what is not the body: who asks, path and query. */
final class BrokenRequests {
  /** An import that does not open is one of the tries that its token has, and they are counted. */
  private static final String TRIED = "KMS.0311";

  private static final Set<String> ASK_ABOUT_ANY_KEY = Set.of("ListAliases", "CheckAccess");

  private final Walk walk;
  private final Outcomes outcomes;
  private final Tenant stranger;

  /** What another tenant calls its own, by the walk's names for such things. */
  private final Map<String, String> strangers;

  BrokenRequests(Walk walk, Outcomes outcomes) {
    this.walk = walk;
    this.outcomes = outcomes;
    this.stranger = Tenant.another(walk.server);
    this.strangers = belongings(stranger);
  }

  private static Map<String, String> belongings(Tenant stranger) {
    String key = stranger.key("theirs", "");
    String grant = "{'key_id':'" + key + "','grantee_principal':'a','operations':['describe-key']}";
    String keystore = "{'keystore_alias':'theirs','hsm_cluster_id':'c','hsm_ca_cert':'x'}";
    String keySpace = "{'keyspace_id':'" + SpoiledBody.NO_SUCH_KEY + "',";
    String policy = keySpace + "'policy_name':'theirs','policy':'{}'}";
    String point = keySpace + "'access_point_name':'theirs','type':3}";
    return Map.of(
        "key", key,
        "other", stranger.key("other", ""),
        "external", stranger.key("external", "'origin':'external'"),
        "signing", stranger.key("signing", "'key_spec':'EC_P256'"),
        "agreeing", stranger.key("agreeing", "'key_spec':'EC_P256','key_usage':'KEY_AGREEMENT'"),
        "mac_key", stranger.key("mac", "'key_spec':'HMAC_256'"),
        "grant", stranger.ok("create-grant", grant).text("/grant_id"),
        "policy", stranger.ok("key-policies", policy).text("/policy_id"),
        "access_point", stranger.ok("access-points", point).text("/access_point_id"),
        "keystore", stranger.call("POST", "/keystores", keystore).text("/keystore/keystore_id"));
  }

  /** Unsigned, in another's project, about what another has or nobody, with a wrong query. */
  void breakAround(Step step, Map<String, String> names) {
    String target = walk.fill(step.target(), names);
    String body = walk.body(step, names);
    outcomes.of(step, walk.client.unsigned(step.method(), target));
    if (target.contains(walk.client.project)) {
      expect(step, target.replace(walk.client.project, stranger.project), body, "KMS.0321");
    }
    swapForAnothers(step, names);
    Subject subject = Subject.of(step);
    if (!subject.variable.isEmpty() && step.target().contains(subject.variable)) {
      String id = names.getOrDefault(subject.variable.substring(1), "");
      expect(step, target.replace(id, "no-id"), body, "KMS.0205");
      boolean list = step.operation().equals("ListAliases"); // empty then (quirk D14)
      expect(
          step, target.replace(id, SpoiledBody.NO_SUCH_KEY), body, list ? Outcomes.OK : "KMS.0207");
    }
    outcomes.of(step, walk.send(step, target, body));
    breakQuery(step, target);
  }

  /** With ids that are valid, but another tenant's, it is as if there were no such thing. */
  private void swapForAnothers(Step step, Map<String, String> names) {
    strangers.forEach((variable, id) -> {
      String place = "$" + variable;
      // A policy may name any place.
      String asked = variable.equals("access_point") ? step.target() : step.target() + step.body();
      boolean named = asked.matches("(?s).*\\" + place + "(?![a-z_]).*");
      if (named) {
        Map<String, String> swapped = new HashMap<>(names);
        swapped.put(variable, id);
        String code =
            switch (ASK_ABOUT_ANY_KEY.contains(step.operation()) ? "list" : variable) {
              case "list" -> Outcomes.OK; // and empty, or no, as for any unknown key (quirk D14)
              case "keystore" -> "KMS.8003";
              case "grant" -> "KMS.2501";
              default -> "KMS.0207";
            };
        expect(step, walk.fill(step.target(), swapped), walk.body(step, swapped), code);
      }
    });
  }

  /** Numbers in the query that are none, or too small, or there twice. */
  private void breakQuery(Step step, String target) {
    int mark = target.indexOf('?');
    if (mark < 0) {
      return;
    }
    Map<String, String> codes =
        Map.of("limit", "KMS.1601", "marker", "KMS.1602", "offset", "KMS.0417");
    for (String parameter : target.substring(mark + 1).split("&", -1)) {
      String name = parameter.split("=", 2)[0];
      String code = codes.get(name);
      for (String wrong : List.of("x", "-1", "1.5", "%E2%98%83")) {
        if (code != null) {
          expect(step, target.replace(parameter, name + "=" + wrong), "", code);
        }
      }
      expect(step, target + "&" + parameter, "", "KMS.0214");
    }
  }

  private void expect(Step step, String target, String body, String code) {
    assertThat(send(step, target, body)).as(step.operation() + " " + target).isEqualTo(code);
  }

  /** Sends a broken request. What is refused changes nothing, and has its event in the log. */
  String send(Step step, String target, String body) {
    long changes = walk.server.changes();
    Reply reply = walk.send(step, target, body);
    String outcome = outcomes.of(step, reply);
    boolean proved =
        !step.operation().startsWith("CreateToken") // its caller is nobody yet
            && !outcome.equals("KMS.0214"); // nor is one whose address means nothing
    if (proved) {
      assertThat(walk.recorded(reply)).as("event of " + step.operation()).isTrue();
    }
    if (!outcome.equals(Outcomes.OK)) {
      assertThat(walk.server.changes())
          .as(step.operation() + " was refused with " + outcome + " and changed something")
          .isEqualTo(changes + (outcome.equals(TRIED) ? 1 : 0));
    }
    return outcome;
  }
}
