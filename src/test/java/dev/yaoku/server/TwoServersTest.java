package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yaoku.access.federation.Issuer;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.secret.PrivateFiles;
import dev.yaoku.server.Tenant.Reply;
import dev.yaoku.service.Keys;
import dev.yaoku.store.PostgresProcess;
import dev.yaoku.store.PostgresSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What one server takes away is gone on another of the same database within a second. */
class TwoServersTest {
  private static final String PATH = "/v3.0/OS-CREDENTIAL/securitytokens";
  private static final String ONESELF = "{'auth':{'identity':{'methods':['token']}}}";
  private static final String PASSWORD = "Correct-Horse-1";
  private static final Issuer STOLEN = new Issuer("-stolen");
  private static final Issuer FRESH = new Issuer("-fresh");

  @TempDir Path scratch;
  private String database = "";
  private LiveServer first;
  private LiveServer second;
  private Line lineOfSecond;

  /** The second server's monotonic time, which stands still. */
  private final AtomicLong nanos = new AtomicLong();

  private Tenant owner;
  private final Map<String, String> people = new HashMap<>();

  @BeforeEach
  void startsTwo() throws IOException, SQLException {
    if (System.getenv("CI") == null) {
      assumeTrue(PostgresProcess.isInstalled(), PostgresProcess.MISSING);
    }
    database = PostgresProcess.shared().newDatabase(null);
    PostgresSettings known = PostgresProcess.shared().settings(database);
    Map<String, String> settings = new HashMap<>(PostgresServerTest.settings(known));
    first = new LiveServer(scratch.resolve("first"), settings);
    lineOfSecond = new Line(known.port());
    settings.put("store.postgres.port", Integer.toString(lineOfSecond.port()));
    second =
        LiveServer.beside(
            scratch.resolve("first"),
            settings,
            new Surroundings(InstantSource.system(), nanos::get, Randomness.kernel()));
    owner = Tenant.first(first);
  }

  @AfterEach
  void stopsThem() throws IOException, SQLException {
    lineOfSecond.goOn();
    second.close();
    lineOfSecond.close();
    first.close();
    PostgresProcess.shared().dropDatabase(database);
  }

  private Reply held(LiveServer server, String token, String method, String path, String body) {
    HttpResponse<String> answer = server.byToken(token, method, path, body);
    return new Reply(answer.statusCode(), answer);
  }

  private String login(String user) {
    String body =
        "{'auth':{'identity':{'methods':['password'],'password':{'user':{'id':'%s',".formatted(user)
            + "'password':'"
            + PASSWORD
            + "'}}},'scope':{'project':{'id':'"
            + owner.project
            + "'}}}}";
    return first.logIn(body).headers().firstValue("X-Subject-Token").orElseThrow();
  }

  private static Temporary on(LiveServer server, Temporary key) {
    return new Temporary(server, key.access(), key.secret(), key.token(), key.expiresAt());
  }

  /**
   * Something that is taken away on the first server.
   *
   * @param given makes it so, and asks the second server by it: what it answers
   * @param taken takes it away
   */
  private record Loss(String what, Supplier<IntSupplier> given, Runnable taken) {}

  private void revoke(String token) {
    HttpResponse<String> answer = first.revoke(token);
    assertThat(answer.statusCode()).isEqualTo(204);
  }

  private void change(String method, String path, String body) {
    assertThat(owner.send(method, path, body).status()).as(method + " " + path).isLessThan(300);
  }

