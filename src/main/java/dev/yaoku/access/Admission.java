package dev.yaoku.access;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.Objects;
import java.util.Optional;

/**
 * Makes a caller of a proved identity and keeps it where it belongs: in its account, in the path's
 * project. First {@link #callerOf}, so that a refusal can be recorded with the caller; then {@link
 * #confine}.
 */
public final class Admission {
  private static final int PROJECT_LENGTH_MAX = 64;

  private final Directory directory;
  private final Permissions permissions;

  /** Admission to what is in the directory, as far as permissions go. */
  public Admission(Directory directory, Permissions permissions) {
    this.directory = directory;
    this.permissions = permissions;
  }

  /**
   * The caller of one request, not yet confined.
   *
   * @param who what {@link Credentials#prove} returned
   * @param mark what {@link Credentials#mark} returned
   * @param projectInPath empty where the path has none
   */
  public Caller callerOf(
      Principal who,
      Optional<SignatureMark> mark,
      String projectInPath,
      String requestId,
      String source) {
    return callerOf(who, mark, new Standing(), projectInPath, requestId, source);
  }

  /**
   * The caller of a request whose body proved who it is, such as a log-in. Its path names no
   * project.
   */
  public Caller callerOf(Principal who, RequestHead head, String requestId) {
    Caller caller = callerOf(who, Optional.empty(), new Standing(), "", requestId, head.source());
    caller.cameBy(head);
    return caller;
  }

  /** The same of what proved it, beside which things are remembered. */
  public Caller callerOf(
      Principal who, Credentials proof, String projectInPath, String requestId, String source) {
    return callerOf(who, proof.mark(), proof.standing(), projectInPath, requestId, source);
  }

  private Caller callerOf(
      Principal who,
      Optional<SignatureMark> mark,
      Standing standing,
      String projectInPath,
      String requestId,
      String source) {
    Caller caller = new Caller(who, projectInPath, requestId, source, permissions, standing);
    mark.ifPresent(caller::mark);
    return caller;
  }

  /**
   * Refuses a caller who is not at home in the path's project, or whose scope headers contradict.
   * Those headers are often not signed, so they can only narrow or refuse.
   *
   * @throws KmsException with {@link Problem.ProjectMismatch}
   * @throws dev.yaoku.key.NotInMemory if the project must be looked up and this thread must not
   *     wait
   */
  public void confine(Caller caller, RequestHead head) {
    caller.cameBy(head);
    Principal who = caller.principal();
    String domain = scopeOf(head, "x-domain-id");
    if (!domain.isEmpty() && !who.account().equals(domain)) {
      throw mismatch();
    }
    String project = caller.project();
    String hint = scopeOf(head, "x-project-id");
    if (project.isEmpty()) {
      if (!hint.isEmpty()) {
        mustBeOpenTo(who, hint);
      }
      caller.prepare();
      return;
    }
    if (!hint.isEmpty() && !project.equals(hint)) {
      throw mismatch();
    }
    if (!who.mayEnter(project)) {
      throw mismatch();
    }
    caller.foundIn(mustBeOpenTo(who, project).region());
    caller.prepare();
  }

  private Directory.KnownProject mustBeOpenTo(Principal who, String project) {
    if (project.length() > PROJECT_LENGTH_MAX) {
      throw mismatch();
    }
    return directory
        .project(project)
        .filter(p -> p.enabled() && p.account().equals(who.account()))
        .orElseThrow(Admission::mismatch);
  }

  private static String scopeOf(RequestHead head, String name) {
    return Objects.requireNonNullElse(head.only(name), "");
  }

  private static KmsException mismatch() {
    return new KmsException(new Problem.ProjectMismatch());
  }
}
