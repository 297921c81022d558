package dev.yaoku.access;

import dev.yaoku.key.Grant;
import dev.yaoku.key.GrantOperation;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who makes one request, and what became of it so far. Made once per request, after the identity is
 * proved.
 */
public final class Caller {
  private final Principal principal;
  private final String project;
  private final String requestId;
  private final String source;
  private final Permissions permissions;

  private String region = "";
  private @Nullable SignatureMark mark;
  private @Nullable Action action;
  private @Nullable Key touched;
  private @Nullable String note;
  private boolean recorded;
  private final Map<KeyId, List<Grant>> grants = new HashMap<>(2);

  /**
   * A caller.
   *
   * @param principal the proved identity
   * @param project the project in the path, which is the caller's; empty where the path has none
   * @param requestId 32 hexadecimal characters
   * @param source the address that the request came from
   * @param permissions what decides
   */
  public Caller(
      Principal principal,
      String project,
      String requestId,
      String source,
      Permissions permissions) {
    this.principal = principal;
    this.project = project;
    this.requestId = requestId;
    this.source = source;
    this.permissions = permissions;
  }

  /**
   * The same caller for one project of the account, on routes whose path names none. What becomes
   * of the request is noted there and must be noted here again.
   *
   * @throws KmsException with {@link Problem.ProjectMismatch} if the credential is for another
   *     project
   */
  public Caller within(String ownProject) {
    Principal who = principal;
    if (who.tokenProject() != null && !who.tokenProject().equals(ownProject)) {
      throw new KmsException(new Problem.ProjectMismatch());
    }
    Principal there =
        new Principal(
            who.account(),
            who.accountName(),
            who.user(),
            who.userName(),
            who.administrator(),
            who.credential(),
            who.byToken(),
            ownProject);
    Caller inside = new Caller(there, ownProject, requestId, source, permissions);
    inside.mark = mark;
    return inside;
  }

  /** Notes what is asked for before anything is checked, so that a refusal is recorded with it. */
  public void intends(Action asked) {
    action = asked;
  }

  /**
   * Asks whether this caller may do this at all, whatever the key.
   *
   * @throws KmsException with {@link Problem.NotAllowed}
   */
  public void mustBeAllowed(Action asked) {
    action = asked;
    if (!permissions.allows(principal, project, asked)) {
      throw new KmsException(new Problem.NotAllowed(asked.policyName()));
    }
  }

  /**
   * Asks whether this caller may do this with this key, which was resolved once and is the one that
   * will be used.
   *
   * @throws KmsException with {@link Problem.KeyNotAllowed}, or {@link Problem.KeyNotFound} if the
   *     caller may not even know that the key exists
   */
  public UsableKey mustBeAllowed(Action asked, Key key) {
    action = asked;
    boolean atHome = key.project().equals(project);
    if (atHome && permissions.allows(principal, asked, key)) {
      touched = key;
      return new UsableKey(key, asked, false);
    }
    if (isGranted(asked, key) && !permissions.denies(principal, asked, key)) {
      touched = key;
      return new UsableKey(key, asked, true);
    }
    boolean visible = atHome && permissions.maySee(principal, key);
    if (!visible && ownGrants(key).isEmpty()) {
      // Not noted as touched: the record of this refusal is the caller's, the key is not.
      throw new KmsException(new Problem.KeyNotFound());
    }
    touched = key;
    throw new KmsException(new Problem.KeyNotAllowed(asked.policyName()));
  }

  /**
   * Asks whether anything forbids this caller what the caller may do with this key for a reason
   * that no policy gives, such as having issued a grant.
   *
   * @throws KmsException with {@link Problem.KeyNotAllowed}
   */
  public void mustNotBeDenied(Action asked, Key key) {
    action = asked;
    if (permissions.denies(principal, asked, key)) {
      throw new KmsException(new Problem.KeyNotAllowed(asked.policyName()));
    }
  }

  /**
   * Asks whether this caller may do something in another project of the account, which the request
   * does in the same breath. A token is good for its own project only.
   *
   * @throws KmsException with {@link Problem.NotAllowed}
   */
  public void mustAlsoBeAllowed(Action needed, String inProject) {
    if (!reaches(inProject) || !permissions.allows(principal, inProject, needed)) {
      throw new KmsException(new Problem.NotAllowed(needed.policyName()));
    }
  }

  /**
   * The same about a key in another project of the account.
   *
   * @throws KmsException with {@link Problem.KeyNotAllowed}
   */
  public void mustAlsoBeAllowed(Action needed, Key other) {
    boolean allowed =
        other.account().equals(principal.account())
            && reaches(other.project())
            && permissions.allows(principal, needed, other);
    if (!allowed) {
      throw new KmsException(new Problem.KeyNotAllowed(needed.policyName()));
    }
  }

  private boolean reaches(String otherProject) {
    return !principal.byToken() || otherProject.equals(principal.tokenProject());
  }

  /** Shows the grants on a key that was resolved; those of others change nothing. */
  public void show(KeyId key, List<Grant> onKey) {
    if (onKey.isEmpty()) {
      grants.remove(key);
    } else {
      grants.put(key, onKey);
    }
  }

  /** Whether a grant that was shown is this caller's and on this key. */
  public boolean hasGrantOn(Key key) {
    return !ownGrants(key).isEmpty();
  }

  private boolean isGranted(Action asked, Key key) {
    GrantOperation operation = asked.grantOperation();
    return operation != null
        && ownGrants(key).stream().anyMatch(grant -> grant.operations().contains(operation));
  }

  private List<Grant> ownGrants(Key key) {
    return grants.getOrDefault(key.id(), List.of()).stream()
        .filter(grant -> grant.key().equals(key.id()))
        .filter(grant -> grant.isFor(principal.user(), principal.account()))
        .toList();
  }

  /** Who calls. */
  public Principal principal() {
    return principal;
  }

  /** The project of the request. */
  public String project() {
    return project;
  }

  /** The region of that project; empty before the caller is known to be at home there. */
  public String region() {
    return region;
  }

  /** Says in which region the caller's project is. */
  public void isIn(String regionOfProject) {
    region = regionOfProject;
  }

  /** The request id that the answer will carry. */
  public String requestId() {
    return requestId;
  }

  /** The address that the request came from. */
  public String source() {
    return source;
  }

  /**
   * What a change must remember in its own transaction, so that its signature works once only
   * (SECURITY_DESIGN M4); null where replays are taken.
   */
  public @Nullable SignatureMark mark() {
    return mark;
  }

  /** Says what a change must remember of the request's proof. */
  void mark(SignatureMark ofProof) {
    mark = ofProof;
  }

  /** What was asked for, once it is known. */
  public @Nullable Action action() {
    return action;
  }

  /** The key that the request resolved to, if it came so far; refusals are recorded with it. */
  public @Nullable Key touched() {
    return touched;
  }

  /** Notes the key that the request made or resolved, for the record. */
  public void touched(Key key) {
    touched = key;
  }

  /** What else the record of the request should say, null for nothing. */
  public @Nullable String note() {
    return note;
  }

  /** Says what else the record of the request should say; never a secret. */
  public void note(String more) {
    note = more;
  }

  /** Whether the event of this request is in the log already, committed with its change. */
  public boolean recorded() {
    return recorded;
  }

  /** Says that the event of this request was committed with its change. */
  public void markRecorded() {
    recorded = true;
  }
}
