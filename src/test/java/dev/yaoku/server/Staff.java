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

  /** A new user with a password, who holds nothing; by id. */
  String user() {
    return made(",'password':'" + PASSWORD + "'");
  }

  /** The same with nothing to log in with. */
  String userWithoutPassword() {
    return made("");
  }

  private String made(String more) {
    String order = "{'user':{'name':'%s'%s}}".formatted(name("person"), more);
    return owner.send("POST", "/v3/users", order).is(201).text("/user/id");
  }

  /** Somebody new, with a password and an access key, who holds nothing. */
  Tenant person() {
    return signing(user());
  }

  /** The same without a password. */
  Tenant personWithoutPassword() {
    return signing(userWithoutPassword());
  }

  private Tenant signing(String user) {
    Reply made = accessKey(owner, user).is(201);
    return owner.as(user, made.text("/credential/access"), made.text("/credential/secret"));
  }

  /** Asks for an access key of a user. */
  static Reply accessKey(Tenant who, String user) {
    return who.send("POST", CREDENTIALS, "{'credential':{'user_id':'" + user + "'}}");
  }

  /** A new group of these people, which holds nothing; by id. */
  String group(Tenant... members) {
    String order = "{'group':{'name':'" + name("group") + "'}}";
    String id = owner.send("POST", "/v3/groups", order).is(201).text("/group/id");
    for (Tenant member : members) {
      owner.send("PUT", "/v3/groups/" + id + "/users/" + member.user, "").is(204);
    }
    return id;
  }

  /** Somebody who holds these statements in every project, and nothing else. */
  Tenant holding(String... statements) {
    Tenant person = person();
    giveEverywhere(self(person), policy(statements));
    return person;
  }

  /** Gives somebody these statements for the account itself. */
  void ofAccount(Tenant person, String... statements) {
    giveForAccount(self(person), policy(statements));
  }

  /** A person as a holder of policies; a group is {@code groups/…}. */
  static String self(Tenant person) {
    return "users/" + person.user;
  }

  /** Gives a holder a policy in a project. */
  void give(String holder, String project, String policy) {
    owner.send("PUT", inProject(holder, project, policy), "").is(204);
  }

  /** Takes it away again. */
  void take(String holder, String project, String policy) {
    owner.send("DELETE", inProject(holder, project, policy), "").is(204);
  }

  private static String inProject(String holder, String project, String policy) {
    return "/v3/projects/" + project + "/" + holder + "/roles/" + policy;
  }

  /** Gives a holder a policy in every project there is and will be. */
  void giveEverywhere(String holder, String policy) {
    String inherited = "/v3/OS-INHERIT/domains/" + owner.account + "/" + holder + "/roles/";
    owner.send("PUT", inherited + policy + "/inherited_to_projects", "").is(204);
  }

  /** Gives a holder a policy for the account itself. */
  void giveForAccount(String holder, String policy) {
    String ofAccount = "/v3/domains/" + owner.account + "/" + holder + "/roles/";
    owner.send("PUT", ofAccount + policy, "").is(204);
  }

  /** A new policy; by id. */
  String policy(String... statements) {
    String order = role(name("policy"), statements);
    return owner.send("POST", "/v3.0/OS-ROLE/roles", order).is(201).text("/role/id");
  }

  /** What a policy is made or changed with. */
  static String role(String name, String... statements) {
    return "{'role':{'display_name':'%s','type':'XA','policy':{'Version':'5.0','Statement':[%s]}}}"
        .formatted(name, String.join(",", statements));
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
