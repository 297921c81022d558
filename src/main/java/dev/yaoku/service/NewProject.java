package dev.yaoku.service;

import dev.yaoku.seal.Hierarchy;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Writing;
import java.time.Instant;

/** A project that is to be made, with its key: there is none without the other. */
public record NewProject(Rows.Project project, Rows.ProjectKey key) {
  /** A project with a new key. */
  public static NewProject of(Hierarchy hierarchy, Rows.Project project) {
    Hierarchy.NewProjectKey made = hierarchy.newProjectKey(project.id());
    return new NewProject(
        project,
        new Rows.ProjectKey(
            project.id(), made.version(), made.wrapped(), made.lasting(), project.createdAt(), 1));
  }

  /** The project of a region, named like it: that is how clients look projects up. */
  public static NewProject ofRegion(
      Hierarchy hierarchy, String id, String account, String region, Instant now) {
    return of(hierarchy, new Rows.Project(id, account, region, region, true, now, 1));
  }

  /** Adds both. */
  public void insert(Writing tx) {
    tx.insert(project);
    tx.insert(key);
  }
}
