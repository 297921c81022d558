package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.cli.CommandRun;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The commands against a real server: what they do, print and exit with. */
class CommandsTest {
  private static final JsonMapper JSON = new JsonMapper();

  @TempDir Path scratch;
  private LiveServer server;

  @BeforeEach
  void start() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of("quotas.keys", "200"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private CommandRun run(String... words) {
    return CommandRun.of(Map.of(), with(words));
  }

  private String[] with(String... words) {
    String[] all = java.util.Arrays.copyOf(words, words.length + 4);
    all[words.length] = "--credentials";
    all[words.length + 1] = scratch.resolve("data/credentials").toString();
    all[words.length + 2] = "--endpoint";
    all[words.length + 3] = server.endpoint();
    return all;
  }

  private JsonNode json(String... words) {
    String[] more = java.util.Arrays.copyOf(words, words.length + 1);
    more[words.length] = "--json";
    CommandRun done = run(more);
    assertThat(done.exitCode()).as(done.err()).isZero();
    return JSON.readTree(done.out());
  }

  @Test
  void theClockIsShownAndAccepted() {
    assertThat(run("clock", "show").out()).contains("wall clock  20", "They agree.");
    assertThat(json("clock", "accept").at("/disagree").asBoolean()).isFalse();
  }

  @Test
  void aKeyIsShownAndBroughtBack() {
    String key = server.kms("create-key", "{'key_alias':'old'}", "/key_info/key_id");
    server.kms("schedule-key-deletion", "{'key_id':'" + key + "','pending_days':'7'}", "/key_id");

    assertThat(run("key", "show", key).out())
        .contains("Its material is destroyed at", "yaoku key undelete " + key);
    assertThat(run("key", "undelete", key).out())
        .isEqualTo("Key " + key + " is back, and disabled.\n");
    assertThat(json("key", "show", key).at("/key_state").asString()).isEqualTo("3");
  }

  @Test
  void aKeyIsDisabledAndEnabled() {
    String key = server.kms("create-key", "{'key_alias':'leaked'}", "/key_info/key_id");
    server.kms("aliases", "{'key_id':'" + key + "','alias':'alias/leaked'}", "/alias");

    assertThat(run("key", "disable", "alias/leaked").out())
        .isEqualTo("Key " + key + " is disabled.\n");
    assertThat(state(key)).isEqualTo("3");
    assertThat(run("key", "enable", key).out()).isEqualTo("Key " + key + " is enabled.\n");
    assertThat(state(key)).isEqualTo("2");
    assertThat(run("key", "enable", key).err()).contains("yaoku: KMS.").contains("request id: ");
  }

  @Test
  void theDeletionOfAKeyIsCancelled() {
    String key = server.kms("create-key", "{'key_alias':'needed'}", "/key_info/key_id");
    server.kms("schedule-key-deletion", "{'key_id':'" + key + "','pending_days':'7'}", "/key_id");

    assertThat(run("key", "cancel-deletion", key).out()).isEqualTo("Key " + key + " stays.\n");
    assertThat(state(key)).isEqualTo("3");
    assertThat(run("key", "cancel-deletion", key).exitCode()).isEqualTo(1);
  }

  private String state(String key) {
    return server.kms("describe-key", "{'key_id':'" + key + "'}", "/key_info/key_state");
  }

  /** More than a page holds. */
  @Test
  void allKeysAreListedWithTheirStates() {
    String first = server.kms("create-key", "{'key_alias':'listed-0'}", "/key_info/key_id");
    for (int i = 1; i <= 100; i++) {
      server.kms("create-key", "{'key_alias':'listed-" + i + "'}", "/key_info/key_id");
    }
    server.kms("disable-key", "{'key_id':'" + first + "'}");
    server.kms("create-key", "{'key_alias':'signs','key_spec':'EC_P256'}", "/key_info/key_id");

    assertThat(run("key", "list").out())
        .containsPattern(first + "  listed-0 +AES_256 +disabled\n")
        .containsPattern("listed-100 +AES_256 +enabled\n")
        .containsPattern("signs +EC_P256 +enabled\n");
    assertThat(json("key", "list").at("/key_details")).hasSizeGreaterThan(101);
  }

  @Test
  void aKeyOfACloudServiceIsMadeOnce() {
    assertThat(run("key", "create-default", "obs").out()).startsWith("obs/default was made: ");
    assertThat(run("key", "create-default", "obs").out())
        .startsWith("obs/default was there already: ");
  }

  @Test
  void aGrantIsListedAndRevokedWithItsTree() {
    String key = server.kms("create-key", "{'key_alias':'shared'}", "/key_info/key_id");
    String order =
        "{'key_id':'%s','grantee_principal':'%s','operations':['describe-key']}"
            .formatted(key, "0".repeat(32));
    String first = server.kms("create-grant", order, "/grant_id");
    String second = server.kms("create-grant", order, "/grant_id");

    assertThat(run("grant", "list", key).out()).contains(first, second, "describe-key");
    assertThat(run("grant", "revoke", key, first, "--tree").out())
        .isEqualTo("Revoked " + first + "\n");
    assertThat(run("grant", "revoke", key, second).out()).isEqualTo("Revoked " + second + "\n");
    assertThat(json("grant", "list", key).at("/total").asInt()).isZero();
  }

  @Test
  void whyARequestWasRefusedIsSaidToWhoMayAsk() {
    String key = "00000000-0000-4000-8000-000000000000";
    String request =
        run("key", "show", key).err().lines().toList().getLast().substring("request id: ".length());

    assertThat(run("explain", request).out())
        .contains("admin", "yaoku:key:show", "KMS.0207", "not refused by policies");
    CommandRun unknown = run("explain", "f".repeat(32));
    assertThat(unknown.exitCode()).isEqualTo(1);
    assertThat(unknown.err()).contains("YAOKU.0001");
    assertThat(run("explain", "nonsense").exitCode()).isEqualTo(2);
  }

  @Test
  void whetherSomebodyMayIsAnExitCode() {
    String key = server.kms("create-key", "{'key_alias':'mine'}", "/key_info/key_id");
    String user = server.known("user_name");

    CommandRun may = run("can", user, "encrypt-data", key);
    assertThat(may.exitCode()).isZero();
    assertThat(may.out()).startsWith("yes  encrypt-data  Allowed by ");
    assertThat(run("can", user, "kms:cmk:crypto", "0d0466b0-e727-4d9c-b35d-f84bb474a37f"))
        .satisfies(done -> assertThat(done.exitCode()).isEqualTo(4))
        .satisfies(done -> assertThat(done.out()).contains("no   decrypt-data"));
    assertThat(run("can", "nobody", "sign").err()).contains("YAOKU.0002");
    assertThat(run("can", user, "fly").err()).contains("KMS.0308");
  }

  @Test
  void aRefusalIsASentenceWithItsRequestIdAndTheExitCodeOne() {
    CommandRun refused = run("key", "undelete", "0d0466b0-e727-4d9c-b35d-f84bb474a37f");

    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.out()).isEmpty();
    assertThat(refused.err()).containsPattern("yaoku: KMS\\.0207: .+\nrequest id: [0-9a-f]{32}");
  }

