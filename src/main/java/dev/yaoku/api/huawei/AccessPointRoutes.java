package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.KeySpaceMembers.PageInfo;
import dev.yaoku.api.huawei.KeySpaceMembers.Wanted;
import dev.yaoku.crypto.BadKey;
import dev.yaoku.crypto.PublicKeyText;
import dev.yaoku.crypto.TokenKey;
import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.AccessPoint.Kind;
import dev.yaoku.key.Field;
import dev.yaoku.service.AccessPoints;
import dev.yaoku.service.KeySpacePage;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Places from which capsules may be opened. */
final class AccessPointRoutes {
  private static final int IDENTITY_CHARACTERS_MAX = 8192;
  private static final int CLUSTER_CHARACTERS_MAX = 255;
  private static final String ALL = "/kms/access-points";
  private static final String ONE = ALL + "/{access_point_id}";
  private static final byte[] ID = Out.ascii("{\"access_point_id\":\"");
  private static final byte[] PRIVATE_KEY = Out.ascii("\",\"private_key\":\"");
  private static final byte[] END = Out.ascii("\"}");

  private final Frame frame;
  private final AccessPoints accessPoints;

  AccessPointRoutes(Frame frame, AccessPoints accessPoints) {
    this.frame = frame;
    this.accessPoints = accessPoints;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onProject(
                "CreateAccessPoint",
                ALL,
                Frame.Manner.SLOW,
                Action.CREATE_ACCESS_POINT,
                CreateRequest.class,
                this::create)
            .answering(Created.class),
        frame
            .bare("ListAccessPoint", "GET", ALL, Action.LIST_ACCESS_POINTS, this::list)
            .answering(ListAnswer.class)
            .takingQuery("limit", "marker")
            .needingQuery(KeySpaceMembers.KEY_SPACE),
        frame.bare("DeleteAccessPoint", "DELETE", ONE, Action.DELETE_ACCESS_POINT, this::delete),
        frame.bare(
            "EnableAccessPoint", "POST", ONE + "/enable", Action.ENABLE_ACCESS_POINT, this::enable),
        frame.bare(
            "DisableAccessPoint",
            "POST",
            ONE + "/disable",
            Action.DISABLE_ACCESS_POINT,
            this::disable),
        frame
            .bareSecret(
                "DownloadAccessPointPrivateKey",
                "POST",
                ONE + "/get-privatekey",
                Action.GET_ACCESS_POINT_KEY,
                this::privateKey)
            .answering(KeyShown.class));
  }

  private static String id(Exchange exchange) {
    return Frame.variable(exchange, "access_point_id");
  }

  record CreateRequest(
      @Nullable String keyspaceId,
      @Nullable String accessPointName,
      @Nullable String type,
      @Nullable String identity,
      @Nullable String clusterId,
      @Nullable String description,
      @Nullable String sequence) {}

  record Created(String accessPointId) {}

  private Answer create(Caller caller, CreateRequest request, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    String keySpace = KeySpaceMembers.keySpace(request.keyspaceId());
    String name = KeySpaceMembers.name("access_point_name", request.accessPointName());
    Kind kind = kind(Members.required("type", request.type()));
    AccessPoint made =
        accessPoints.create(
            caller,
            new AccessPoints.Order(
                keySpace,
                name,
                kind,
                identity(kind, request.identity()),
                kind == Kind.CCE ? cluster(request.clusterId()) : "",
                KeySpaceMembers.description(request.description())));
    return Answer.json(201, Json.write(new Created(made.id())));
  }

  private static Kind kind(String type) {
    return switch (type) {
      case "1" -> Kind.ECS;
      case "2" -> Kind.CCE;
      case "3" -> Kind.CUSTOM;
      default ->
          throw Members.bad(Field.OTHER, "type", "type must be 1 (ECS), 2 (CCE) or 3 (custom).");
    };
  }

  private static String identity(Kind kind, @Nullable String value) {
    return switch (kind) {
      case ECS -> text("identity", value, IDENTITY_CHARACTERS_MAX);
      case CCE -> publicKey(text("identity", value, IDENTITY_CHARACTERS_MAX));
      case CUSTOM -> "";
    };
  }

  private static String cluster(@Nullable String value) {
    return text("cluster_id", value, CLUSTER_CHARACTERS_MAX);
  }

  private static String text(String member, @Nullable String value, int charactersMax) {
    String text = Members.required(member, value);
    if (text.codePointCount(0, text.length()) > charactersMax) {
      throw Members.bad(
          Field.OTHER,
          member,
          member + " must not be longer than " + charactersMax + " characters.");
    }
    return Syntax.storable(Field.OTHER, member, text);
  }

  /** What signs a cluster's tokens, in the one form that is stored. */
  private static String publicKey(String text) {
    byte[] der = PublicKeyText.der(text);
    try {
      if (der != null) {
        TokenKey.read(der);
        return PublicKeyText.of(der);
      }
    } catch (BadKey none) {
      // As every other text that is none.
    }
    throw Members.bad(
        Field.OTHER,
        "identity",
        "identity must be the cluster's public key, PEM or DER in Base64: RSA of 2048 to 8192 bits"
            + " or EC on P-256.");
  }

  /** An access point on the wire; the second spelling of a time is the published one. */
  record AccessPointDetails(
      String accessPointId,
      String keyspaceId,
      String accessPointName,
      int state,
      int type,
      String createdBy,
      String createTime,
      String lsatModifyTime,
      String lastModifyTime) {
    static AccessPointDetails of(AccessPoint point) {
      String modified = KeySpaceMembers.time(point.modifiedAt());
      return new AccessPointDetails(
          point.id(),
          point.keySpace(),
          point.name(),
          point.enabled() ? 1 : 0,
          point.kind().number(),
          point.createdBy(),
          KeySpaceMembers.time(point.createdAt()),
          modified,
          modified);
    }
  }

  record ListAnswer(PageInfo pageInfo, List<AccessPointDetails> accessPoints) {}

  private Answer list(Caller caller, Exchange exchange) {
    Wanted wanted = Wanted.of(exchange);
    KeySpacePage<AccessPoint> page =
        accessPoints.list(caller, wanted.keySpace(), wanted.after(), wanted.limit());
    List<AccessPointDetails> details = page.items().stream().map(AccessPointDetails::of).toList();
    return Json.ok(new ListAnswer(new PageInfo(page.next(), details.size()), details));
  }

  private Answer delete(Caller caller, Exchange exchange) {
    accessPoints.delete(caller, id(exchange));
    return Answer.noContent();
  }

  private Answer enable(Caller caller, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    accessPoints.enable(caller, id(exchange));
    return Answer.noContent();
  }

  private Answer disable(Caller caller, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    accessPoints.disable(caller, id(exchange));
    return Answer.noContent();
  }

  record KeyShown(String accessPointId, String privateKey) {}

  private Answer privateKey(Caller caller, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    try (AccessPoints.PrivateKey key = accessPoints.privateKey(caller, id(exchange))) {
      String id = key.accessPoint();
      return Answer.json(
          200,
          key.bytes()
              .lend(bytes ->
                  new Out(
                          ID.length
                              + id.length()
                              + PRIVATE_KEY.length
                              + Out.base64Length(bytes.length)
                              + END.length)
                      .put(ID)
                      .put(id)
                      .put(PRIVATE_KEY)
                      .base64(bytes)
                      .put(END)
                      .done()));
    }
  }
}
