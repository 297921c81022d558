package dev.yaoku.server;

import dev.yaoku.server.Tenant.Reply;
import java.util.concurrent.atomic.AtomicInteger;

/** The people of an account, whom its administrator makes and gives policies. */
final class Staff {
  static final String PASSWORD = "Correct-Horse-1";

  private static final String CREDENTIALS = "/v3.0/OS-CREDENTIAL/credentials";
  private static final AtomicInteger NAMES = new AtomicInteger();

  private final Tenant owner;

  Staff(Tenant owner) {
    this.owner = owner;
  }

  /** A name that nothing else has. */
  static String name(String what) {
    return what + "-" + NAMES.incrementAndGet();
  }

  /** Somebody new, with a password and an access key, who holds nothing. */
  Tenant person() {
    String order = "{'user':{'name':'%s','password':'%s'}}".formatted(name("person"), PASSWORD);
    String id = owner.send("POST", "/v3/users", order).is(201).text("/user/id");
    Reply made = owner.send("POST", CREDENTIALS, "{'credential':{'user_id':'" + id + "'}}").is(201);
    return owner.as(id, made.text("/credential/access"), made.text("/credential/secret"));
  }

  /** Somebody who holds these statements in every project, and nothing else. */
  Tenant holding(String... statements) {
    Tenant person = person();
    String path = "/users/" + person.user + "/roles/" + policy(statements);
    String inherited = "/v3/OS-INHERIT/domains/" + owner.account + path + "/inherited_to_projects";
    owner.send("PUT", inherited, "").is(204);
    return person;
  }

  /** Gives somebody these statements for the account itself. */
  void ofAccount(Tenant person, String... statements) {
    String path = "/users/" + person.user + "/roles/" + policy(statements);
    owner.send("PUT", "/v3/domains/" + owner.account + path, "").is(204);
  }

  private String policy(String... statements) {
    String order =
        "{'role':{'display_name':'%s','type':'XA','policy':{'Version':'5.0','Statement':[%s]}}}"
            .formatted(name("policy"), String.join(",", statements));
    return owner.send("POST", "/v3.0/OS-ROLE/roles", order).is(201).text("/role/id");
  }

  /** A statement without a condition. */
  static String allow(String actions) {
    return "{'Effect':'Allow','Action':[%s]}".formatted(actions);
  }

  /** A statement with a condition. */
  static String allow(String actions, String operator, String key, String value) {
    return conditional("Allow", actions, operator, key, value);
  }

  /** A statement that denies under a condition. */
  static String deny(String actions, String operator, String key, String value) {
    return conditional("Deny", actions, operator, key, value);
  }

  private static String conditional(
      String effect, String actions, String operator, String key, String value) {
    return "{'Effect':'%s','Action':[%s],'Condition':{'%s':{'%s':['%s']}}}"
        .formatted(effect, actions, operator, key, value);
  }
}
