package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.key.Field;
import dev.yaoku.service.Described;
import dev.yaoku.service.Queries;
import dev.yaoku.service.Search;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which keys there are, and how many. */
final class QueryRoutes {
  private static final int PAGE_DEFAULT = 1000;
  private static final int PAGE_MAX = 2000;
  private static final Described.Page NOTHING = new Described.Page(List.of(), 0, false);

  private final Frame frame;
  private final Queries queries;
  private final HuaweiOptions options;

  QueryRoutes(Frame frame, Queries queries, HuaweiOptions options) {
    this.frame = frame;
    this.queries = queries;
    this.options = options;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onProject(
                "ListKeys",
                "/kms/list-keys",
                Manner.SLOW,
                Action.LIST_KEYS,
                ListRequest.class,
                this::list)
            .answering(ListAnswer.class)
            .takingQuery("key_state", "limit", "marker")
            .taking(0), // it has room by how many keys it may have
        frame
            .onKey(
                "ListKeyDetail",
                "/kms/describe-key",
                Manner.FAST,
                Action.DESCRIBE_KEY,
                KeyRoutes.KeyRequest.class,
                this::describe)
            .answering(OneKey.class),
        frame
            .bare(
                "ShowUserInstances",
                "GET",
                "/kms/user-instances",
                Action.SHOW_USER_INSTANCES,
                this::instances)
            .answering(Instances.class),
        frame
            .bare(
                "ShowUserQuotas", "GET", "/kms/user-quotas", Action.SHOW_USER_QUOTAS, this::quotas)
            .answering(Quotas.class));
  }

  record OneKey(KeyDetails keyInfo) {}

  private Answer describe(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    Described key = queries.describe(caller, request.key());
    return Json.ok(new OneKey(KeyDetails.of(key)));
  }

  // List

  record ListRequest(
      @Nullable String limit,
      @Nullable String marker,
      @Nullable String keyState,
      @Nullable String keySpec,
      @Nullable String enterpriseProjectId,
      @Nullable String sequence) {}

  record ListAnswer(
      List<String> keys,
      List<KeyDetails> keyDetails,
      String nextMarker,
      String truncated,
      long total) {}

  private Answer list(Caller caller, ListRequest request, Exchange exchange) {
    int limit =
        Members.capped(
            "limit",
            here(request.limit(), exchange, "limit"),
            Field.LIMIT,
            1,
            PAGE_MAX,
            PAGE_DEFAULT);
    int offset =
        Members.capped(
            "marker",
            here(request.marker(), exchange, "marker"),
            Field.MARKER,
            0,
            Integer.MAX_VALUE,
            0);
    Search search = search(request, here(request.keyState(), exchange, "key_state"));
    return queries.inTurn(
        limit,
        false,
        () -> {
          Described.Page page =
              search == null ? nothing(caller) : queries.list(caller, search, offset, limit);
          return Json.ok(answer(page, offset));
        });
  }

  /** Who may not list keys is told so, whatever he asks for. */
  private static Described.Page nothing(Caller caller) {
    caller.mustBeAllowed(Action.LIST_KEYS);
    return NOTHING;
  }

  /** One newer client sends these in the query string, without a body ({@code quirks.md} 39). */
  private static @Nullable String here(@Nullable String member, Exchange exchange, String name) {
    return Members.optional(member) == null ? Frame.query(exchange, name) : member;
  }

  private static ListAnswer answer(Described.Page page, int offset) {
    List<KeyDetails> details = page.keys().stream().map(KeyDetails::of).toList();
    long next = (long) offset + details.size();
    boolean truncated = !details.isEmpty() && page.more();
    return new ListAnswer(
        details.stream().map(KeyDetails::keyId).toList(),
        details,
        truncated ? Long.toString(next) : "",
        Boolean.toString(truncated),
        page.total());
  }

  /** What the list is about; null if no key here can match. */
  private @Nullable Search search(ListRequest request, @Nullable String keyState) {
    String digit = Members.optional(keyState);
    KeySpec spec = spec(request.keySpec());
    String enterpriseProject = enterpriseProject(request.enterpriseProjectId());
    Search.State state = digit == null ? null : state(digit);
    boolean impossible = digit != null && state == null;
    return impossible ? null : new Search(state, spec, enterpriseProject, false, List.of(), null);
  }

  private static Search.@Nullable State state(String digit) {
    return switch (digit) {
      case "1" -> null;
      case "2" -> Search.State.ENABLED;
      case "3" -> Search.State.DISABLED;
      case "4" -> Search.State.PENDING_DELETION;
      case "5" -> Search.State.PENDING_IMPORT;
      default ->
          throw Members.bad(Field.OTHER, "key_state", "key_state must be a digit from 1 to 5.");
    };
  }

  private @Nullable KeySpec spec(@Nullable String value) {
    String text = Members.optional(value);
    if (text == null) {
      return options.listOnlyAes256ByDefault() ? KeySpec.AES_256 : null;
    }
    if (text.equals("ALL")) {
      return null;
    }
    return KeySpec.named(text)
        .orElseThrow(() ->
            Members.bad(Field.OTHER, "key_spec", "key_spec must be ALL or a known key_spec."));
  }

  private static @Nullable String enterpriseProject(@Nullable String value) {
    String text = Members.optional(value);
    if (text == null || text.equals("all")) {
      return null;
    }
    if (!text.equals("0") && !Syntax.isUuid(text)) {
      throw Members.bad(
          Field.OTHER, "enterprise_project_id", "enterprise_project_id must be all, 0 or a UUID.");
    }
    return text;
  }

  // Counts

  record Instances(long instanceNum) {}

  private Answer instances(Caller caller, Exchange exchange) {
    return Json.ok(new Instances(queries.customKeys(caller)));
  }

  record Quotas(Resources quotas) {}

  record Resources(List<Resource> resources) {}

  record Resource(String type, long used, long quota) {}

  private Answer quotas(Caller caller, Exchange exchange) {
    Queries.Quotas quotas = queries.quotas(caller);
    Resource cmk = new Resource("CMK", quotas.keysUsed(), quotas.keysMax());
    // How many grants are used is a figure of each key, so here it is always 0.
    Resource grants = new Resource("grant_per_CMK", 0, quotas.grantsPerKeyMax());
    return Json.ok(new Quotas(new Resources(List.of(cmk, grants))));
  }
}
