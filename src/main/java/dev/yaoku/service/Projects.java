package dev.yaoku.service;

import static dev.yaoku.service.Directorship.own;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.service.RecordedChanges.Done;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The projects of an account: where its keys live, each in one region. */
public final class Projects {
  private static final String KIND = "project";
  private static final int PROJECTS_MAX = 100;

  private final Directorship directorship;
  private final Hierarchy hierarchy;
  private final NewIds ids;

  Projects(Directorship directorship, Hierarchy hierarchy, Randomness randomness) {
    this.directorship = directorship;
    this.hierarchy = hierarchy;
    this.ids = new NewIds(randomness);
  }

  /** A project as it is shown. */
  public record Project(
      String id,
      String account,
      String name,
      String region,
      boolean enabled,
      String description,
      Instant createdAt) {
    Project withoutDescription() {
      return new Project(id, account, name, region, enabled, "", createdAt);
    }

    static Project of(Rows.Project row) {
      return new Project(
          row.id(),
          row.account(),
          row.name(),
          row.region(),
          row.enabled(),
          row.description(),
          row.createdAt());
    }
  }

  /** One project of the caller's account. */
  public Project show(Caller caller, String id) {
    return directorship
        .store()
        .read(tx -> {
          caller.mustConceive(Action.SHOW_PROJECT);
          Rows.Project project = own(caller, tx.project(id), Rows.Project::account, KIND);
          caller.mustBeAllowed(Action.SHOW_PROJECT, subject(caller, project.name()));
          return Project.of(project);
        });
  }

  /**
   * Makes a project with a key of its own. Its name is the name of its region, or begins with that
   * and an underscore, as clients look projects up by region.
   *
   * @throws KmsException with {@link Problem.Conflict} if the account has a project of that name
   */
  public Project create(Caller caller, String name, String description) {
    String account = caller.principal().account();
    caller.mustBeAllowed(Action.CREATE_PROJECT, subject(caller, name));
    Names.project(name);
    Names.description("project.description", description);
    String id = ids.id();
    Project made =
        directorship.change(
            caller,
            Statuses.CREATED,
            tx -> {
              mustBeFree(tx, account, name);
              Rows.Project project =
                  new Rows.Project(
                      id,
                      account,
                      name,
                      regionOf(tx, account, name),
                      true,
                      directorship.now(),
                      description,
                      1);
              NewProject.of(hierarchy, project).insert(tx);
              return new Done<>(Project.of(project), KIND, id, name);
            });
    directorship.identities().projectChanged(id);
    return made;
  }

  private static void mustBeFree(Reading tx, String account, String name) {
    List<Rows.Project> projects = tx.projects(account);
    if (projects.stream().anyMatch(project -> project.name().equals(name))) {
      throw new KmsException(new Problem.Conflict("The account has a project of this name."));
    }
    if (projects.size() >= PROJECTS_MAX) {
      throw new KmsException(new Problem.TooMany("projects", PROJECTS_MAX));
    }
  }

  /** The longest region that the name begins with. */
  private static String regionOf(Reading tx, String account, String name) {
    return tx.projects(account).stream()
        .map(Rows.Project::region)
        .distinct()
        .filter(region -> name.equals(region) || name.startsWith(region + "_"))
        .max(Comparator.comparingInt(String::length))
        .orElseThrow(() ->
            Names.bad(
                "project.name",
                "project.name must begin with the name of a region and an underscore."));
  }

  /** Describes a project otherwise; null for what stays. */
  public Project update(
      Caller caller, String id, @Nullable String name, @Nullable String description) {
    return change(caller, id, Statuses.OK, name, description, null);
  }

  /** Opens a project to all who work in it. */
  public void open(Caller caller, String id) {
    change(caller, id, Statuses.NO_CONTENT, null, null, true);
  }

  /** Closes a project to all who work in it. */
  public void close(Caller caller, String id) {
    change(caller, id, Statuses.NO_CONTENT, null, null, false);
  }

  private Project change(
      Caller caller,
      String id,
      int status,
      @Nullable String name,
      @Nullable String description,
      @Nullable Boolean enabled) {
    boolean closes = Boolean.FALSE.equals(enabled) && name == null && description == null;
    return directorship.changeOrReduce(
        closes,
        caller,
        status,
        tx -> {
          caller.mustConceive(Action.UPDATE_PROJECT);
          Rows.Project before = own(caller, tx.project(id), Rows.Project::account, KIND);
          caller.mustBeAllowed(Action.UPDATE_PROJECT, subject(caller, before.name()));
          Rows.Project after = changed(tx, before, name, description, enabled);
          caller.mustBeAllowed(Action.UPDATE_PROJECT, subject(caller, after.name()));
          tx.rights().update(after);
          return new Done<>(Project.of(after), KIND, id, after.name());
        },
        () -> directorship.identities().projectChanged(id));
  }

  private static Rows.Project changed(
      Reading tx,
      Rows.Project before,
      @Nullable String name,
      @Nullable String description,
      @Nullable Boolean enabled) {
    String next = Objects.requireNonNullElse(name, before.name());
    if (!next.equals(before.name())) {
      mustTakeName(before, Names.project(next));
      mustBeFree(tx, before.account(), next);
    }
    String text = Objects.requireNonNullElse(description, before.description());
    return new Rows.Project(
        before.id(),
        before.account(),
        next,
        before.region(),
        Objects.requireNonNullElse(enabled, before.enabled()),
        before.createdAt(),
        Names.description("project.description", text),
        before.rowVersion());
  }

  private static void mustTakeName(Rows.Project before, String next) {
    if (before.name().equals(before.region())) {
      throw Names.bad(
          "project.name",
          "The project that is named like its region keeps that name: clients look it up by it.");
    }
    if (!next.equals(before.region()) && !next.startsWith(before.region() + "_")) {
      throw Names.bad(
          "project.name",
          "project.name must be the project's region, or begin with it and an underscore.");
    }
  }

  static Subject subject(Caller caller, String name) {
    return Subject.inAccount(KIND, caller.principal().account(), name);
  }
}