  /** All that can be taken away, of one person, one grantee and one key. */
  private List<Loss> losses() {
    Person person = person("twofold");
    String policy = "/v3/projects/" + owner.project + "/users/" + person.id() + "/roles/kms_adm";
    String user = "/v3/users/" + person.id();
    String active = "/v3.0/OS-CREDENTIAL/credentials/" + person.key().access();
    Temporary there = on(second, person.key());
    Supplier<IntSupplier> byKey =
        () -> {
          change("PUT", policy, "");
          change("PUT", active, "{'credential':{'status':'active'}}");
          change("PATCH", user, "{'user':{'enabled':true}}");
          return () -> there.lists(owner.project).status();
        };
    AtomicReference<String> token = new AtomicReference<>("");
    Supplier<IntSupplier> byToken =
        () -> {
          var _ = byKey.get();
          token.set(login(person.id()));
          return () -> held(second, token.get(), "GET", "/v3/auth/projects", "").status();
        };
    Supplier<IntSupplier> byChild =
        () -> {
          var _ = byToken.get();
          Temporary child =
              on(second, Temporary.of(first, held(first, token.get(), "POST", PATH, ONESELF)));
          return () -> child.lists(owner.project).status();
        };

    Tenant ownerThere = Tenant.first(second);
    String key = owner.key("twofold", "");
    String about = "{'key_id':'" + key + "'}";
    String plain = "{'key_id':'" + key + "','plain_text':'x'}";
    Temporary grantee = on(second, person("grantee").key());
    AtomicReference<String> grant = new AtomicReference<>("");
    String grantTo =
        "{'key_id':'%s','grantee_principal':'%s','operations':['describe-key']}"
            .formatted(key, people.get("grantee"));
    String describe = "/v1.0/" + owner.project + "/kms/describe-key";
    String tag = "{'action':'%s','tags':[{'key':'team','value':'red'}]}";
    String tags = "/kms/" + key + "/tags/action";
    return List.of(
        new Loss(
            "access key disabled",
            byKey,
            () -> change("PUT", active, "{'credential':{'status':'inactive'}}")),
        new Loss("user disabled", byKey, () -> change("PATCH", user, "{'user':{'enabled':false}}")),
        new Loss("policy detached", byKey, () -> change("DELETE", policy, "")),
        new Loss("token revoked", byToken, () -> revoke(token.get())),
        new Loss("key made of a revoked token", byChild, () -> revoke(token.get())),
        new Loss(
            "key disabled",
            () -> {
              owner.kms("enable-key", about);
              return () -> ownerThere.kms("encrypt-data", plain).status();
            },
            () -> owner.ok("disable-key", about)),
        new Loss(
            "grant cancelled",
            () -> {
              owner.kms("enable-key", about);
              grant.set(owner.ok("create-grant", grantTo).text("/grant_id"));
              return () -> grantee.send("POST", describe, about).status();
            },
            () ->
                owner.ok(
                    "revoke-grant", "{'key_id':'" + key + "','grant_id':'" + grant.get() + "'}")),
        new Loss(
            "alias removed",
            () -> {
              owner.ok("aliases", "{'key_id':'" + key + "','alias':'alias/twofold'}");
              return () -> ownerThere.kms("describe-key", "{'key_id':'alias/twofold'}").status();
            },
            () ->
                change(
                    "DELETE",
                    "/v1.0/" + owner.project + "/kms/aliases",
                    "{'key_id':'" + key + "','aliases':['alias/twofold']}")),
        new Loss(
            "tag removed that a policy asks for",
            () -> {
              change("POST", "/v1.0/" + owner.project + tags, tag.formatted("create"));
              Temporary red = on(second, reader().key());
              return () -> red.send("POST", describe, about).status();
            },
            () -> change("POST", "/v1.0/" + owner.project + tags, tag.formatted("delete"))),
        new Loss(
            "key to be deleted",
            () -> () -> ownerThere.kms("encrypt-data", plain).status(),
            () -> owner.ok("schedule-key-deletion", "{'key_id':'" + key + "','pending_days':'7'}")),
        new Loss("access key deleted", byKey, () -> change("DELETE", active, "")));
  }

  /** What can be taken away of an identity provider. */
  private List<Loss> lossesOfProviders() {
    person("comer");
    TrustedProvider provider = new TrustedProvider(owner, "idp", "comer");
    Supplier<IntSupplier> given =
        () -> {
          provider.has(STOLEN);
          provider.enable(true);
          return () -> provider.logIn(second, STOLEN);
        };
    return List.of(
        new Loss("keys of a provider replaced", given, () -> provider.has(FRESH)),
        new Loss(
            "keys of a provider replaced, and its tokens ended",
            given,
            () -> {
              provider.has(FRESH);
              provider.enable(false);
              provider.enable(true);
            }),
        new Loss("provider stopped", given, () -> provider.enable(false)));
  }

