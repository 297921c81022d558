package dev.yaoku.access;

import static dev.yaoku.access.UnsignedRequest.PERMANENT_AK;
import static dev.yaoku.access.UnsignedRequest.PERMANENT_SK;
import static dev.yaoku.access.UnsignedRequest.TEMPORARY_AK;
import static dev.yaoku.access.UnsignedRequest.TEMPORARY_SK;
import static dev.yaoku.access.UnsignedRequest.TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * The vendor's clients of other languages sign requests made by chance and send them; what arrives
 * is accepted, and refused after a change in any one place (SECURITY_DESIGN H17). Runs where {@code
 * conformance/run} names the programs that do the sending, {@code signers.python} and {@code
 * signers.go}; {@code signers.seed} begins elsewhere.
 */
@Timeout(300)
class OtherSignersTest {
  private static final long SEED = Long.getLong("signers.seed", 20260102);
  private static final int REQUESTS = 600;
  private static final String KMS = "/v1.0/{project_id}/kms/";

  private static final JsonMapper JSON =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final Checking checking =
      new Checking(
          new KnownPeople()
              .key(PERMANENT_AK, PERMANENT_SK, null)
              .key(TEMPORARY_AK, TEMPORARY_SK, TOKEN));

  @TempDir Path scratch;

  enum Language {
    /** Signs as if a slash within a path parameter divided it; sends it encoded. */
    PYTHON(false, "conformance/python/sign.py"),
    /** Sends a slash within a path parameter as it is. */
    GO(true);

    private final boolean slashInPath;
    private final List<String> arguments;

    Language(boolean slashInPath, String... arguments) {
      this.slashInPath = slashInPath;
      this.arguments = List.of(arguments);
    }

    /** What is run, or empty. */
    private List<String> command() {
      String program = System.getProperty("signers." + name().toLowerCase(java.util.Locale.ROOT));
      return program == null
          ? List.of()
          : Stream.concat(Stream.of(program), arguments.stream()).toList();
    }
  }

  /** What a program is to send, and where to. */
  record Order(String endpoint, String region, String project, List<UnsignedRequest> requests) {}

  @ParameterizedTest
  @EnumSource
  void whatTheOfficialClientSignsIsAcceptedAndWithAnyChangeRefused(Language language)
      throws Exception {
    UnsignedRequest.Maker maker = new UnsignedRequest.Maker(SEED, language.slashInPath);
    List<UnsignedRequest> made = Stream.generate(maker::next).limit(REQUESTS).toList();
    List<TestRequest> sent = sentBy(language, made);
    Random random = new Random(SEED);
    Set<WireChange> tried = EnumSet.noneOf(WireChange.class);
    for (int i = 0; i < REQUESTS; i++) {
      TestRequest request = sent.get(i);
      String what = "seed " + SEED + ", " + made.get(i) + " as " + request.target;
      assertThat(checking.problemOf(request)).as(what).isNull();
      for (WireChange change : WireChange.values()) {
        TestRequest changed = change.of(request, random);
        if (!meansTheSame(request.target, changed.target) || change.beyondTheTarget()) {
          assertThat(checking.problemOf(changed))
              .as(change + " changed to " + changed.target + ": " + what)
              .isNotNull();
          tried.add(change);
        }
      }
    }
    assertThat(tried).containsExactlyInAnyOrder(WireChange.values());
    assertThat(made).extracting(UnsignedRequest::scheme).contains(UnsignedRequest.Scheme.values());
  }

  /** Where the clients leave the rule, or each other; each is a reason why chance leaves it out. */
  @ParameterizedTest
  @EnumSource
  void whatOneReadingCannotServeIsRefused(Language language) throws Exception {
    UnsignedRequest list = UnsignedRequest.of("GET", KMS + "aliases");
    UnsignedRequest tag = UnsignedRequest.of("DELETE", KMS + "id/tags/{first}");
    List<TestRequest> sent =
        sentBy(
            language,
            List.of(
                list.withQuery(Map.of("q", List.of("z", "a"))),
                list.withQuery(Map.of("q", List.of("1"), "q[a]", List.of("2"))),
                list.withQuery(Map.of("qA", List.of("1"), "q[a]", List.of("2"))),
                UnsignedRequest.of("POST", KMS + "list-keys").withBody("text/plain", "{}"),
                tag.withPathParam("first", "a/b"),
                tag.withPathParam("first", "..")));
    checking.refuses(sent.get(0), Problem.BadRequest.class); // a name that occurs twice
    assertThat(checking.problemOf(sent.get(1))).as("one order, either way").isNull();
    checking.refuses(sent.get(2), Problem.BadSignature.class); // sorted, and only then encoded
    checking.refuses(sent.get(3), Problem.UnsignedBody.class);
    boolean python = language == Language.PYTHON;
    assertThat(sent.get(4).target).endsWith(python ? "/tags/a%2Fb" : "/tags/a/b");
    assertThat(sent.get(5).target).endsWith(python ? "/kms/id/" : "/tags/..");
    for (TestRequest path : sent.subList(4, 6)) {
      if (python) {
        checking.refuses(path, Problem.BadSignature.class); // another path was signed
      } else {
        checking.accepts(path);
      }
    }
  }

  private static boolean meansTheSame(String target, String changed) {
    try {
      return Target.parse(changed).equals(Target.parse(target));
    } catch (KmsException refused) {
      return false;
    }
  }

  private List<TestRequest> sentBy(Language language, List<UnsignedRequest> requests)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(language.command());
    assumeTrue(!command.isEmpty(), "the official client of this language is not here");
    Path order = scratch.resolve("order.json");
    Path said = scratch.resolve("said");
    command.add(order.toString());
    try (WireRecorder recorder = new WireRecorder()) {
      JSON.writeValue(
          order.toFile(), new Order(recorder.endpoint(), "cn-north-4", TestRequest.P, requests));
      Process program =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(said.toFile())
              .start();
      boolean ended = program.waitFor(2, TimeUnit.MINUTES);
      program.destroy();
      assertThat(ended && program.exitValue() == 0).as(Files.readString(said)).isTrue();
      assertThat(recorder.requests()).as(Files.readString(said)).hasSameSizeAs(requests);
      return recorder.requests();
    }
  }
}
