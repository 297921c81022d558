package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Tag;
import dev.yaoku.service.Described;
import dev.yaoku.service.Queries;
import dev.yaoku.service.Search;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds keys by their tags and names. */
final class TagSearchRoutes {
  private static final int PAGE_DEFAULT = 10;
  private static final int PAGE_MAX = 1000;
  private static final int TAGS_MAX = 20;
  private static final int VALUES_MAX = 20;
  private static final int MATCH_CHARACTERS_MAX = 255;

  private final Frame frame;
  private final Queries queries;

  TagSearchRoutes(Frame frame, Queries queries) {
    this.frame = frame;
    this.queries = queries;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onProject(
                "ListKmsByTags",
                "/kms/{resource_instances}/action",
                Manner.SLOW,
                Action.LIST_KEYS_BY_TAGS,
                SearchRequest.class,
                this::search)
            .answering(SearchAnswer.class)
            .taking(0)); // it has room by how many keys it may have
  }

  record TagFilter(@Nullable String key, @Nullable List<@Nullable String> values) {}

  record Match(@Nullable String key, @Nullable String value) {}

  record SearchRequest(
      @Nullable String action,
      @Nullable String limit,
      @Nullable String offset,
      @Nullable List<@Nullable TagFilter> tags,
      @Nullable List<@Nullable Match> matches,
      @Nullable String sequence) {}

  record SearchAnswer(List<Resource> resources, long totalCount) {}

  record Resource(
      String resourceId, KeyDetails resourceDetail, String resourceName, List<Tag> tags) {
    static Resource of(Described found) {
      return new Resource(
          found.key().id().text(), KeyDetails.of(found), found.key().name(), found.tags());
    }
  }

  private Answer search(Caller caller, SearchRequest request, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    if (!Frame.variable(exchange, "resource_instances").equals("resource_instances")) {
      throw Members.bad(
          Field.TAG_RESOURCE_TYPE,
          "resource_instances",
          "The path must be /kms/resource_instances/action.");
    }
    String action = Members.optional(request.action());
    Search search =
        new Search(null, null, null, true, tags(request.tags()), name(request.matches()));
    return switch (action) {
      case null -> filtered(caller, request, search);
      case "filter" -> filtered(caller, request, search);
      case "count" -> answer(new SearchAnswer(List.of(), queries.count(caller, search)));
      default -> throw Members.bad(Field.TAG_ACTION, "action", "action must be filter or count.");
    };
  }

  private static Answer answer(SearchAnswer found) {
    return Json.ok(found);
  }

  private Answer filtered(Caller caller, SearchRequest request, Search search) {
    int limit = Members.number("limit", request.limit(), Field.LIMIT, 1, PAGE_MAX, PAGE_DEFAULT);
    int offset = Members.capped("offset", request.offset(), Field.OFFSET, 0, Integer.MAX_VALUE, 0);
    return queries.inTurn(
        limit,
        true,
        () -> {
          Described.Page page = queries.listWithTags(caller, search, offset, limit);
          return answer(
              new SearchAnswer(page.keys().stream().map(Resource::of).toList(), page.total()));
        });
  }

  private static List<Search.OfTag> tags(@Nullable List<@Nullable TagFilter> asked) {
    if (asked == null) {
      return List.of();
    }
    if (asked.size() > TAGS_MAX) {
      throw TagSyntax.bad(Field.TAG_LIST_LENGTH, "tags must not have more than 20 entries.");
    }
    List<Search.OfTag> tags = new ArrayList<>(asked.size());
    Set<String> seen = new HashSet<>();
    for (TagFilter filter : asked) {
      if (filter == null) {
        throw TagSyntax.bad(Field.TAGS_SHAPE, "An entry of tags must be an object with a key.");
      }
      String key = TagSyntax.key(filter.key());
      if (!seen.add(key)) {
        throw TagSyntax.duplicate();
      }
      tags.add(new Search.OfTag(key, values(filter.values())));
    }
    return tags;
  }

  private static Set<String> values(@Nullable List<@Nullable String> asked) {
    if (asked == null) {
      return Set.of();
    }
    if (asked.size() > VALUES_MAX) {
      throw TagSyntax.bad(Field.TAG_VALUES_TOO_MANY, "A tag must not have more than 20 values.");
    }
    Set<String> values = new LinkedHashSet<>();
    for (String value : asked) {
      if (value == null) {
        throw TagSyntax.bad(Field.TAGS_SHAPE, "A value of a tag must be a text.");
      }
      values.add(TagSyntax.value(value));
    }
    return values;
  }

  private static @Nullable String name(@Nullable List<@Nullable Match> matches) {
    if (matches == null || matches.isEmpty()) {
      return null;
    }
    Match match = matches.getFirst();
    if (match == null || matches.size() > 1) {
      throw bad(Field.MATCHES_SHAPE, "matches can have one entry: a name.");
    }
    if (!"resource_name".equals(match.key())) {
      throw bad(Field.TAG_MATCH_KEY, "The key of a match must be resource_name.");
    }
    String value = match.value();
    if (value == null) {
      return null; // optional in a match, and not the same as an empty one (quirks.md S21)
    }
    if (value.isEmpty() || value.codePointCount(0, value.length()) > MATCH_CHARACTERS_MAX) {
      throw bad(Field.TAG_MATCH_VALUE, "The value of a match must have 1 to 255 characters.");
    }
    return value;
  }

  private static KmsException bad(Field field, String why) {
    return Members.bad(field, "matches", why);
  }
}