  private List<Loss> allLosses() {
    return Stream.of(losses(), lossesOfProviders()).flatMap(List::stream).toList();
  }

  private record Person(String id, Temporary key) {}

  private Person person(String name) {
    String id =
        owner
            .send(
                "POST",
                "/v3/users",
                "{'user':{'name':'" + name + "','password':'" + PASSWORD + "'}}")
            .is(201)
            .text("/user/id");
    people.put(name, id);
    Reply made =
        owner
            .send(
                "POST",
                "/v3.0/OS-CREDENTIAL/credentials",
                "{'credential':{'user_id':'" + id + "'}}")
            .is(201);
    return new Person(
        id,
        new Temporary(
            first,
            made.text("/credential/access"),
            made.text("/credential/secret"),
            null,
            Instant.MAX));
  }

  /** Who may read red keys. */
  private Person reader() {
    Person reader = person("reader" + people.size());
    String policy =
        owner
            .send(
                "POST",
                "/v3.0/OS-ROLE/roles",
                "{'role':{'display_name':'red"
                    + people.size()
                    + "','type':'XA','description':'red','policy':{'Version':'1.1','Statement':[{"
                    + "'Effect':'Allow','Action':['kms:cmk:get'],'Condition':{'StringEquals':{"
                    + "'g:ResourceTag/team':['red']}}}]}}}")
            .is(201)
            .text("/role/id");
    change(
        "PUT", "/v3/projects/" + owner.project + "/users/" + reader.id() + "/roles/" + policy, "");
    return reader;
  }

  /**
   * No clock and no speed decides here: the second server looks when it is told to. It has all in
   * memory, so it would answer as before; after the one look that follows the change it refuses. It
   * looks every 250 ms, so within a second it has.
   */
  @Test
  void whatOneServerTakesAwayIsGoneOnTheOtherWhenItLooks() {
    assertThat(RightsWatch.EVERY).isLessThanOrEqualTo(Duration.ofMillis(500));
    RightsWatch watch = second.yaoku.wiring().rightsWatch();
    watch.close();
    for (Loss loss : losses()) {
      IntSupplier asks = loss.given().get();
      watch.look();
      assertThat(asks.getAsInt()).as(loss.what() + ": a stranger").isLessThan(300);
      assertThat(asks.getAsInt()).as(loss.what() + ": before").isLessThan(300);
      loss.taken().run();
      assertThat(asks.getAsInt()).as(loss.what() + ": in memory").isLessThan(300);
      watch.look();
      assertThat(asks.getAsInt()).as(loss.what()).isBetween(400, 404);
    }
  }

  /** Nobody's look is waited for: what is right is not called wrong because of a rotation. */
  @Test
  void whatOneServerEncryptsUnderANewVersionTheOtherOpensAtOnce() {
    second.yaoku.wiring().rightsWatch().close();
    Tenant there = Tenant.first(second);
    String key = owner.key("turning", "");
    String plain = "{'key_id':'" + key + "','plain_text':'x'}";
    String dataKey = "{'key_id':'" + key + "','datakey_length':'256'}";
    String decrypt = "{'cipher_text':'%s'}";
    there.ok(
        "decrypt-data", decrypt.formatted(there.ok("encrypt-data", plain).text("/cipher_text")));

    rotate(key);
    nanos.addAndGet(Duration.ofMillis(100).toNanos());
    String secondVersion = owner.ok("encrypt-data", plain).text("/cipher_text");
    assertThat(there.ok("decrypt-data", decrypt.formatted(secondVersion)).text("/plain_text"))
        .isEqualTo("x");

    rotate(key);
    nanos.addAndGet(Duration.ofMillis(100).toNanos());
    String wrapped = owner.ok("create-datakey-without-plaintext", dataKey).text("/cipher_text");
    there.ok(
        "decrypt-datakey",
        "{'key_id':'%s','cipher_text':'%s','datakey_cipher_length':'32'}".formatted(key, wrapped));

    rotate(key);
    nanos.addAndGet(Duration.ofMillis(100).toNanos());
    String fourthVersion = owner.ok("encrypt-data", plain).text("/cipher_text");
    owner.ok("disable-key", "{'key_id':'" + key + "'}");
    assertThat(there.kms("decrypt-data", decrypt.formatted(fourthVersion)).code())
        .as("what was read again is disabled")
        .isEqualTo("KMS.0209");
  }

