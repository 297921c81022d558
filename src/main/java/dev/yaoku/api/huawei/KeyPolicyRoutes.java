package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.KeySpaceMembers.PageInfo;
import dev.yaoku.api.huawei.KeySpaceMembers.Wanted;
import dev.yaoku.key.KeyPolicy;
import dev.yaoku.key.OpeningPolicy;
import dev.yaoku.service.KeyPolicies;
import dev.yaoku.service.KeySpacePage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stored policies of a key space. Clients have two spellings of two members: answers have both. */
final class KeyPolicyRoutes {
  private static final String ALL = "/kms/key-policies";
  private static final String ONE = ALL + "/{policy_id}";

  private final Frame frame;
  private final KeyPolicies policies;

  KeyPolicyRoutes(Frame frame, KeyPolicies policies) {
    this.frame = frame;
    this.policies = policies;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onProject(
                "CreateKeyPolicy",
                ALL,
                Frame.Manner.SLOW,
                Action.CREATE_KEY_POLICY,
                CreateRequest.class,
                this::create)
            .answering(Created.class),
        frame
            .bare("ListKeyPolicy", "GET", ALL, Action.LIST_KEY_POLICIES, this::list)
            .answering(ListAnswer.class)
            .takingQuery("limit", "marker")
            .needingQuery(KeySpaceMembers.KEY_SPACE),
        frame
            .bare("ShowKeyPolicy", "GET", ONE, Action.SHOW_KEY_POLICY, this::show)
            .answering(PolicyDetails.class),
        frame
            .onProject(
                "UpdateKeyPolicy",
                "PUT",
                ONE,
                Frame.Manner.SLOW,
                Action.UPDATE_KEY_POLICY,
                UpdateRequest.class,
                this::update)
            .answering(Updated.class),
        frame.bare("DeleteKeyPolicy", "DELETE", ONE, Action.DELETE_KEY_POLICY, this::delete));
  }

  private static String id(Exchange exchange) {
    return Frame.variable(exchange, "policy_id");
  }

  record CreateRequest(
      @Nullable String keyspaceId,
      @Nullable String policyName,
      @Nullable OpeningPolicy policy,
      @Nullable String description,
      @Nullable String sequence) {}

  record Created(String policyId) {}

  private Answer create(Caller caller, CreateRequest request, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    KeyPolicy made =
        policies.create(
            caller,
            KeySpaceMembers.keySpace(request.keyspaceId()),
            KeySpaceMembers.name("policy_name", request.policyName()),
            policy(request.policy()),
            KeySpaceMembers.description(request.description()));
    return Answer.json(201, Json.write(new Created(made.id())));
  }

  private static OpeningPolicy policy(@Nullable OpeningPolicy policy) {
    if (policy == null) {
      throw Members.missing("policy");
    }
    return policy;
  }

  /** A policy on the wire. */
  record PolicyDetails(
      String policyId,
      String policyName,
      String keyspaceId,
      OpeningPolicyDetails policy,
      String description,
      String createdBy,
      String createTime,
      String lastModifyTime,
      String lastAccessTime) {
    static PolicyDetails of(KeyPolicy policy) {
      return new PolicyDetails(
          policy.id(),
          policy.name(),
          policy.keySpace(),
          OpeningPolicyDetails.of(policy.policy()),
          policy.description(),
          policy.createdBy(),
          KeySpaceMembers.time(policy.createdAt()),
          KeySpaceMembers.time(policy.modifiedAt()),
          KeySpaceMembers.time(policy.openedAt()));
    }
  }

  record ListAnswer(PageInfo pageInfo, List<PolicyDetails> keyspacePolicies) {}

  private Answer list(Caller caller, Exchange exchange) {
    Wanted wanted = Wanted.of(exchange);
    KeySpacePage<KeyPolicy> page =
        policies.list(caller, wanted.keySpace(), wanted.after(), wanted.limit());
    List<PolicyDetails> details = page.items().stream().map(PolicyDetails::of).toList();
    return Json.ok(new ListAnswer(new PageInfo(page.next(), details.size()), details));
  }

  private Answer show(Caller caller, Exchange exchange) {
    KeyPolicy policy = policies.show(caller, id(exchange));
    return Json.ok(PolicyDetails.of(policy));
  }

  record UpdateRequest(
      @Nullable OpeningPolicy policy, @Nullable String description, @Nullable String sequence) {}

  record Updated(
      String policyId, OpeningPolicyDetails policy, String description, String lastModifyTime) {}

  private Answer update(Caller caller, UpdateRequest request, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    String description =
        request.description() == null ? null : KeySpaceMembers.description(request.description());
    KeyPolicy changed =
        policies.update(caller, id(exchange), policy(request.policy()), description);
    return Json.ok(
        new Updated(
            changed.id(),
            OpeningPolicyDetails.of(changed.policy()),
            changed.description(),
            KeySpaceMembers.time(changed.modifiedAt())));
  }

  private Answer delete(Caller caller, Exchange exchange) {
    policies.delete(caller, id(exchange));
    return Answer.noContent();
  }
}
