package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.key.Alias;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.service.Aliases;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Further names of keys. */
final class AliasRoutes {
  private static final int PAGE_MAX = 1_000;
  private static final String OFFICIAL_SDKS = "huaweicloud-usdk-";
  private static final String MEMBER = "alias";

  private final Frame frame;
  private final Aliases aliases;
  private final HuaweiOptions options;

  AliasRoutes(Frame frame, Aliases aliases, HuaweiOptions options) {
    this.frame = frame;
    this.aliases = aliases;
    this.options = options;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onKey(
                "CreateAlias",
                "/kms/aliases",
                Manner.SLOW,
                Action.CREATE_ALIAS,
                CreateRequest.class,
                this::create)
            .answering(AliasEntity.class),
        frame.onKey(
            "DeleteAlias",
            "DELETE",
            "/kms/aliases",
            Manner.SLOW,
            Action.DELETE_ALIAS,
            DeleteRequest.class,
            this::delete),
        frame
            .onKey(
                "AssociateAlias",
                "/kms/alias/associate",
                Manner.SLOW,
                Action.ASSOCIATE_ALIAS,
                AssociateRequest.class,
                this::associate)
            .answering(AliasEntity.class),
        frame
            .bare("ListAliases", "GET", "/kms/aliases", Action.LIST_ALIASES, this::list)
            .answering(Page.class, Page[].class)
            .takingQuery("key_id", "limit", "marker"));
  }

  /** An alias on the wire; its times are texts for people. */
  record AliasEntity(
      String domainId,
      String keyId,
      String alias,
      String aliasUrn,
      String createTime,
      String updateTime) {}

  private static AliasEntity entity(Caller caller, Alias alias) {
    return new AliasEntity(
        alias.account(),
        alias.key().text(),
        alias.text(),
        "kms:" + caller.region() + ":" + alias.account() + ":alias:" + alias.name(),
        seconds(alias.createdAt()),
        seconds(alias.updatedAt()));
  }

  private static String seconds(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  record CreateRequest(@Nullable String keyId, @Nullable String alias, @Nullable String sequence) {}

  private Answer create(Caller caller, CreateRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    Alias alias = aliases.create(caller, key, text(request.alias()));
    return Answer.json(201, Json.write(entity(caller, alias)));
  }

  record DeleteRequest(
      @Nullable String keyId,
      @Nullable List<@Nullable String> aliases,
      @Nullable String sequence) {}

  private Answer delete(Caller caller, DeleteRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    List<@Nullable String> named = request.aliases();
    if (named == null || named.isEmpty()) {
      throw Members.missing("aliases");
    }
    if (named.size() > PAGE_MAX) {
      throw Members.bad(Field.OTHER, "aliases", "aliases must not have more than 1000 entries.");
    }
    aliases.delete(caller, key, eachOnce(named));
    return Answer.noContent();
  }

  /** With and without its prefix it is the same alias. */
  private static List<String> eachOnce(List<@Nullable String> named) {
    Map<String, String> texts = new LinkedHashMap<>();
    for (String value : named) {
      String text = text(value);
      texts.putIfAbsent(Alias.nameIn(text), text);
    }
    return List.copyOf(texts.values());
  }

  record AssociateRequest(
      @Nullable String alias, @Nullable String targetKeyId, @Nullable String sequence) {}

  private Answer associate(Caller caller, AssociateRequest request, Exchange exchange) {
    String text = text(request.alias());
    KeyReference key = KeyReference.parse(Members.required("target_key_id", request.targetKeyId()));
    return Json.ok(entity(caller, aliases.associate(caller, key, text)));
  }

  private static String text(@Nullable String value) {
    String text = Members.required(MEMBER, value);
    if (!Syntax.isName(Alias.nameIn(text))) {
      throw Members.bad(
          Field.NAME,
          MEMBER,
          "An alias must have 1 to 255 of the characters a-z A-Z 0-9 : / _ -, after alias/ if it"
              + " begins with that.");
    }
    return text;
  }

  record PageInfo(String nextMarker, int currentCount) {}

  record Page(List<AliasEntity> aliases, PageInfo pageInfo) {}

  private Answer list(Caller caller, Exchange exchange) {
    int limit =
        Members.capped("limit", Frame.query(exchange, "limit"), Field.LIMIT, 1, PAGE_MAX, PAGE_MAX);
    int offset =
        Members.capped(
            "marker", Frame.query(exchange, "marker"), Field.MARKER, 0, Integer.MAX_VALUE - 1, 0);
    String named = Members.optional(Frame.query(exchange, "key_id"));
    KeyId of = named == null ? null : KeyId.parse(named);
    Aliases.Page found = aliases.list(caller, of, offset, limit);
    int count = found.aliases().size();
    Page page =
        new Page(
            found.aliases().stream().map(alias -> entity(caller, alias)).toList(),
            new PageInfo(found.more() ? Integer.toString(offset + count) : "", count));
    byte[] body = Json.write(isArray(exchange) ? List.of(page) : page);
    return new Answer(200, Map.of("Vary", "User-Agent"), body, "");
  }

  /** The SDKs read an array, everyone else an object; no JSON satisfies both (quirk 1). */
  private boolean isArray(Exchange exchange) {
    return switch (options.aliasList()) {
      case ARRAY -> true;
      case OBJECT -> false;
      case BY_USER_AGENT -> {
        String agent = exchange.head().only("user-agent");
        yield agent != null && agent.contains(OFFICIAL_SDKS);
      }
    };
  }
}