  /** A version that no server made costs one reading of the key now and then, not each time. */
  @Test
  void whatWasReadJustNowIsNotReadAgainForWhatNobodyEncrypted() {
    second.yaoku.wiring().rightsWatch().close();
    Tenant there = Tenant.first(second);
    String key = owner.key("turning", "");
    String plain = "{'key_id':'" + key + "','plain_text':'x'}";
    there.ok("encrypt-data", plain);
    rotate(key);
    nanos.addAndGet(Duration.ofMillis(99).toNanos());
    String secondVersion = owner.ok("encrypt-data", plain).text("/cipher_text");
    assertThat(there.kms("decrypt-data", "{'cipher_text':'" + secondVersion + "'}").code())
        .isEqualTo("KMS.2201");
  }

  private void rotate(String key) {
    owner.ok("yaoku-rotate-now", "{'key_id':'" + key + "'}");
  }

  /** The second reads the keys of providers every ten seconds, too; that would be too late. */
  @Test
  void whatOneServerTakesFromAProviderIsGoneOnTheOtherWhenItLooks() {
    RightsWatch watch = second.yaoku.wiring().rightsWatch();
    watch.close();
    for (Loss loss : lossesOfProviders()) {
      IntSupplier asks = loss.given().get();
      watch.look();
      assertThat(asks.getAsInt()).as(loss.what() + ": before").isEqualTo(201);
      loss.taken().run();
      watch.look();
      assertThat(asks.getAsInt()).as(loss.what()).isEqualTo(401);
    }
  }

  /**
   * The database leaves the second server without an answer, and nobody says so. It has all in
   * memory, and would answer from there.
   */
  @Test
  void whatOneServerTakesAwayIsGoneWithinASecondOnTheOtherIfItsConnectionsHang() throws Exception {
    RightsWatch watch = second.yaoku.wiring().rightsWatch();
    watch.close();
    for (Loss loss : allLosses()) {
      IntSupplier asks = loss.given().get();
      watch.look();
      assertThat(asks.getAsInt()).as(loss.what() + ": a stranger").isLessThan(300);
      assertThat(asks.getAsInt()).as(loss.what() + ": before").isLessThan(300);
      lineOfSecond.goDead();
      loss.taken().run();
      nanos.addAndGet(Duration.ofSeconds(1).plusNanos(1).toNanos());
      CompletableFuture<Integer> asked = CompletableFuture.supplyAsync(asks::getAsInt);
      lineOfSecond.goOn();
      assertThat(asked.get()).as(loss.what()).isBetween(400, 404);
    }
  }

  @Test
  void aLookThatHangsGivesUpSoonAndTheNextFindsTheDatabase() {
    RightsWatch watch = second.yaoku.wiring().rightsWatch();
    watch.close();
    Tenant there = Tenant.first(second);
    String key = owner.key("hanging", "");
    watch.look();
    lineOfSecond.goDead();
    long start = System.nanoTime();
    watch.look();
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    lineOfSecond.goOn();
    there.ok("encrypt-data", "{'key_id':'" + key + "','plain_text':'x'}");
    owner.ok("disable-key", "{'key_id':'" + key + "'}");
    watch.look();
    assertThat(there.kms("encrypt-data", "{'key_id':'" + key + "','plain_text':'x'}").status())
        .isEqualTo(400);
  }

