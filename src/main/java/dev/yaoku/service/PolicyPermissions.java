package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Directory;
import dev.yaoku.access.Holdings;
import dev.yaoku.access.Permissions;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Subject;
import dev.yaoku.access.policy.CompiledPolicies;
import dev.yaoku.access.policy.Decision;
import dev.yaoku.access.policy.Decision.Outcome;
import dev.yaoku.access.policy.Effect;
import dev.yaoku.access.policy.Language;
import dev.yaoku.access.policy.Policy;
import dev.yaoku.access.policy.Resource;
import dev.yaoku.access.policy.Statement;
import dev.yaoku.key.Key;
import dev.yaoku.store.Rights;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Permissions by policies: what users hold themselves and through their groups, or agencies, for
 * the project or for all. The administrator of an account holds everything in it.
 */
public final class PolicyPermissions implements Permissions {
  private static final CompiledPolicies EVERYTHING =
      CompiledPolicies.of(
          List.of(
              new Policy(
                  "administrator",
                  "Administrator of the account",
                  Language.CUSTOM,
                  List.of(
                      new Statement(
                          "", Effect.ALLOW, List.of("*"), false, List.of(), false, List.of())))));

  private static final Decision ABOUT_ONESELF = new Decision(Outcome.ALLOWED, null);

  /** Holds for everybody, so it is no policy of anybody. */
  private static final Decision LESSER =
      new Decision(
          Outcome.DENIED,
          new Decision.By("", "for narrowed, assumed and temporary sessions", 1, ""));

  private static final Decision NO_OPERATOR =
      new Decision(
          Outcome.DENIED,
          new Decision.By("", "for all accounts but the installation's first one", 1, ""));

  private final HeldPolicies held;
  private final Directory directory;
  private final Operators operators;
  private final InstantSource clock;
  private final String region;

  /**
   * Permissions of one installation.
   *
   * @param held who holds which policies
   * @param directory knows the projects
   * @param operators knows whose the installation is
   * @param region where things are that are in no project
   */
  public PolicyPermissions(
      HeldPolicies held,
      Directory directory,
      Operators operators,
      InstantSource clock,
      String region) {
    this.held = held;
    this.directory = directory;
    this.operators = operators;
    this.clock = clock;
    this.region = region;
  }

  @Override
  public Decision decide(Caller caller, String project, Action action, Subject subject) {
    Principal who = caller.principal();
    if (action.needsLastingIdentity() && who.session().isLesser()) {
      return LESSER;
    }
    if (action.isOfInstallation() && !operators.operates(who.account())) {
      return NO_OPERATOR;
    }
    if (!isInScope(who, project, action)) {
      return Decision.NOT_ALLOWED;
    }
    Decision said = decided(caller, project, action, subject);
    boolean open = action.isAboutOneself() && said.outcome() != Outcome.DENIED;
    return open && !said.allowed() ? ABOUT_ONESELF : said;
  }

  private Decision decided(Caller caller, String project, Action action, Subject subject) {
    return policiesOf(caller, project, action)
        .decide(
            action,
            resource(caller, subject),
            new RequestCircumstances(caller, project, action, subject, directory, clock));
  }

  @Override
  public Decision decideWhereItIs(Caller caller, Key key, Action action, Subject subject) {
    return caller
        .keys()
        .projectOf(key)
        .or(() -> directory.project(key.project()))
        .map(there -> decided(caller.inside(there), there.id(), action, subject))
        .orElse(new Decision(Outcome.DENIED, null));
  }

  @Override
  public boolean conceives(Caller caller, Action action) {
    Principal who = caller.principal();
    if (action.needsLastingIdentity() && who.session().isLesser()) {
      return false;
    }
    return action.isAboutOneself()
        || policiesOf(caller, caller.project(), action).couldAllow(action);
  }

  /** A credential for one project is for nothing in another. */
  private static boolean isInScope(Principal who, String project, Action action) {
    return action.isOfAccount() || project.isEmpty() || !who.isForAnotherProject(project);
  }

  @Override
  public void prepare(Caller caller) {
    String project = caller.project();
    caller.prepared(
        caller.principal().administrator() ? null : heldBy(caller),
        project.isEmpty() ? null : directory.project(project).orElse(null));
  }

  private CompiledPolicies policiesOf(Caller caller, String project, Action action) {
    Principal who = caller.principal();
    CompiledPolicies own =
        who.administrator()
            ? EVERYTHING
            : holdings(caller).in(action.isOfAccount() ? Rights.Attachment.ACCOUNT : project);
    CompiledPolicies narrowing = who.session().narrowing();
    return narrowing == null ? own : own.narrowedBy(narrowing);
  }

  private Holdings holdings(Caller caller) {
    Holdings found = caller.holdings();
    if (found == null) {
      found = heldBy(caller);
      caller.prepared(found, caller.place());
    }
    return found;
  }

  private Holdings heldBy(Caller caller) {
    return caller.standing() instanceof Acquaintance known
        ? held.of(caller.principal(), known)
        : held.of(caller.principal());
  }

  private Resource resource(Caller caller, Subject subject) {
    return new Resource(
        subject.service(),
        regionOf(caller, subject),
        subject.account(),
        subject.type(),
        subject.id(),
        subject.uri());
  }

  private String regionOf(Caller caller, Subject subject) {
    if (subject.service().equals("*")) {
      return "*";
    }
    if (subject.service().equals("iam")) {
      return "";
    }
    return caller.region().isEmpty() ? region : caller.region();
  }

  /** The project that a question is about; the request's own is known already. */
  static Optional<Directory.KnownProject> place(
      Caller caller, String project, Directory directory) {
    Directory.KnownProject place = caller.place();
    if (place != null && place.id().equals(project)) {
      return Optional.of(place);
    }
    return project.isEmpty() ? Optional.empty() : directory.project(project);
  }
}
