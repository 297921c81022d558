package dev.yaoku.server;

import static java.time.temporal.ChronoUnit.DAYS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.TestPki;
import dev.yaoku.access.federation.Issuer;
import dev.yaoku.cli.CommandRun;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Users, groups, access keys, policies, agencies and projects by commands, on a real server. */
class IamCommandsTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String READING =
      """
      {"Version":"1.1","Statement":[{"Effect":"Allow","Action":["kms:cmk:list","kms:cmk:get"]}]}
      """;

  @TempDir Path scratch;
  private LiveServer server;
  private Map<String, String> environment = Map.of();

  @BeforeEach
  void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of());
    environment = as(server.known("ak"), server.known("sk"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Map<String, String> as(String accessKey, String secretKey) {
    Map<String, String> variables = new HashMap<>();
    variables.put("HUAWEICLOUD_SDK_AK", accessKey);
    variables.put("HUAWEICLOUD_SDK_SK", secretKey);
    variables.put("HUAWEICLOUD_SDK_PROJECT_ID", server.known("project_id"));
    variables.put("YAOKU_ENDPOINT", server.endpoint());
    return variables;
  }

  private String run(String... words) {
    CommandRun done = CommandRun.of(environment, words);
    assertThat(done.exitCode()).as(String.join(" ", words) + ": " + done.err()).isZero();
    return done.out();
  }

  private CommandRun refused(String... words) {
    CommandRun done = CommandRun.of(environment, words);
    assertThat(done.exitCode()).as(done.out()).isEqualTo(1);
    return done;
  }

  private JsonNode json(String... words) {
    List<String> more = new ArrayList<>(Arrays.asList(words));
    more.add("--json");
    return JSON.readTree(run(more.toArray(String[]::new)));
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(scratch.resolve(name), text);
  }

  @Test
  void aUserGetsAnAccessKeyAndAPolicyAndCanUseThem() throws IOException {
    server.kms("create-key", "{'key_alias':'orders'}", "/key_info/key_id");
    run("user", "create", "bob", "--description", "of the shop");
    JsonNode key = json("access-key", "create", "bob");
    assertThat(key.at("/secret").asString()).hasSize(40);
    assertThat(run("access-key", "list", "bob"))
        .contains(key.at("/access").asString(), "active")
        .doesNotContain(key.at("/secret").asString());
    String policy = file("policy.json", READING).toString();
    run("policy", "create", "reading", "--file", policy);
    run("policy", "attach", "reading", "--user", "bob", "--in-all-projects");
    assertThat(can("bob", "list-keys").exitCode()).isZero();
    assertThat(can("bob", "create-key").exitCode()).isEqualTo(4);

    run("access-key", "disable", key.at("/access").asString());
    assertThat(json("access-key", "show", key.at("/access").asString()).at("/status").asString())
        .isEqualTo("inactive");
    run("access-key", "enable", key.at("/access").asString());
    environment = as(key.at("/access").asString(), key.at("/secret").asString());
    CommandRun mine = refused("user", "create", "carol");
    assertThat(mine.err()).contains("request id: ");
  }

  @Test
  void whetherAnAgencyMayBeAssumedIsToldByItsName() throws IOException {
    run("user", "create", "bob");
    String agency =
        json("agency", "create", "audit", "--trust", server.known("domain_name"))
            .at("/id")
            .asString();
    String policy =
        file(
                "assuming.json",
                """
                {"Version":"1.1","Statement":[{"Effect":"Allow","Action":["iam:agencies:assume"],
                  "Resource":{"uri":["/iam/agencies/%s"]}}]}
                """
                    .formatted(agency))
            .toString();
    run("policy", "create", "assuming", "--file", policy);
    run("policy", "attach", "assuming", "--user", "bob", "--in-account");

    for (String action : List.of("iam:tokens:assume", "iam:agencies:assume", "assume-agency")) {
      assertThat(can("bob", action, "--agency", "audit").out()).startsWith("yes  assume-agency");
      assertThat(can("bob", action, "--agency", "other").exitCode()).isEqualTo(4);
    }
    assertThat(
            can("bob", "assume-agency", "--agency", "audit", "--account", "f".repeat(32))
                .exitCode())
        .isEqualTo(4);
    assertThat(can("bob", "list-keys", "--agency", "audit").err()).contains("iam:tokens:assume");
  }

  @Test
  void namesOfBothGenerationsOfPoliciesAreActions() {
    run("user", "create", "bob");

    assertThat(can("bob", "kms:cmk:encryptData").out()).startsWith("no   encrypt-data");
  }

  @Test
  void everyOperationOfTheApiIsAnActionByItsPathAndByItsName() {
    run("user", "create", "bob");
    JsonNode paths = JSON.readTree(server.send(server.to("/openapi.json")).body()).at("/paths");
    List<String> unknown = new ArrayList<>();
    for (String path : paths.propertyNames()) {
      if (path.matches("/v1.0/\\{project_id}/kms/[a-z-]+")) {
        List<String> names = new ArrayList<>(paths.get(path).findValuesAsString("operationId"));
        names.add(path.substring(path.lastIndexOf('/') + 1));
        for (String name : names) {
          CommandRun answer = can("bob", name);
          if (answer.exitCode() != 4) {
            unknown.add(name + ": " + answer);
          }
        }
      }
    }
    assertThat(unknown).isEmpty();
    assertThat(can("bob", "aliases").out())
        .as("one path, and a method each")
        .contains("create-alias", "delete-alias", "list-aliases");
    for (String noName : List.of("enable", "action", "{key_id}", "")) {
      assertThat(can("bob", noName).exitCode()).as("a part of a path: " + noName).isEqualTo(1);
    }
  }

  private CommandRun can(String... question) {
    return CommandRun.of(
        environment,
        Stream.concat(Stream.of("can"), Arrays.stream(question)).toArray(String[]::new));
  }

  @Test
  void anAccountIsMadeAndWhatIsPrintedIsAFileOfCredentials() throws IOException {
    Path credentials = file("acme", run("account", "create", "acme"));
    String[] asTheirs = {"user", "list", "--credentials", credentials.toString()};
    assertThat(run(asTheirs)).contains("admin");
    assertThat(Files.readString(credentials))
        .as("for the SDK for Python and for calls about the account, too")
        .contains("[global]", "[basiccredentials]", "[globalcredentials]");
    assertThat(run("account", "list")).contains("acme", "yaoku");

    run("account", "disable", "acme");
    assertThat(CommandRun.of(environment, asTheirs).exitCode()).isEqualTo(1);
    run("account", "enable", "acme");
    assertThat(run(asTheirs)).contains("admin");
    assertThat(refused("account", "disable", "nobody").err()).contains("nobody");
    assertThat(refused("account", "disable", "yaoku").err()).contains("cannot be disabled");
  }

  /** Whoever is handed the file is seldom on the server's machine. */
  @Test
  void thatTheFileOfAnAccountNamesALoopbackAddressIsSaidBesideIt() {
    CommandRun made = CommandRun.of(environment, "account", "create", "acme");

    assertThat(made.exitCode()).isZero();
    assertThat(made.out()).contains("endpoint = " + server.endpoint());
    assertThat(made.err()).contains(server.endpoint(), "--endpoint");
  }

  @Test
  void aRefusalOfAUserIsExplainedToTheAdministrator() throws IOException {
    run("user", "create", "bob");
    JsonNode key = json("access-key", "create", "bob");
    Map<String, String> administrator = environment;
    environment = as(key.at("/access").asString(), key.at("/secret").asString());
    String request =
        refused("key", "create-default", "obs").err().lines().toList().getLast().substring(12);
    assertThat(refused("explain", request).err()).contains("KMS.0307");
    environment = administrator;

    assertThat(run("explain", request))
        .contains("bob", "yaoku:key:createDefault", "No statement allows it.");
  }

  @Test
  void aGroupHasMembersAndPolicies() {
    run("user", "create", "bob");
    run("group", "create", "staff");
    run("group", "add", "staff", "bob");
    assertThat(run("group", "members", "staff")).contains("bob");
    run(
        "policy",
        "attach",
        "KMS CMKReadOnlyAccess",
        "--group",
        "staff",
        "--in-project",
        server.known("project_name"));
    assertThat(can("bob", "list-keys").exitCode()).isZero();
    run(
        "policy",
        "detach",
        "KMS CMKReadOnlyAccess",
        "--group",
        "staff",
        "--in-project",
        server.known("project_name"));
    assertThat(can("bob", "list-keys").exitCode()).isEqualTo(4);
    run("group", "remove", "staff", "bob");
    assertThat(run("group", "members", "staff")).doesNotContain("bob");
    run("group", "delete", "staff");
    assertThat(run("group", "list")).doesNotContain("staff");
  }

  @Test
  void anAgencyOfAnotherAccountsUsersHoldsPoliciesUntilItIsRemoved() {
    JsonNode agency =
        json(
            "agency",
            "create",
            "auditors",
            "--trust",
            server.known("domain_name"),
            "--description",
            "look only");
    assertThat(agency.at("/name").asString()).isEqualTo("auditors");
    assertThat(run("agency", "list")).contains(agency.at("/id").asString(), "look only");
    String[] holding = {
      "KMS CMKReadOnlyAccess", "--agency", "auditors", "--in-project", server.known("project_name")
    };
    run("policy", "attach", holding[0], holding[1], holding[2], holding[3], holding[4]);
    run("policy", "detach", holding[0], holding[1], holding[2], holding[3], holding[4]);

    run("agency", "delete", "auditors");
    assertThat(run("agency", "list")).doesNotContain("auditors");
    assertThat(refused("agency", "delete", "auditors").err()).contains("auditors");
  }

  @Test
  void aPasswordComesFromAFileAndIsPrintedNowhere() throws IOException {
    String password = "Correct-Horse-9";
    Path file = file("password", password + "\n");

    assertThat(run("user", "create", "bob", "--password-file", file.toString()))
        .doesNotContain(password);
    run("user", "password", "bob", "--password-file", file.toString());
    run("user", "disable", "bob");
    assertThat(json("user", "show", "bob").at("/enabled").asBoolean()).isFalse();
    run("user", "enable", "bob");
    run("user", "delete", "bob");
    assertThat(run("user", "list")).doesNotContain("bob").contains("admin");
  }

  @Test
  void aPolicyIsShownChangedAndRemoved() throws IOException {
    String policy = file("policy.json", READING).toString();
    run("policy", "create", "reading", "--file", policy);
    assertThat(run("policy", "list")).contains("reading", "KMS Administrator");
    assertThat(run("policy", "show", "reading")).contains("kms:cmk:list");
    file("policy.json", READING.replace("kms:cmk:list", "kms:cmk:create"));
    run("policy", "update", "reading", "--file", policy);
    assertThat(json("policy", "show", "reading").at("/policy").toString())
        .contains("kms:cmk:create");
    run("policy", "delete", "reading");
    assertThat(run("policy", "list")).doesNotContain("reading");
  }

  @Test
  void aProjectIsMadeSuspendedAndResumed() {
    String name = server.known("region") + "_orders";
    run("project", "create", name);
    run("project", "suspend", name);
    assertThat(run("project", "list")).contains(name);
    run("project", "resume", name);
  }

  @Test
  void anIdentityProviderIsMadeWithItsKeysAndRules() throws IOException {
    run("user", "create", "bob");
    Issuer issuer = new Issuer("");
    String keys = file("keys.json", issuer.keySet()).toString();
    String rules =
        "[{'remote':[{'type':'sub'}],'local':[{'user':{'name':'{0}'}}]}]".replace('\'', '"');
    JsonNode made =
        json(
            "idp",
            "create",
            "cluster",
            "--issuer",
            "https://accounts.example.com",
            "--audience",
            "yaoku",
            "--audience",
            "other",
            "--key-set",
            keys,
            "--algorithm",
            "ES256",
            "--mapping",
            file("rules.json", rules).toString());
    assertThat(made.at("/rules").toString()).isEqualTo(rules);
    assertThat(made.at("/audiences").size()).isEqualTo(2);
    assertThat(comesIn(issuer, "bob")).isEqualTo(201);

    run("idp", "disable", "cluster");
    assertThat(run("idp", "list")).contains("cluster", "false");
    assertThat(comesIn(issuer, "bob")).isEqualTo(401);
    run("idp", "enable", "cluster");
    JsonNode changed = json("idp", "update", "cluster", "--issuer", "https://other.example.com");
    assertThat(changed.at("/idp_url").asString()).isEqualTo("https://other.example.com");
    assertThat(changed.at("/rules").toString()).isEqualTo(rules);
    assertThat(comesIn(issuer, "bob")).isEqualTo(401);
    run("idp", "delete", "cluster");
    assertThat(refused("idp", "show", "cluster").err()).contains("request id: ");
  }

  private int comesIn(Issuer issuer, String user) {
    long now = Instant.now().getEpochSecond();
    String token = issuer.idToken(user, now, now + 600);
    String body = "{\"auth\":{\"id_token\":{\"id\":\"" + token + "\"}}}";
    return server
        .send(
            server
                .to("/v3.0/OS-AUTH/id-token/tokens")
                .header("x-idp-id", "cluster")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)))
        .statusCode();
  }

  @Test
  void aProviderWhoseSettingsAreRefusedIsNotMadeByHalf() throws IOException {
    String keys = file("keys.json", "no keys").toString();
    refused(
        "idp",
        "create",
        "cluster",
        "--issuer",
        "https://a.example.com",
        "--audience",
        "yaoku",
        "--key-set",
        keys);
    assertThat(run("idp", "list")).doesNotContain("cluster");
  }

  @Test
  void anAuthorityIsTrustedAndANameInItsCertificatesAssigned() throws Exception {
    run("user", "create", "bob");
    Instant now = Instant.now();
    String pem = new TestPki("CN=workloads", now.minus(1, DAYS), now.plus(30, DAYS)).pem();
    run("authority", "create", "workloads", "--certificate", file("ca.pem", pem).toString());
    run("authority", "assign", "workloads", "uri:spiffe://example.com/web", "bob");
    JsonNode shown = json("authority", "show", "workloads");
    assertThat(shown.at("/names/0/name").asString()).isEqualTo("uri:spiffe://example.com/web");
    run("authority", "disable", "workloads");
    assertThat(run("authority", "list")).contains("workloads", "false", "CN=workloads");
    run("authority", "enable", "workloads");
    run("authority", "withdraw", "workloads", "uri:spiffe://example.com/web");
    assertThat(json("authority", "show", "workloads").at("/names").isEmpty()).isTrue();
    run("authority", "delete", "workloads");
    assertThat(run("authority", "list")).doesNotContain("workloads");
    assertThat(CommandRun.of(environment, "authority", "show", "..").exitCode()).isEqualTo(2);
  }

  @Test
  void whatIsNotThereIsSaidByItsName() {
    assertThat(refused("user", "show", "nobody").err())
        .isEqualTo("yaoku: There is no user with the id or name nobody.\n");
    assertThat(refused("group", "members", "nobody").err()).contains("no group");
    assertThat(CommandRun.of(environment, "access-key", "delete", "../x").exitCode()).isEqualTo(2);
  }
}