  @Test
  void anAdministratorIsRecoveredBesideRunningServersAndIsShutOutOfAllOtherwise()
      throws IOException {
    Tenant there = Tenant.first(second);
    for (Tenant each : List.of(owner, there)) {
      each.ok("list-keys", "{}");
    }
    Path data = scratch.resolve("third");
    PrivateFiles.directory(data);
    StringWriter err = new StringWriter();
    int code =
        new CommandLine(new AdminCommand(() -> {}))
            .setOut(new PrintWriter(Writer.nullWriter()))
            .setErr(new PrintWriter(err, true))
            .execute(
                "recover",
                "--data=" + data,
                "--root-key=" + scratch.resolve("first/root.key"),
                "--config=" + configuration());
    assertThat(code).as(err.toString()).isZero();
    assertThat(data.resolve("recovered-credentials")).exists();
    for (LiveServer each : List.of(first, second)) {
      each.yaoku.wiring().rightsWatch().look();
    }
    for (Tenant each : List.of(owner, there)) {
      assertThat(each.kms("list-keys", "{}").status()).isEqualTo(401);
    }
  }

  /** A file that names the database. */
  private Path configuration() throws IOException {
    StringBuilder lines = new StringBuilder("[store]\nengine = \"postgres\"\n[store.postgres]\n");
    PostgresServerTest.settings(PostgresProcess.shared().settings(database))
        .forEach((name, value) -> {
          String key = name.substring(name.lastIndexOf('.') + 1);
          String quote = key.equals("port") ? "" : "\"";
          if (!key.equals("engine")) {
            lines.append(key).append(" = ").append(quote).append(value).append(quote).append('\n');
          }
        });
    return Files.writeString(scratch.resolve("yaoku.toml"), lines);
  }

  /** The same by the clock. The figure is printed; a machine that is busy otherwise may be late. */
  @Test
  void whatOneServerTakesAwayIsSoonGoneOnTheOtherByTheClock() {
    long longest = 0;
    StringBuilder said = new StringBuilder("Gone on the other server after");
    for (Loss loss : allLosses()) {
      IntSupplier asks = loss.given().get();
      soon(loss.what() + ": before", () -> asks.getAsInt() < 300);
      loss.taken().run();
      long millis = soon(loss.what(), () -> asks.getAsInt() >= 400);
      longest = Math.max(longest, millis);
      said.append(' ').append(millis).append(" ms (").append(loss.what()).append("),");
    }
    System.out.println(said + " " + longest + " ms at most");
  }

  private static long soon(String what, BooleanSupplier isSo) {
    long start = System.nanoTime();
    while (!isSo.getAsBoolean()) {
      assertThat(System.nanoTime() - start).as(what).isLessThan(Duration.ofSeconds(10).toNanos());
    }
    return Duration.ofNanos(System.nanoTime() - start).toMillis();
  }

  @Test
  void onlyKeysThatWereChangedLeaveTheOthersMemory() {
    RightsWatch watch = second.yaoku.wiring().rightsWatch();
    watch.close();
    Tenant there = Tenant.first(second);
    String changing = owner.key("changing", "");
    String staying = owner.key("staying", "");
    watch.look();
    for (String key : List.of(changing, staying)) {
      there.ok("encrypt-data", "{'key_id':'" + key + "','plain_text':'x'}");
    }
    Keys keys = second.yaoku.wiring().keys().keys();
    assertThat(keys.inMemory()).isEqualTo(2);

    person("newcomer");
    owner.key("another", "");
    watch.look();
    assertThat(keys.inMemory()).as("nothing of theirs was changed").isEqualTo(2);
    owner.ok("update-key-description", "{'key_id':'" + changing + "','key_description':'new'}");
    watch.look();
    assertThat(keys.inMemory()).isEqualTo(1);
    there.ok("encrypt-data", "{'key_id':'" + staying + "','plain_text':'x'}");
    assertThat(keys.inMemory()).as("it was the other one").isEqualTo(1);
  }
}
