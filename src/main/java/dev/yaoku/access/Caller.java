package dev.yaoku.access;

import dev.yaoku.access.policy.Decision;
import dev.yaoku.access.policy.Decision.Outcome;
import dev.yaoku.key.Grant;
import dev.yaoku.key.GrantOperation;
import dev.yaoku.key.Key;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who makes one request, and asks what this caller may do. Made once per request, after the
 * identity is proved.
 */
public final class Caller {
  private static final int USER_AGENT_MAX = 256;

  private final Principal principal;
  private final String project;
  private final String requestId;
  private final String source;
  private final Permissions permissions;
  private final Standing standing;
  private final AuditContext audit;

  private String region = "";
  private @Nullable SignatureMark mark;
  private @Nullable RequestHead head;
  private @Nullable Holdings holdings;
  private Directory.@Nullable KnownProject place;
  private RequestTags requestTags = RequestTags.NONE;
  private ShownKeys keys = new ShownKeys();

  /** Asks anew for each thing that was allowed for the account. */
  private final List<Runnable> allowed = new ArrayList<>(0);

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
    this(principal, project, requestId, source, permissions, new Standing());
  }

  /**
   * A caller whose credential is kept in memory.
   *
   * @param standing what is remembered beside the credential
   */
  Caller(
      Principal principal,
      String project,
      String requestId,
      String source,
      Permissions permissions,
      Standing standing) {
    this(principal, project, requestId, source, permissions, standing, new AuditContext());
  }

  private Caller(
      Principal principal,
      String project,
      String requestId,
      String source,
      Permissions permissions,
      Standing standing,
      AuditContext audit) {
    this.principal = principal;
    this.project = project;
    this.requestId = requestId;
    this.source = source;
    this.permissions = permissions;
    this.standing = standing;
    this.audit = audit;
  }

  /**
   * The same caller for one project of the account, on routes whose path names none. What is noted
   * of the request there is noted here.
   *
   * @throws KmsException with {@link Problem.ProjectMismatch} if the credential is for another
   *     project
   */
  public Caller within(String ownProject) {
    if (principal.isForAnotherProject(ownProject)) {
      throw new KmsException(new Problem.ProjectMismatch());
    }
    Caller inside =
        new Caller(
            principal.in(ownProject), ownProject, requestId, source, permissions, standing, audit);
    inside.mark = mark;
    inside.head = head;
    inside.holdings = holdings;
    inside.prepare();
    return inside;
  }

  /**
   * Somebody else, as if the same request were his: from the same address, in the same way, for the
   * same project. What becomes of it is not this caller's.
   */
  public Caller imagining(Principal other) {
    Caller imagined = new Caller(other, project, requestId, source, permissions);
    imagined.head = head;
    imagined.region = region;
    imagined.place = place;
    return imagined;
  }

  /** Notes what is asked for before anything is checked, so that a refusal is recorded with it. */
  public void intends(Action asked) {
    audit.intends(asked);
  }

  /** Notes the key that the request made or resolved. */
  public void touched(Key key) {
    audit.touched(key);
  }

  /** What there is to say of the request so far: the same object, to say more. */
  public AuditContext audit() {
    return audit;
  }

  /**
   * Asks whether this caller may do this, whatever it is done to.
   *
   * @throws KmsException with {@link Problem.NotAllowed}
   */
  public void mustBeAllowed(Action asked) {
    mustBeAllowed(asked, Subject.allOf(asked, principal.account()));
  }

  /**
   * Asks whether this caller may do this to something other than a key that is there.
   *
   * @throws KmsException with {@link Problem.NotAllowed}
   */
  public void mustBeAllowed(Action asked, Subject subject) {
    mustBeAllowedIn(project, asked, subject);
  }

  /**
   * Asks whether this caller may do this in another project than the path's, which is known to be
   * of the caller's account.
   *
   * @throws KmsException with {@link Problem.NotAllowed}
   */
  public void mustBeAllowedIn(String place, Action asked, Subject subject) {
    ask(asked, () -> decide(place, asked, subject).allowed());
  }

  private void ask(Action asked, BooleanSupplier question) {
    Runnable asking =
        () -> {
          if (!question.getAsBoolean()) {
            throw new KmsException(new Problem.NotAllowed(asked.policyName()));
          }
        };
    asking.run();
    if (asked.isOfAccount()) {
      allowed.add(asking);
    }
  }

  /**
   * Asks for all that was allowed for the account so far once more. Whoever is refused holds what
   * he held before, so that he is refused as often as the same is done again.
   *
   * @param now what the caller holds for the account
   * @throws KmsException as whoever asked at first
   */
  public void askAgain(Holdings now) {
    Holdings before = holdings;
    holdings = now;
    try {
      allowed.forEach(Runnable::run);
    } catch (RuntimeException | Error refused) {
      holdings = before;
      throw refused;
    }
  }

  /**
   * Asks whether this caller may do this to a person. What concerns oneself needs no policy, but a
   * denial counts.
   *
   * @param person the id of a user
   * @throws KmsException with {@link Problem.NotAllowed}
   */
  public void mustBeAllowedOrOneself(Action asked, String person, Subject subject) {
    ask(
        asked,
        () -> {
          Decision said = decide(project, asked, subject);
          return said.allowed() || (person.equals(principal.user()) && !said.overridesGrants());
        });
  }

  /**
   * Asks whether this caller may do this with this key, which was resolved once and is the one that
   * will be used.
   *
   * @throws KmsException with {@link Problem.KeyNotAllowed}, or {@link Problem.KeyNotFound} if the
   *     caller may not even know that the key exists
   */
  public UsableKey mustBeAllowed(Action asked, Key key) {
    Decision said = decide(project, asked, keys.subject(key));
    if (isAtHome(key) && said.allowed()) {
      touched(key);
      return new UsableKey(key, asked, false);
    }
    if (isGranted(asked, key) && !said.overridesGrants()) {
      said = butWhereItIs(said, asked, key);
      if (said.outcome() != Outcome.DENIED) {
        touched(key);
        return new UsableKey(key, asked, true);
      }
    }
    throw refused(asked, key, said);
  }

  private KmsException refused(Action asked, Key key, Decision said) {
    boolean visible = !ownGrants(key).isEmpty() || (isAtHome(key) && maySee(key));
    audit.asks(asked);
    audit.decided(said);
    if (!visible) {
      // Not noted as touched: of the key itself the record of this refusal says no more than its
      // id.
      audit.hidden(isAtHome(key) ? key : null);
      return new KmsException(new Problem.KeyNotFound());
    }
    touched(key);
    return new KmsException(new Problem.KeyNotAllowed(asked.policyName()));
  }

  /**
   * Refuses what no policy could allow with this key, such as ending what others gave.
   *
   * @return {@link Problem.KeyNotAllowed}, or {@link Problem.KeyNotFound} if the caller may not
   *     even know that the key exists
   */
  public KmsException refusal(Action asked, Key key) {
    return refused(asked, key, Decision.NOT_ALLOWED);
  }

  /**
   * Asks whether this caller may do this with something of this key, such as one of its names.
   *
   * @throws KmsException with {@link Problem.KeyNotAllowed}
   */
  public void mustBeAllowed(Action asked, Subject subject, Key of) {
    touched(of);
    if (!decide(project, asked, subject.of(of.id())).allowed()) {
      throw new KmsException(new Problem.KeyNotAllowed(asked.policyName()));
    }
  }

  /** Whether this caller may learn that a key of the project exists. */
  private boolean maySee(Key key) {
    return decide(project, Action.DESCRIBE_KEY, keys.subject(key)).allowed()
        || (decide(project, Action.LIST_KEYS, Subject.allOf(Action.LIST_KEYS, principal.account()))
                .allowed()
            && mayBeListed(Action.LIST_KEYS, keys.subject(key)));
  }

  /** Whether this caller may do this to something, which is not said of the request as a whole. */
  public boolean mayDo(Action asked, Subject subject) {
    return permissions.decide(this, project, asked, subject).allowed();
  }

  /**
   * Whether something may be in the list that the caller was allowed to see, which is unless a
   * statement denies just this.
   */
  public boolean mayBeListed(Action asked, Subject subject) {
    return permissions.decide(this, project, asked, subject).outcome() != Outcome.DENIED;
  }

  /**
   * Whether anything that the caller holds could allow this, to whatever it is done. Where nothing
   * could, the caller is told of the missing permission and not that a key does not exist: that
   * would not say what is wrong.
   */
  public boolean conceives(Action asked) {
    return permissions.conceives(this, asked);
  }

  /**
   * Refuses what nothing could allow, before anything is known of what it is about.
   *
   * @throws KmsException with {@link Problem.NotAllowed}
   */
  public void mustConceive(Action asked) {
    audit.asks(asked);
    if (!conceives(asked)) {
      audit.decided(Decision.NOT_ALLOWED);
      throw new KmsException(new Problem.NotAllowed(asked.policyName()));
    }
  }

  /**
   * The same for what needs no policy where it is done to oneself, such as to list one's own access
   * keys. Who may do it to nobody else is refused before the person is looked up, so that the
   * answer does not tell whether there is such a person.
   *
   * @param person the id of a user, who may be there or not
   * @throws KmsException with {@link Problem.NotAllowed}
   */
  public void mustConceiveOrBeOneself(Action asked, String person) {
    audit.asks(asked);
    if (!person.equals(principal.user())) {
      mustConceive(asked);
    }
  }

  /**
   * Asks whether anything forbids this caller what the caller may do with this key for a reason
   * that no policy gives, such as having issued a grant.
   *
   * @throws KmsException with {@link Problem.KeyNotAllowed}
   */
  public void mustNotBeDenied(Action asked, Key key) {
    Decision said = butWhereItIs(decide(project, asked, keys.subject(key)), asked, key);
    audit.decided(said);
    if (said.overridesGrants()) {
      throw new KmsException(new Problem.KeyNotAllowed(asked.policyName()));
    }
  }

  /**
   * Asks whether this caller may do something in another project of the account, which the request
   * does in the same breath. A token is good for its own project only.
   *
   * @param subject what it is done to there, such as a key that is to be made
   * @throws KmsException with {@link Problem.NotAllowed}
   */
  public void mustAlsoBeAllowed(Action needed, Subject subject, Directory.KnownProject there) {
    if (!isAlsoAllowed(needed, subject, there)) {
      throw new KmsException(new Problem.NotAllowed(needed.policyName()));
    }
  }

  /**
   * The same about a key in another project of the account.
   *
   * @throws KmsException with {@link Problem.KeyNotAllowed}
   */
  public void mustAlsoBeAllowed(Action needed, Key other, Directory.KnownProject there) {
    audit.alsoAbout(other.id());
    boolean allowed =
        other.account().equals(principal.account())
            && other.project().equals(there.id())
            && isAlsoAllowed(needed, keys.subject(other), there);
    if (!allowed) {
      throw new KmsException(new Problem.KeyNotAllowed(needed.policyName()));
    }
  }

  /** What is said there is noted here: it is why this request is refused. */
  private boolean isAlsoAllowed(Action needed, Subject subject, Directory.KnownProject there) {
    Decision said =
        reaches(there) ? inside(there).decide(there.id(), needed, subject) : Decision.NOT_ALLOWED;
    audit.decided(said);
    return said.allowed();
  }

  private boolean reaches(Directory.KnownProject there) {
    return there.account().equals(principal.account()) && principal.mayEnter(there.id());
  }

  /** This caller as it is seen in another project, with nothing left to look up. */
  public Caller inside(Directory.KnownProject there) {
    Caller inside = new Caller(principal, there.id(), requestId, source, permissions, standing);
    inside.head = head;
    inside.requestTags = requestTags;
    inside.keys = keys;
    inside.region = there.region();
    inside.prepared(holdings, there);
    return inside;
  }

  /** What was said, unless the key is in another project of the account and is denied there. */
  private Decision butWhereItIs(Decision said, Action asked, Key key) {
    if (!key.account().equals(principal.account()) || key.project().equals(project)) {
      return said;
    }
    Decision there = permissions.decideWhereItIs(this, key, asked, keys.subject(key));
    return there.outcome() == Outcome.DENIED ? there : said;
  }

  private Decision decide(String place, Action asked, Subject subject) {
    audit.asks(asked, subject);
    Decision said = permissions.decide(this, place, asked, subject);
    audit.decided(said);
    return said;
  }

  private boolean isAtHome(Key key) {
    return key.project().equals(project) && key.account().equals(principal.account());
  }

  /** What was shown of keys so far: the same object, to show more. */
  public ShownKeys keys() {
    return keys;
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
    return keys.grantsOn(key).stream()
        .filter(grant -> grant.isFor(principal.user(), principal.account()))
        .toList();
  }

  /** Who calls. */
  public Principal principal() {
    return principal;
  }

  /** What is remembered beside the credential that proved who calls. */
  public Standing standing() {
    return standing;
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
  public void foundIn(String regionOfProject) {
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
   * (SECURITY_DESIGN M4); null where replays are taken, and once it is remembered.
   */
  public @Nullable SignatureMark mark() {
    return mark;
  }

  /** Says that an earlier transaction of the request remembered it, and was committed. */
  public void signatureRemembered() {
    mark = null;
  }

  /** Says what a change must remember of the request's proof. */
  void mark(SignatureMark ofProof) {
    mark = ofProof;
  }

  /**
   * Finds what permissions need, before anything that must not look it up.
   *
   * @throws dev.yaoku.key.NotInMemory if that would have to wait and this thread must not
   */
  public void prepare() {
    permissions.prepare(this);
  }

  /** Notes what the caller holds, and where it is. */
  public void prepared(@Nullable Holdings held, Directory.@Nullable KnownProject in) {
    holdings = held;
    place = in;
  }

  /** What the caller holds; null before that was looked up. */
  public @Nullable Holdings holdings() {
    return holdings;
  }

  /** The project of the request; null if there is none, or before it was looked up. */
  public Directory.@Nullable KnownProject place() {
    return place;
  }

  /** Says by which request the caller came. */
  void cameBy(RequestHead request) {
    head = request;
  }

  /** Whether the request came in a way that secrets may take. */
  public boolean secure() {
    return head != null && head.secure();
  }

  /**
   * What the client calls itself, as far as policies may ask: its first 256 characters, as what
   * they compare it with may be many patterns (SECURITY_DESIGN L4); empty if it does not say.
   */
  public String userAgent() {
    String whole = head == null ? "" : head.first("user-agent");
    return whole.substring(0, Math.min(whole.length(), USER_AGENT_MAX));
  }

  /** Notes the tags that the request wants to set or remove, before permission is asked. */
  public void requests(List<Tag> tags) {
    requestTags = new RequestTags(tags);
  }

  /** The tags that the request wants to set or remove. */
  public RequestTags requestTags() {
    return requestTags;
  }
}
