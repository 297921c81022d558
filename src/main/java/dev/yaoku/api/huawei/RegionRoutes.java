package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.api.huawei.TagSyntax.TagItem;
import dev.yaoku.key.Field;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.Tag;
import dev.yaoku.service.Replication;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Keys that several regions share. Their paths begin with {@code /v2}. */
final class RegionRoutes {
  private static final int PAGE_DEFAULT = 10;
  private static final int PAGE_MAX = 1000;
  private static final int PROJECT_CHARACTERS_MAX = 64;
  private static final String KEY = "/kms/keys/{key_id}";

  private final Frame frame;
  private final Replication replication;

  RegionRoutes(Frame frame, Replication replication) {
    this.frame = frame.ofVersion2();
    this.replication = replication;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onKey(
                "ReplicateKey",
                KEY + "/replicate",
                Manner.SLOW,
                Action.REPLICATE_KEY,
                ReplicaRequest.class,
                this::replicate)
            .answering(Replica.class),
        frame
            .onKey(
                "UpdatePrimaryRegion",
                "PUT",
                KEY + "/update-primary-region",
                Manner.SLOW,
                Action.UPDATE_PRIMARY_REGION,
                PrimaryRequest.class,
                this::promote)
            .answering(Primary.class),
        frame
            .bare("ListSupportRegions", "GET", "/kms/regions", Action.LIST_REGIONS, this::list)
            .answering(Regions.class)
            .takingQuery("limit", "offset"));
  }

  /** The path's key. The body may name it too, as the documents want and Terraform does not. */
  private static KeyReference key(Exchange exchange, @Nullable String inBody) {
    String inPath = Frame.variable(exchange, "key_id");
    KeyReference key = KeyReference.parse(inPath);
    String named = Members.optional(inBody);
    if (named != null && !named.equals(inPath)) {
      throw Members.bad(
          Field.KEY_ID, "key_id", "key_id in the body must be left out or be that of the path.");
    }
    return key;
  }

  record ReplicaRequest(
      @Nullable String keyId,
      @Nullable String replicaRegion,
      @Nullable String keyAlias,
      @Nullable String replicaProjectId,
      @Nullable String keyDescription,
      @Nullable String enterpriseProjectId,
      @Nullable List<@Nullable TagItem> tags,
      @Nullable String sequence) {}

  record Replica(String keyId, String domainId, String region) {}

  private Answer replicate(Caller caller, ReplicaRequest request, Exchange exchange) {
    KeyReference key = key(exchange, request.keyId());
    Replication.Order order = order(request);
    Key replica = replication.replicate(caller, key, order);
    return Json.ok(new Replica(replica.id().text(), replica.account(), order.region()));
  }

  private static Replication.Order order(ReplicaRequest request) {
    String region = Members.required("replica_region", request.replicaRegion());
    String name = Syntax.keyName(request.keyAlias());
    String project = Members.required("replica_project_id", request.replicaProjectId());
    if (project.length() > PROJECT_CHARACTERS_MAX || project.indexOf(0) >= 0) {
      throw Members.bad(
          Field.OTHER, "replica_project_id", "replica_project_id must be the id of a project.");
    }
    String description = Members.optional(request.keyDescription());
    return new Replication.Order(
        region,
        project,
        name,
        description == null ? "" : Syntax.description(description),
        KeyRoutes.enterpriseProject(request.enterpriseProjectId()),
        tags(request.tags()));
  }

  private static List<Tag> tags(@Nullable List<@Nullable TagItem> items) {
    return items == null || items.isEmpty() ? List.of() : TagSyntax.tags(items);
  }

  record PrimaryRequest(
      @Nullable String keyId, @Nullable String primaryRegion, @Nullable String sequence) {}

  record Primary(String keyId, String primaryRegion) {}

  private Answer promote(Caller caller, PrimaryRequest request, Exchange exchange) {
    KeyReference reference = key(exchange, request.keyId());
    String region = Members.required("primary_region", request.primaryRegion());
    Key key = replication.promote(caller, reference, region);
    return Json.ok(new Primary(key.id().text(), region));
  }

  record Regions(List<String> regions) {}

  private Answer list(Caller caller, Exchange exchange) {
    int limit =
        Members.capped(
            "limit", Frame.query(exchange, "limit"), Field.LIMIT, 1, PAGE_MAX, PAGE_DEFAULT);
    int offset =
        Members.capped(
            "offset", Frame.query(exchange, "offset"), Field.OFFSET, 0, Integer.MAX_VALUE, 0);
    List<String> page = replication.regions(caller).stream().skip(offset).limit(limit).toList();
    return Json.ok(new Regions(page));
  }
}
