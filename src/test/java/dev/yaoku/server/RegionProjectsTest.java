package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.service.MeanwhileStore;
import dev.yaoku.service.NewProject;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Projects of a region that is served for the first time. */
class RegionProjectsTest {
  private static final String FAR = "far-1";
  private static final Instant NOW = Instant.parse("2026-12-01T10:00:00Z");

  @TempDir Path scratch;
  private LiveServer server;
  private Store store;

  @BeforeEach
  void starts() throws IOException {
    server = new LiveServer(scratch.resolve("data"), Map.of());
    store = server.yaoku.installation().store();
  }

  @AfterEach
  void stops() {
    server.close();
  }

  private RegionProjects over(Store seen) {
    Surroundings machine = Surroundings.ofThisMachine();
    return new RegionProjects(
        new Installation(server.yaoku.installation().hierarchy(), seen),
        Wiring.events(machine),
        machine.randomness(),
        NOW);
  }

  private List<String> projectsThere() {
    String account = server.known("domain_id");
    return store.read(tx -> tx.projects(account)).stream()
        .filter(project -> project.region().equals(FAR))
        .map(Rows.Project::name)
        .toList();
  }

  @Test
  void oneThatAnotherServerMakesMeanwhileIsNotCalledANameThatIsTaken() {
    try (CapturedLog log = new CapturedLog()) {
      over(new MeanwhileStore(store, () -> over(store).complete(List.of(FAR))))
          .complete(List.of(FAR));
      assertThat(log.text())
          .containsOnlyOnce("has a project in region " + FAR)
          .doesNotContain("has that name");
    }
    assertThat(projectsThere()).containsExactly(FAR);
  }

  @Test
  void aNameThatAnotherProjectHasIsSaid() {
    Rows.Project other =
        new Rows.Project(
            "0".repeat(32), server.known("domain_id"), FAR, "cn-north-4", true, NOW, 1);
    store.write(tx -> {
      NewProject.of(server.yaoku.installation().hierarchy(), other).insert(tx);
      return true;
    });
    try (CapturedLog log = new CapturedLog()) {
      over(store).complete(List.of(FAR));
      assertThat(log.text()).containsOnlyOnce("another of its projects has that name");
    }
    assertThat(projectsThere()).isEmpty();
  }
}
