package dev.yaoku.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every operation in every state and with everything wrong, and the page that says what came. */
class ConformanceTest {
  @TempDir static Path folder;

  /** To write the page anew: {@code mvn test -Dtest=ConformanceTest -Dyaoku.write-pages=true}. */
  @Test
  void thePageSaysWhatEveryOperationDid() throws Exception {
    String page;
    // Wrong passwords of one request must not have the next one of the same source refused.
    Map<String, String> patient =
        Map.of("auth.failures-per-source", "0", "auth.failures-per-credential", "0");
    try (Walk walk = new Walk(folder.resolve("data"), patient)) {
      Survey survey = new Survey(walk).run();
      page = page(survey, Routes.of(walk.server));
      walk.answers.mustFit(walk.server.send(walk.server.to("/openapi.json")).body());
    }
    Path file = Path.of("docs/conformance.md");
    if (Boolean.getBoolean("yaoku.write-pages")) {
      Files.writeString(file, page);
    }
    assertThat(file).content(UTF_8).isEqualTo(page);
  }

  private static String page(Survey survey, Routes routes) throws Exception {
    Set<String> notBuilt = SdkTests.notBuilt();
    Set<String> built = new TreeSet<>(Contract.OPERATIONS);
    built.removeAll(notBuilt);
    assertThat(routes.operations()).containsAll(built).noneMatch(notBuilt::contains);
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # Conformance

        What the tests saw every operation do. `./yaoku test` makes this page anew and fails if it differs;
        `mvn test -Dtest=ConformanceTest -Dyaoku.write-pages=true` writes it.

        %d of the cloud's %d operations are here. Of those in the official Java SDK (1 to %d) the page names a test
        that calls the operation through that SDK, unmodified, and checks the answer. The newer ones are called
        over plain HTTP; the page also names the programs under `conformance/` that call them through the
        official SDKs for Python and Go, which CI runs.

        **States**: the outcome of a valid call on a key that is enabled, disabled, to be deleted, and without its
        imported material; `–` where a key cannot be so. **Codes**: every error code that came when a valid call met
        those states, met keys of %d kinds, or was broken in one place: no signature, another project, unknown or
        malformed ids, each member that an operation reads and each element of an array left out, of the wrong type,
        in a wrong alphabet, too long, with one byte wrong. None was a 5xx. Other tests make further codes appear; this
        list is what one test saw.

        """
            .formatted(
                built.size(),
                Contract.OPERATIONS.size(),
                Contract.OF_THE_SDK,
                Survey.kindsTried()));
    page.append("| # | Operation | Method and path | States | Codes | Java SDK |\n");
    page.append("|---|---|---|---|---|---|\n");
    Map<String, String> passing = SdkTests.passing();
    Map<String, String> overHttp = SdkTests.overHttp();
    Set<String> newer = new TreeSet<>(built);
    newer.retainAll(Contract.OPERATIONS.subList(Contract.OF_THE_SDK, Contract.OPERATIONS.size()));
    assertThat(overHttp.keySet()).isEqualTo(newer);
    for (int i = 0; i < Contract.OPERATIONS.size(); i++) {
      String operation = Contract.OPERATIONS.get(i);
      page.append("| ").append(i + 1).append(' ');
      if (!built.contains(operation)) {
        page.append("| ").append(operation).append(" | not built yet | | | |\n");
        continue;
      }
      String proof =
          i < Contract.OF_THE_SDK
              ? "`" + passing.get(operation) + "`"
              : "not in it; `" + overHttp.get(operation) + "`" + programs(operation);
      row(page, operation, routes, survey).append(proof).append(" |\n");
    }
    rest(page, survey, routes);
    return page.toString();
  }

  /** The newer operations are in newer SDKs, which CI runs in other languages. */
  private static String programs(String operation) {
    String calling = Programs.calling(operation);
    return calling.isEmpty() ? "" : "; " + calling;
  }

  private static void rest(StringBuilder page, Survey survey, Routes routes) {
    page.append(
        """

        ## Beyond the cloud's KMS

        Yaoku's own operations ([beyond-the-api.md](beyond-the-api.md)), and the part of the identity service that
        clients of the KMS ask first.

        | Operation | Method and path | States | Codes |
        |---|---|---|---|
        """);
    for (String operation : routes.operations()) {
      if (!Contract.OPERATIONS.contains(operation)) {
        row(page, operation, routes, survey).setLength(page.length() - 1);
        page.append('\n');
      }
    }
  }

  private static StringBuilder row(
      StringBuilder page, String operation, Routes routes, Survey survey) {
    Map<Survey.State, String> outcomes = survey.states(operation);
    String states =
        outcomes.isEmpty()
            ? ""
            : java.util.Arrays.stream(Survey.State.values())
                .map(state -> state.title + " " + outcomes.getOrDefault(state, "–"))
                .collect(Collectors.joining(", "));
    return page.append("| ")
        .append(operation)
        .append(" | `")
        .append(routes.route(operation))
        .append("` | ")
        .append(states)
        .append(" | ")
        .append(String.join(" ", survey.codes(operation)))
        .append(" | ");
  }
}
