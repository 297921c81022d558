package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import dev.yaoku.server.Tenant.Reply;
import dev.yaoku.store.EventTail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What ends while a request waits for its turn in the slow lane does not count any more. */
@Timeout(120)
class WaitingForATurnTest {
  private static final String PASSWORD = "Correct-Horse-1";

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;

  private CountDownLatch turn = new CountDownLatch(1);
  private String key = "";
  private Tenant person;
  private String policy = "";

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of("lanes.slow-running", "4"));
    owner = Tenant.first(server);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void arrange() {
    String name = "p" + System.nanoTime();
    key = owner.key(name, "");
    String id =
        owner
            .send(
                "POST",
                "/v3/users",
                "{'user':{'name':'" + name + "','password':'" + PASSWORD + "'}}")
            .is(201)
            .text("/user/id");
    policy =
        owner
            .send(
                "POST",
                "/v3.0/OS-ROLE/roles",
                "{'role':{'display_name':'"
                    + name
                    + "','type':'XA','policy':{'Version':'1.1',"
                    + "'Statement':[{'Effect':'Allow','Action':['kms:*:*']}]}}}")
            .is(201)
            .text("/role/id");
    owner.send("PUT", attachment(id), "").is(204);
    Reply made =
        owner
            .send(
                "POST",
                "/v3.0/OS-CREDENTIAL/credentials",
                "{'credential':{'user_id':'" + id + "'}}")
            .is(201);
    person = owner.as(id, made.text("/credential/access"), made.text("/credential/secret"));
    takeAllPlacesOfTheProject();
  }

  @AfterEach
  void letGo() {
    turn.countDown();
  }

  private String attachment(String user) {
    return "/v3/projects/" + owner.project + "/users/" + user + "/roles/" + policy;
  }

  /** One of four places is always left to others, such as those who manage the account. */
  private void takeAllPlacesOfTheProject() {
    turn = new CountDownLatch(1);
    CountDownLatch until = turn;
    for (int place = 0; place < 3; place++) {
      lane().submit(owner.project, () -> await(until), Thread::startVirtualThread);
    }
  }

  private static SlowLane lane() {
    return server.yaoku.wiring().server().slowLane();
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The answer to a request during whose wait something happens. */
  private Reply waiting(Supplier<Reply> request, Runnable meanwhile) {
    CompletableFuture<Reply> answer =
        CompletableFuture.supplyAsync(request, Thread::startVirtualThread);
    while (lane().waiting() == 0) {
      assertThat(answer).isNotDone();
      Thread.onSpinWait();
    }
    meanwhile.run();
    turn.countDown();
    return answer.join();
  }

  private Reply disable() {
    return person.kms("disable-key", "{'key_id':'" + key + "'}");
  }

  private String state() {
    return owner.ok("describe-key", "{'key_id':'" + key + "'}").text("/key_info/key_state");
  }

  @Test
  void whatStillCountsIsDone() {
    waiting(this::disable, () -> {}).is(200);
    assertThat(state()).isEqualTo("3");
  }

  @Test
  void anAccessKeyThatWasDeletedChangesNothing() {
    waiting(
            this::disable,
            () ->
                owner
                    .send("DELETE", "/v3.0/OS-CREDENTIAL/credentials/" + person.accessKey(), "")
                    .is(204))
        .is(401);
    assertThat(state()).isEqualTo("2");
  }

  @Test
  void aPersonWhoWasDisabledChangesNothing() {
    waiting(
            this::disable,
            () ->
                owner
                    .send("PATCH", "/v3/users/" + person.user, "{'user':{'enabled':false}}")
                    .is(200))
        .is(401);
    assertThat(state()).isEqualTo("2");
  }

  @Test
  void aPolicyThatWasTakenAwayAllowsNothing() {
    waiting(this::disable, () -> owner.send("DELETE", attachment(person.user), "").is(204)).is(403);
    assertThat(state()).isEqualTo("2");
  }

  @Test
  void aTokenThatWasRevokedChangesNothing() {
    var login =
        server.logIn(
            """
            {'auth':{'identity':{'methods':['password'],'password':{'user':{'id':'%s',
             'password':'%s'}}},'scope':{'project':{'id':'%s'}}}}\
            """
                .formatted(person.user, PASSWORD, owner.project));
    String token = login.headers().firstValue("X-Subject-Token").orElseThrow();
    Supplier<Reply> disable =
        () -> {
          var sent =
              server.byToken(
                  token,
                  "POST",
                  "/v1.0/" + owner.project + "/kms/disable-key",
                  "{'key_id':'" + key + "'}");
          return new Reply(sent.statusCode(), sent);
        };
    waiting(disable, () -> assertThat(server.revoke(token).statusCode()).isEqualTo(204)).is(401);
    assertThat(state()).isEqualTo("2");
  }

  @Test
  void theRefusalIsRecordedAsThePersonsWhoAsked() throws IOException {
    Reply refused =
        waiting(this::disable, () -> owner.send("DELETE", attachment(person.user), "").is(204));

    String request = refused.raw().headers().firstValue("X-Request-Id").orElseThrow();
    assertThat(EventTail.all(folder.resolve("data/yaoku.db")))
        .map(row -> new String(row.entry(), ISO_8859_1))
        .filteredOn(entry -> entry.contains(request))
        .singleElement(STRING)
        .contains(person.user, "disableKey", refused.code());
  }
}
