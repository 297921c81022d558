package dev.yaoku.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Finds things of the account by id or by name: people know names, the API wants ids. What is an id
 * is not looked up, so that rights can be taken away while nothing is read, as on a full disk.
 *
 * @param knownAccount id of the caller's account, where it need not be asked for
 */
record Directory(WireClient client, @Nullable String knownAccount) {
  private static final Pattern ID = Pattern.compile("[0-9a-f]{32}");

  /** Ids of the policies that every account has, which are no hexadecimal digits. */
  private static final Set<String> POLICIES_OF_ALL =
      Set.of(
          "kms_adm",
          "kms_cmk_admin",
          "system_all_38",
          "system_all_39",
          "te_admin",
          "te_agency",
          "te_guest",
          "dew_keypair_full",
          "dew_keypair_read");

  static final String USERS = "/v3/users";
  static final String GROUPS = "/v3/groups";
  static final String AGENCIES = "/v3.0/OS-AGENCY/agencies";
  static final String OWN_POLICIES = "/v3.0/OS-ROLE/roles";
  static final String ALL_POLICIES = "/v3/roles";
  static final String ACCOUNTS = "/v3/OS-YAOKU/accounts";
  static final String PROJECTS = "/v3/auth/projects";

  String user(String text) throws IOException {
    return id("user", text, () -> all(USERS, "users"), "name");
  }

  String group(String text) throws IOException {
    return id("group", text, () -> all(GROUPS, "groups"), "name");
  }

  String agency(String text) throws IOException {
    return id("agency", text, () -> all(AGENCIES + "?domain_id=" + account(), "agencies"), "name");
  }

  String project(String text) throws IOException {
    return id("project", text, () -> all(PROJECTS, "projects"), "name");
  }

  /** One of the account's own policies. */
  String ownPolicy(String text) throws IOException {
    return id("policy", text, () -> all(OWN_POLICIES, "roles"), "display_name");
  }

  /** One of the account's own policies, or of every account's. */
  String policy(String text) throws IOException {
    return POLICIES_OF_ALL.contains(text)
        ? text
        : id("policy", text, this::policies, "display_name");
  }

  List<JsonNode> policies() throws IOException {
    List<JsonNode> both = new ArrayList<>(all(OWN_POLICIES, "roles"));
    both.addAll(all(ALL_POLICIES, "roles"));
    return both;
  }

  /** Any account of the installation, for its operators. */
  String anyAccount(String text) throws IOException {
    return id("account", text, () -> all(ACCOUNTS, "accounts"), "name");
  }

  /** The caller's account. */
  String account() throws IOException {
    if (knownAccount != null) {
      return knownAccount;
    }
    return client.get("/v3/auth/domains").at("/domains/0/id").asString();
  }

  /** A list. */
  List<JsonNode> all(String path, String member) throws IOException {
    return client.get(path).at("/" + member).valueStream().toList();
  }

  /** Asks the server. */
  private interface Asking {
    List<JsonNode> all() throws IOException;
  }

  private static String id(String what, String text, Asking asking, String name)
      throws IOException {
    if (ID.matcher(text).matches()) {
      return text;
    }
    List<JsonNode> all = asking.all();
    return all.stream()
        .filter(one -> one.at("/id").asString().equals(text))
        .findFirst()
        .or(() ->
            all.stream().filter(one -> one.at("/" + name).asString().equals(text)).findFirst())
        .map(one -> one.at("/id").asString())
        .orElseThrow(() -> new NotThere(what, text));
  }
}
