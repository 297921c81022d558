package dev.yaoku.api.huawei;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.key.Field;
import dev.yaoku.key.Grant;
import dev.yaoku.key.GrantOperation;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.service.Grants;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Rights on keys that are given away. */
final class GrantRoutes {
  private static final int PAGE_MAX = 100;
  private static final int RETIRABLE_PAGE_MAX = 1000;
  private static final Pattern PRINCIPAL = Pattern.compile("[a-zA-Z0-9]{1,64}");
  private static final Pattern GRANT = Pattern.compile("[A-Fa-f0-9]{64}");

  private final Frame frame;
  private final Grants grants;

  GrantRoutes(Frame frame, Grants grants) {
    this.frame = frame;
    this.grants = grants;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onKey(
                "CreateGrant",
                "/kms/create-grant",
                Manner.SLOW,
                Action.CREATE_GRANT,
                CreateRequest.class,
                this::create)
            .answering(Created.class),
        frame.onKey(
            "CancelGrant",
            "/kms/revoke-grant",
            Manner.SLOW,
            Action.REVOKE_GRANT,
            OneRequest.class,
            this::revoke),
        frame
            .onKey(
                "CancelGrantTree",
                "/kms/yaoku-revoke-grant-tree",
                Manner.SLOW,
                Action.REVOKE_GRANT,
                OneRequest.class,
                this::revokeTree)
            .answering(Revoked.class),
        frame.onKey(
            "CancelSelfGrant",
            "/kms/retire-grant",
            Manner.SLOW,
            Action.RETIRE_GRANT,
            OneRequest.class,
            this::retire),
        frame
            .onKey(
                "ListGrants",
                "/kms/list-grants",
                Manner.SLOW,
                Action.LIST_GRANTS,
                ListRequest.class,
                this::list)
            .answering(ListAnswer.class),
        frame
            .onProject(
                "ListRetirableGrants",
                "/kms/list-retirable-grants",
                Manner.SLOW,
                Action.LIST_RETIRABLE_GRANTS,
                ListRequest.class,
                this::retirable)
            .answering(ListAnswer.class));
  }

  record CreateRequest(
      @Nullable String keyId,
      @Nullable String granteePrincipal,
      @Nullable String granteePrincipalType,
      @Nullable List<@Nullable String> operations,
      @Nullable String name,
      @Nullable String retiringPrincipal,
      @Nullable String sequence) {}

  record Created(String grantId) {}

  private Answer create(Caller caller, CreateRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    String retiring = Members.optional(request.retiringPrincipal());
    Grants.Order order =
        new Grants.Order(
            principal(
                "grantee_principal",
                Members.required("grantee_principal", request.granteePrincipal())),
            toAccount(request.granteePrincipalType()),
            operations(request.operations()),
            retiring == null ? null : principal("retiring_principal", retiring),
            name(request.name()));
    return Json.ok(new Created(grants.create(caller, key, order)));
  }

  private static String principal(String member, String value) {
    if (!PRINCIPAL.matcher(value).matches()) {
      throw Members.bad(
          Field.PRINCIPAL, member, member + " must be the id of a user or an account.");
    }
    return value;
  }

  private static boolean toAccount(@Nullable String value) {
    return switch (Members.optional(value)) {
      case null -> false;
      case "user" -> false;
      case "domain" -> true;
      default ->
          throw Members.bad(
              Field.OTHER,
              "grantee_principal_type",
              "grantee_principal_type must be user or domain.");
    };
  }

  private static Set<GrantOperation> operations(@Nullable List<@Nullable String> names) {
    if (names == null) {
      throw Members.missing("operations");
    }
    if (names.isEmpty()) {
      throw unknownOperation();
    }
    Set<GrantOperation> operations = EnumSet.noneOf(GrantOperation.class);
    for (String name : names) {
      operations.add(
          GrantOperation.named(name == null ? "" : name)
              .orElseThrow(GrantRoutes::unknownOperation));
    }
    if (operations.equals(EnumSet.of(GrantOperation.CREATE_GRANT))) {
      throw Members.bad(
          Field.ONLY_CREATE_GRANT, "operations", "operations must not be create-grant alone.");
    }
    return operations;
  }

  private static KmsException unknownOperation() {
    return Members.bad(
        Field.OTHER,
        "operations",
        "operations must name at least one of create-datakey, create-datakey-without-plaintext,"
            + " encrypt-datakey, decrypt-datakey, describe-key, create-grant, retire-grant,"
            + " encrypt-data and decrypt-data.");
  }

  private static @Nullable String name(@Nullable String value) {
    String name = Members.optional(value);
    if (name != null && !Syntax.isName(name)) {
      throw Members.bad(
          Field.OTHER, "name", "name must have 1 to 255 of the characters a-z A-Z 0-9 : / _ -.");
    }
    return name;
  }

  record OneRequest(@Nullable String keyId, @Nullable String grantId, @Nullable String sequence) {
    String grant() {
      String id = Members.required("grant_id", grantId);
      if (!GRANT.matcher(id).matches()) {
        throw Members.bad(Field.OTHER, "grant_id", "grant_id must be 64 hexadecimal characters.");
      }
      return id.toLowerCase(Locale.ROOT);
    }
  }

  private Answer revoke(Caller caller, OneRequest request, Exchange exchange) {
    grants.revoke(caller, KeyRoutes.reference(request.keyId()), request.grant());
    return Json.nothing();
  }

  // Yaoku's own (docs/beyond-the-api.md)

  record Revoked(String keyId, List<String> grantIds) {}

  private Answer revokeTree(Caller caller, OneRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    Grants.Ended ended = grants.revokeTree(caller, key, request.grant());
    return Json.ok(new Revoked(ended.key().id().text(), ended.ids()));
  }

  private Answer retire(Caller caller, OneRequest request, Exchange exchange) {
    grants.retire(caller, KeyRoutes.reference(request.keyId()), request.grant());
    return Json.nothing();
  }

  record ListRequest(
      @Nullable String keyId,
      @Nullable String limit,
      @Nullable String marker,
      @Nullable String sequence) {
    /** As many as fit on a page, unless fewer are asked for. */
    int size(int max) {
      return Members.capped("limit", limit, Field.LIMIT, 1, max, max);
    }

    int offset() {
      return Members.capped("marker", marker, Field.MARKER, 0, Integer.MAX_VALUE, 0);
    }
  }

  /** A grant on the wire; what was never set is left out. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record GrantDetails(
      String keyId,
      String grantId,
      String granteePrincipal,
      String granteePrincipalType,
      List<String> operations,
      String issuingPrincipal,
      String creationDate,
      @Nullable String name,
      @Nullable String retiringPrincipal) {
    static GrantDetails of(Grant grant) {
      return new GrantDetails(
          grant.key().text(),
          grant.id(),
          grant.grantee(),
          grant.toAccount() ? "domain" : "user",
          grant.operations().stream().map(GrantOperation::wireName).toList(),
          grant.issuer(),
          KeyDetails.millis(grant.createdAt()),
          grant.name(),
          grant.retiring());
    }
  }

  record ListAnswer(List<GrantDetails> grants, String nextMarker, String truncated, long total) {}

  private Answer list(Caller caller, ListRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    int offset = request.offset();
    return Json.ok(answer(grants.list(caller, key, offset, request.size(PAGE_MAX)), offset));
  }

  private Answer retirable(Caller caller, ListRequest request, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    int offset = request.offset();
    return Json.ok(
        answer(grants.retirable(caller, offset, request.size(RETIRABLE_PAGE_MAX)), offset));
  }

  private static ListAnswer answer(Grants.Page page, int offset) {
    List<GrantDetails> details = page.grants().stream().map(GrantDetails::of).toList();
    long next = (long) offset + details.size();
    boolean truncated = !details.isEmpty() && page.more();
    return new ListAnswer(
        details, truncated ? Long.toString(next) : "", Boolean.toString(truncated), page.total());
  }
}
