package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.key.Field;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.Keystores;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Dedicated keystores. They have no {@code kms} segment in their paths. */
final class KeystoreRoutes {
  private static final int PAGE_DEFAULT = 10;
  private static final int PAGE_MAX = 1000;
  private static final int CLUSTER_CHARACTERS_MAX = 255;
  private static final String ONE = "/keystores/{keystore_id}";

  private final Frame frame;
  private final Keystores keystores;

  KeystoreRoutes(Frame frame, Keystores keystores) {
    this.frame = frame;
    this.keystores = keystores;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onProject(
                "CreateKeyStore",
                "/keystores",
                Manner.SLOW,
                Action.CREATE_KEYSTORE,
                CreateRequest.class,
                this::create)
            .answering(Made.class),
        frame
            .bare("ListKeyStores", "GET", "/keystores", Action.LIST_KEYSTORES, this::list)
            .answering(ListAnswer.class)
            .takingQuery("limit", "offset"),
        frame
            .bare("ShowKeyStore", "GET", ONE, Action.SHOW_KEYSTORE, this::show)
            .answering(Shown.class),
        frame.bare("DeleteKeyStore", "DELETE", ONE, Action.DELETE_KEYSTORE, this::delete),
        frame
            .bare("EnableKeyStore", "POST", ONE + "/enable", Action.ENABLE_KEYSTORE, this::enable)
            .answering(Switched.class),
        frame
            .bare(
                "DisableKeyStore", "POST", ONE + "/disable", Action.DISABLE_KEYSTORE, this::disable)
            .answering(Switched.class));
  }

  private static String id(Exchange exchange) {
    return Frame.variable(exchange, "keystore_id");
  }

  record CreateRequest(
      @Nullable String keystoreAlias,
      @Nullable String keystoreType,
      @Nullable String hsmClusterId,
      @Nullable String clusterId,
      @Nullable String hsmCaCert,
      @Nullable String sequence) {}

  record Made(Created keystore) {}

  record Created(String keystoreId, String domainId) {}

  private Answer create(Caller caller, CreateRequest request, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    String alias = Members.required("keystore_alias", request.keystoreAlias());
    if (!Syntax.isName(alias)) {
      throw Members.bad(
          Field.OTHER,
          "keystore_alias",
          "keystore_alias must have 1 to 255 of the characters a-z A-Z 0-9 : / _ -.");
    }
    String type = type(request.keystoreType());
    Keystore made = keystores.create(caller, alias, type, cluster(request));
    return Json.ok(new Made(new Created(made.id(), made.account())));
  }

  /** One edition of the documents has names for the types, another has digits. */
  private static String type(@Nullable String value) {
    return switch (Members.optional(value)) {
      case null -> "DHSM";
      case "DHSM", "1" -> "DHSM";
      case "CDMS", "2" -> "CDMS";
      case "DEFAULT", "0" -> throw new KmsException(new Problem.KeystoreNotUsable());
      default ->
          throw Members.bad(
              Field.OTHER, "keystore_type", "keystore_type must be DHSM, CDMS or DEFAULT.");
    };
  }

  private static String cluster(CreateRequest request) {
    String named = Members.optional(request.hsmClusterId());
    String other = Members.optional(request.clusterId());
    String cluster = named == null ? other : named;
    if (cluster == null) {
      throw Members.missing("hsm_cluster_id");
    }
    if (other != null && !other.equals(cluster)) {
      throw Members.bad(
          Field.OTHER,
          "cluster_id",
          "cluster_id must be left out or be the same as hsm_cluster_id.");
    }
    if (cluster.length() > CLUSTER_CHARACTERS_MAX) {
      throw Members.bad(
          Field.OTHER, "hsm_cluster_id", "hsm_cluster_id must not be longer than 255 characters.");
    }
    return Syntax.storable(Field.OTHER, "hsm_cluster_id", cluster);
  }

  /** A keystore on the wire: all members are texts. */
  record KeystoreDetails(
      String keystoreId,
      String domainId,
      String keystoreAlias,
      String keystoreType,
      String hsmClusterId,
      String clusterId,
      String keystoreState,
      String createTime) {
    static KeystoreDetails of(Keystore keystore) {
      return new KeystoreDetails(
          keystore.id(),
          keystore.account(),
          keystore.alias(),
          keystore.type(),
          keystore.cluster(),
          keystore.cluster(),
          stateCode(keystore),
          KeyDetails.millis(keystore.createdAt()));
    }
  }

  private static String stateCode(Keystore keystore) {
    return keystore.enabled() ? "2" : "3";
  }

  record ListAnswer(long total, List<KeystoreDetails> keystores) {}

  private Answer list(Caller caller, Exchange exchange) {
    int limit =
        Members.capped(
            "limit", Frame.query(exchange, "limit"), Field.LIMIT, 1, PAGE_MAX, PAGE_DEFAULT);
    int offset =
        Members.capped(
            "offset", Frame.query(exchange, "offset"), Field.OFFSET, 0, Integer.MAX_VALUE, 0);
    Keystores.Page page = keystores.list(caller, offset, limit);
    return Json.ok(
        new ListAnswer(page.total(), page.keystores().stream().map(KeystoreDetails::of).toList()));
  }

  record Shown(KeystoreDetails keystore) {}

  private Answer show(Caller caller, Exchange exchange) {
    return Json.ok(new Shown(KeystoreDetails.of(keystores.show(caller, id(exchange)))));
  }

  private Answer delete(Caller caller, Exchange exchange) {
    keystores.delete(caller, id(exchange));
    return Answer.noContent();
  }

  record Switched(State keystore) {}

  record State(String keystoreId, String keystoreState) {
    static State of(Keystore keystore) {
      return new State(keystore.id(), stateCode(keystore));
    }
  }

  private Answer enable(Caller caller, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    return Json.ok(new Switched(State.of(keystores.enable(caller, id(exchange)))));
  }

  private Answer disable(Caller caller, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    return Json.ok(new Switched(State.of(keystores.disable(caller, id(exchange)))));
  }
}