  @Test
  void theEnvironmentNamesServerAndCredentials() {
    Map<String, String> environment =
        Map.of(
            "HUAWEICLOUD_SDK_AK", server.known("ak"),
            "HUAWEICLOUD_SDK_SK", server.known("sk"),
            "HUAWEICLOUD_SDK_PROJECT_ID", server.known("project_id"),
            "YAOKU_ENDPOINT", server.endpoint());

    assertThat(CommandRun.of(environment, "clock", "show").exitCode()).isZero();
  }

  /** Whoever mistypes a name must not act as the administrator whose file lies there. */
  @Test
  void halfOfAnAccessKeyIsNotPassedOver() {
    for (String half : List.of("AK", "SK")) {
      Map<String, String> environment =
          Map.of(
              "HUAWEICLOUD_SDK_" + half,
              "x",
              "HUAWEICLOUD_SDK_KS",
              "y",
              "YAOKU_DATA",
              server.yaoku.data().toString(),
              "YAOKU_ENDPOINT",
              server.endpoint());
      CommandRun refused = CommandRun.of(environment, "clock", "show");
      assertThat(refused.exitCode()).isEqualTo(2);
      assertThat(refused.err()).contains("HUAWEICLOUD_SDK_" + half + " is set, but");
    }
  }

  /** Where there also is a file of the administrator. */
  private CommandRun withFile(String credentials, String... words) throws IOException {
    Path file = Files.writeString(scratch.resolve("mine"), credentials);
    Map<String, String> environment =
        Map.of(
            "HUAWEICLOUD_SDK_CREDENTIALS_FILE",
            file.toString(),
            "YAOKU_DATA",
            server.yaoku.data().toString());
    return CommandRun.of(environment, words);
  }

  private String basic() {
    return "[basic]\nak = %s\nsk = %s\nproject_id = %s\n"
        .formatted(server.known("ak"), server.known("sk"), server.known("project_id"));
  }

  @Test
  void theFileOfTheSdksIsTheCommandsToo() throws IOException {
    String file = basic() + "[yaoku]\nendpoint = " + server.endpoint() + "\n";
    assertThat(withFile(file, "clock", "show").exitCode()).isZero();

    CommandRun other = withFile(file.replace("sk = ", "sk = x"), "clock", "show");
    assertThat(other.exitCode()).as("nobody acts as the administrator of another").isEqualTo(1);
    assertThat(other.err()).contains("APIGW.0301");
  }

