package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.policy.ActionNames;
import dev.yaoku.access.policy.Decision;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyReference;
import dev.yaoku.service.DryRuns;
import dev.yaoku.service.Explanations;
import dev.yaoku.service.Operations;
import dev.yaoku.service.Role;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Why somebody may not, and whether somebody may; Yaoku's own (docs/administration.md). */
public final class AccessRoutes {
  /** Where an operation's name is all that stands behind the project. */
  private static final Pattern NAMED_BY_PATH = Pattern.compile(".*/\\{project_id}/kms/([a-z-]+)");

  private final Frame frame;
  private final Explanations explanations;
  private final DryRuns dryRuns;

  /**
   * What operations ask for, by their names in lower case and by their paths; several have one path
   * and differ in the method.
   */
  private final Map<String, Set<Action>> byOperation;

  /**
   * The routes, in the dialect of the KMS API.
   *
   * @param operations of the KMS API, by whose names may be asked
   */
  public AccessRoutes(
      HuaweiErrors dialect, List<Route> operations, Explanations explanations, DryRuns dryRuns) {
    this.frame = new Frame(dialect);
    this.explanations = explanations;
    this.dryRuns = dryRuns;
    this.byOperation = byOperation(operations, routes());
  }

  /** All of them. */
  public List<Route> routes() {
    return List.of(
        frame
            .ofServer(
                "ExplainRefusal",
                "GET",
                "/yaoku/v1/refusals/{request_id}",
                Action.EXPLAIN_REFUSAL,
                this::explain)
            .answering(Explanation.class),
        frame
            .onProject(
                "CheckAccess",
                "/kms/yaoku-check-access",
                Manner.SLOW,
                Action.CHECK_ACCESS,
                CheckRequest.class,
                this::check)
            .answering(CheckAnswer.class));
  }

  // Why not?

  record Explanation(
      String requestId,
      String time,
      String userId,
      String userName,
      String credential,
      String source,
      String projectId,
      String action,
      String resource,
      int status,
      String errorCode,
      String reason,
      @Nullable Statement statement) {
    static Explanation of(Explanations.Explanation found) {
      return new Explanation(
          found.requestId(),
          found.at().toString(),
          found.user(),
          found.userName(),
          found.credential(),
          found.source(),
          found.project(),
          found.action(),
          found.resource(),
          found.status(),
          found.code(),
          found.sentence(),
          Statement.of(found.by()));
    }
  }

  record Statement(String policyId, String policyName, int number, String sid) {
    static @Nullable Statement of(Decision.@Nullable By by) {
      return by == null
          ? null
          : new Statement(by.policyId(), by.policyName(), by.number(), by.sid());
    }
  }

  private Answer explain(Caller caller, Exchange exchange) {
    String id = Frame.variable(exchange, "request_id").toLowerCase(Locale.ROOT);
    return Json.ok(Explanation.of(explanations.explain(caller, id)));
  }

  // Could he?

  record CheckRequest(
      @Nullable String user,
      @Nullable String action,
      @Nullable String keyId,
      @Nullable String agencyName,
      @Nullable String domainId) {}

  record CheckAnswer(boolean allowed, List<Verdict> verdicts) {}

  record Verdict(
      String operation,
      String action,
      boolean allowed,
      String reason,
      @Nullable Statement statement) {
    static Verdict of(DryRuns.Verdict verdict) {
      return new Verdict(
          nameOf(verdict.action()),
          verdict.action().policyName(),
          verdict.allowed(),
          verdict.sentence(),
          Statement.of(verdict.by()));
    }
  }

  private Answer check(Caller caller, CheckRequest request, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    String user = Members.required("user", request.user());
    List<Action> actions = actions(Members.required("action", request.action()));
    List<DryRuns.Verdict> verdicts = verdicts(caller, user, actions, request);
    return Json.ok(
        new CheckAnswer(
            verdicts.stream().allMatch(DryRuns.Verdict::allowed),
            verdicts.stream().map(Verdict::of).toList()));
  }

  private List<DryRuns.Verdict> verdicts(
      Caller caller, String user, List<Action> actions, CheckRequest request) {
    String keyId = Members.optional(request.keyId());
    String agency = Members.optional(request.agencyName());
    if (agency != null) {
      mustBeAboutAgencies(actions, keyId);
      return List.of(dryRuns.check(caller, user, role(caller, agency, request.domainId())));
    }
    KeyReference key = keyId == null ? null : KeyRoutes.reference(keyId);
    return dryRuns.check(caller, user, actions, key);
  }

  private static void mustBeAboutAgencies(List<Action> actions, @Nullable String keyId) {
    if (!actions.equals(List.of(Action.ASSUME_AGENCY)) || keyId != null) {
      throw Members.bad(
          Field.OTHER,
          "agency_name",
          "agency_name is for the action "
              + Action.ASSUME_AGENCY.policyName()
              + ", and not beside key_id.");
    }
  }

  private static Role role(Caller caller, String agency, @Nullable String domainId) {
    String account = Members.optional(domainId);
    return new Role(account == null ? caller.principal().account() : account, null, agency, null);
  }

  /** The actions of a name: one that policies know, that of the log, or the operation's. */
  private List<Action> actions(String name) {
    List<Action> named =
        Arrays.stream(Action.values()).filter(action -> isNamed(action, name)).toList();
    if (!named.isEmpty()) {
      return named;
    }
    Set<Action> ofOperation = byOperation.getOrDefault(name.toLowerCase(Locale.ROOT), Set.of());
    if (ofOperation.isEmpty()) {
      throw Members.bad(
          Field.OTHER,
          "action",
          "action must be an action of policies, such as kms:cmk:crypto, or the name of an"
              + " operation, such as encrypt-data.");
    }
    return List.copyOf(ofOperation);
  }

  private static boolean isNamed(Action action, String name) {
    return ActionNames.isOneOf(name, action)
        || action.traceName().equalsIgnoreCase(name.replace("-", ""))
        || nameOf(action).equalsIgnoreCase(name);
  }

  private static Map<String, Set<Action>> byOperation(List<Route> kms, List<Route> own) {
    Map<String, Set<Action>> actions = new HashMap<>();
    for (Route route : Stream.concat(kms.stream(), own.stream()).toList()) {
      Matcher path = NAMED_BY_PATH.matcher(route.path());
      Operations.action(route.operation())
          .ifPresent(action -> {
            add(actions, route.operation().toLowerCase(Locale.ROOT), action);
            if (path.matches()) {
              add(actions, path.group(1), action);
            }
          });
    }
    return actions;
  }

  private static void add(Map<String, Set<Action>> actions, String name, Action action) {
    actions.computeIfAbsent(name, _ -> EnumSet.noneOf(Action.class)).add(action);
  }

  private static String nameOf(Action action) {
    return action.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
