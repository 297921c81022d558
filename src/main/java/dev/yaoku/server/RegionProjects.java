package dev.yaoku.server;

import dev.yaoku.audit.Rating;
import dev.yaoku.audit.Resource;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.service.Events;
import dev.yaoku.service.NewIds;
import dev.yaoku.service.NewProject;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every account a project in every region that is served, named like the region: that is how
 * clients look projects up. Projects of regions that are served no more stay as they are.
 */
final class RegionProjects {
  private static final Logger LOG = LoggerFactory.getLogger(RegionProjects.class);

  private final Hierarchy hierarchy;
  private final Store store;
  private final Events events;
  private final NewIds ids;
  private final Instant now;

  RegionProjects(
      Installation installation, Events events, Randomness randomness, Instant startedAt) {
    this.hierarchy = installation.hierarchy();
    this.store = installation.store();
    this.events = events;
    this.ids = new NewIds(randomness);
    this.now = startedAt.truncatedTo(ChronoUnit.MILLIS);
  }

  private enum Outcome {
    ADDED,
    /** Another server that starts just now has added it meanwhile. */
    THERE,
    NAME_TAKEN
  }

  /** Makes what is missing. */
  void complete(List<String> regions) {
    for (String region : regions) {
      for (String account : store.read(tx -> tx.accountsWithoutProjectIn(region))) {
        switch (store.write(tx -> add(tx, account, region))) {
          case ADDED -> LOG.info("Account {} has a project in region {} now.", account, region);
          case NAME_TAKEN ->
              LOG.warn(
                  "Account {} gets no project in region {}: another of its projects has that name.",
                  account,
                  region);
          case THERE -> {}
        }
      }
    }
  }

  private Outcome add(Writing tx, String account, String region) {
    List<Rows.Project> projects = tx.projects(account);
    if (projects.stream().anyMatch(project -> project.region().equals(region))) {
      return Outcome.THERE;
    }
    if (projects.stream().anyMatch(project -> project.name().equals(region))) {
      return Outcome.NAME_TAKEN;
    }
    String id = ids.id();
    NewProject.ofRegion(hierarchy, id, account, region, now).insert(tx);
    tx.append(
        events.ofServer(
            account,
            "createProject",
            new Resource("project", id),
            Rating.NORMAL,
            "region " + region + " is served",
            tx.changes()));
    return Outcome.ADDED;
  }
}
