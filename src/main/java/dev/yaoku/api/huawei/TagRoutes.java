package dev.yaoku.api.huawei;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.api.huawei.TagSyntax.TagItem;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.Tag;
import dev.yaoku.service.Tags;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The tags of keys. */
final class TagRoutes {
  private static final int LIST_MAX = 20;

  private final Frame frame;
  private final Tags tags;

  TagRoutes(Frame frame, Tags tags) {
    this.frame = frame;
    this.tags = tags;
  }

  List<Route> routes() {
    return List.of(
        frame
            .bare("ShowKmsTags", "GET", "/kms/{key_id}/tags", Action.SHOW_KEY_TAGS, this::show)
            .answering(ShowAnswer.class),
        frame
            .bare("ListKmsTags", "GET", "/kms/tags", Action.LIST_PROJECT_TAGS, this::ofProject)
            .answering(ProjectAnswer.class),
        frame.onKey(
            "CreateKmsTag",
            "/kms/{key_id}/tags",
            Manner.SLOW,
            Action.CREATE_TAG,
            CreateRequest.class,
            this::create),
        frame.onKey(
            "BatchCreateKmsTags",
            "/kms/{key_id}/tags/action",
            Manner.SLOW,
            Action.BATCH_CREATE_TAGS,
            BatchRequest.class,
            this::batch),
        frame.bare(
            "DeleteTag", "DELETE", "/kms/{key_id}/tags/{key...}", Action.DELETE_TAG, this::delete));
  }

  private static KeyReference key(Exchange exchange) {
    return new KeyReference.Id(KeyId.parse(Frame.variable(exchange, "key_id")));
  }

  /** Two spellings of the number, as table and example of the document differ. */
  record ShowAnswer(
      List<Tag> tags,
      @JsonProperty("existTagsNum") int existTagsNum,
      @JsonProperty("existTagNum") int existTagNum,
      List<Tag> sysTags) {}

  private Answer show(Caller caller, Exchange exchange) {
    List<Tag> found = tags.of(caller, key(exchange));
    return Json.ok(new ShowAnswer(found, found.size(), found.size(), List.of()));
  }

  record ProjectAnswer(List<ProjectTag> tags) {}

  record ProjectTag(String key, List<String> values) {}

  private Answer ofProject(Caller caller, Exchange exchange) {
    List<ProjectTag> found =
        tags.ofProject(caller).entrySet().stream()
            .map(tag -> new ProjectTag(tag.getKey(), List.copyOf(tag.getValue())))
            .toList();
    return Json.ok(new ProjectAnswer(found));
  }

  record CreateRequest(@Nullable TagItem tag, @Nullable String sequence) {}

  private Answer create(Caller caller, CreateRequest request, Exchange exchange) {
    KeyReference key = key(exchange);
    if (request.tag() == null) {
      throw Members.bad(Field.TAG_LIST_EMPTY, "tag", "tag is required.");
    }
    tags.put(caller, Action.CREATE_TAG, key, List.of(TagSyntax.tag(request.tag())));
    return Answer.noContent();
  }

  record BatchRequest(
      @Nullable String action, @Nullable List<@Nullable TagItem> tags, @Nullable String sequence) {}

  private Answer batch(Caller caller, BatchRequest request, Exchange exchange) {
    KeyReference key = key(exchange);
    String action = Members.required("action", request.action());
    boolean create = action.equals("create");
    if (!create && !action.equals("delete")) {
      throw Members.bad(Field.TAG_ACTION, "action", "action must be create or delete.");
    }
    caller.intends(create ? Action.BATCH_CREATE_TAGS : Action.BATCH_DELETE_TAGS);
    List<Tag> asked = TagSyntax.tags(request.tags());
    if (create) {
      tags.put(caller, Action.BATCH_CREATE_TAGS, key, asked);
    } else {
      mustNotBeTooLong(asked, Math.max(LIST_MAX, tags.perKeyMax()));
      tags.removeAll(caller, key, asked);
    }
    return Answer.noContent();
  }

  /** All tags of a key can be removed at once, as clients do to replace them. */
  private static void mustNotBeTooLong(List<Tag> asked, int max) {
    if (asked.size() > max) {
      throw TagSyntax.bad(
          Field.TAG_LIST_LENGTH, "tags must not have more than " + max + " entries.");
    }
  }

  private Answer delete(Caller caller, Exchange exchange) {
    tags.remove(caller, key(exchange), Frame.variable(exchange, "key"));
    return Answer.noContent();
  }
}