  @Test
  void aFileOfTheSdksThatCannotBeUsedIsNamed() throws IOException {
    String where = "[yaoku]\nendpoint = " + server.endpoint() + "\n";
    Map<String, String> files =
        Map.of(
            "[basic]\nidp_id = x\n" + where,
            "has no access key",
            basic() + "security_token = x\n" + where,
            "is for temporary access keys",
            basic().replaceAll("project_id.*\n", "") + where,
            "names no project",
            basic(),
            "does not say where the server is");
    files.forEach((file, why) -> {
      CommandRun refused = withFileUnchecked(file);
      assertThat(refused.exitCode()).as(why).isEqualTo(2);
      assertThat(refused.err())
          .contains(scratch.resolve("mine") + ", which HUAWEICLOUD_SDK_CREDENTIALS_FILE names", why)
          .doesNotContain(server.known("sk"));
    });
    assertThat(withFile(basic(), "clock", "show", "--endpoint", server.endpoint()).exitCode())
        .isZero();

    Files.delete(scratch.resolve("mine"));
    CommandRun gone =
        CommandRun.of(
            Map.of("HUAWEICLOUD_SDK_CREDENTIALS_FILE", scratch.resolve("mine").toString()),
            "clock",
            "show");
    assertThat(gone.exitCode()).isEqualTo(2);
    assertThat(gone.err()).contains("HUAWEICLOUD_SDK_CREDENTIALS_FILE names");
  }

  private CommandRun withFileUnchecked(String credentials) {
    try {
      return withFile(credentials, "clock", "show");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A password that is shown once must not be lost without a word. */
  @Test
  void anOutputThatTakesNoMoreIsAFailureOfItsOwn() {
    for (String[] words :
        List.of(
            with("account", "create", "acme"),
            with("account", "list", "--json"),
            with("can", server.known("user_name"), "list-keys"))) {
      CommandRun done = CommandRun.ontoAFullDisk(Map.of(), words);
      assertThat(done.exitCode()).as(String.join(" ", words)).isEqualTo(5);
      assertThat(done.err()).contains("the server did it, but the output took no more");
    }
    assertThat(run("account", "list").out()).contains("acme");
  }

  @Test
  void whoeverHasNoCredentialsIsToldWhereTheyGo() {
    Map<String, String> environment = Map.of("YAOKU_DATA", scratch.resolve("none").toString());
    CommandRun refused = CommandRun.of(environment, "clock", "show");

    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("--credentials", "HUAWEICLOUD_SDK_AK");
  }

  @Test
  void aFileThatIsNotThereOrNoJsonIsNotTheServersFault() throws IOException {
    Path none = scratch.resolve("none.json");
    CommandRun missing =
        CommandRun.of(Map.of(), with("policy", "create", "x", "--file", none.toString()));
    assertThat(missing.exitCode()).isEqualTo(2);
    assertThat(missing.err()).contains("there is no file " + none);

    Path text = Files.writeString(scratch.resolve("text.json"), "not JSON");
    CommandRun wrong =
        CommandRun.of(Map.of(), with("policy", "create", "x", "--file", text.toString()));
    assertThat(wrong.exitCode()).isEqualTo(2);
    assertThat(wrong.err()).contains("this is not JSON").doesNotContain("tools.jackson");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "policy create x --file",
        "user create x --password-file",
        "authority create x --certificate",
        "idp create x --issuer https://i --audience a --key-set",
        "idp update x --mapping",
        "clock show --credentials"
      })
  void aFileThatIsNoTextIsNamedAndNotTakenForTheServer(String command) throws IOException {
    byte[] latin = "[\"Grüße-Secret-9\"]".getBytes(StandardCharsets.ISO_8859_1);
    Path file = Files.write(scratch.resolve("latin"), latin);
    CommandRun noText = reading(command, file);
    assertThat(noText.exitCode()).as(noText.err()).isEqualTo(2);
    assertThat(noText.err()).contains(file + ": it is not UTF-8 text").doesNotContain("Secret");

    Files.write(file, "[\"Secret-9\"]".getBytes(StandardCharsets.UTF_16LE));
    CommandRun twoBytes = reading(command, file);
    assertThat(twoBytes.exitCode()).as(twoBytes.err()).isEqualTo(2);
    assertThat(twoBytes.err()).contains(file + ": it is not UTF-8 text");

    Files.writeString(file, "\uFEFF[\"Secret-9\"]");
    CommandRun marked = reading(command, file);
    assertThat(marked.exitCode()).as(marked.err()).isEqualTo(2);
    assertThat(marked.err()).contains("byte order mark").doesNotContain("Secret");

    CommandRun directory = reading(command, scratch);
    assertThat(directory.exitCode()).as(directory.err()).isEqualTo(2);
    assertThat(directory.err())
        .contains("the file cannot be used: " + scratch + ": Is a directory")
        .doesNotContain("server");
  }

  private CommandRun reading(String command, Path file) {
    String[] words = (command + " " + file).split(" ");
    return command.endsWith("--credentials")
        ? CommandRun.of(Map.of("YAOKU_ENDPOINT", server.endpoint()), words)
        : run(words);
  }

  @Test
  void aServerThatIsNotThereIsAnotherExitCode() {
    String[] words = with("clock", "show");
    server.close();
    CommandRun failed = CommandRun.of(Map.of(), words);

    assertThat(failed.exitCode()).isEqualTo(3);
    assertThat(failed.err())
        .contains("cannot be reached: http", "nothing answers there")
        .doesNotContain("\tat ");
  }
}
