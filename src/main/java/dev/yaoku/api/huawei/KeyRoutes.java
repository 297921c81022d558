package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.key.Field;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Origin;
import dev.yaoku.key.Problem;
import dev.yaoku.service.KeyCreation;
import dev.yaoku.service.KeyLifecycle;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Creation, states, names: the "key lifecycle management" calls. */
final class KeyRoutes {
  private static final int PENDING_DAYS_MIN = 7;
  private static final int PENDING_DAYS_MAX = 1096;
  private static final int REALM_CHARACTERS_MAX = 64;
  private static final int MACHINE_CHARACTERS_MAX = 64;

  private final Frame frame;
  private final KeyCreation creation;
  private final KeyLifecycle lifecycle;

  KeyRoutes(Frame frame, KeyCreation creation, KeyLifecycle lifecycle) {
    this.frame = frame;
    this.creation = creation;
    this.lifecycle = lifecycle;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onProject(
                "CreateKey",
                "/kms/create-key",
                Manner.SLOW,
                Action.CREATE_KEY,
                CreateRequest.class,
                this::create)
            .answering(KeyCreated.class),
        onKey("EnableKey", "/kms/enable-key", Action.ENABLE_KEY, KeyRequest.class, this::enable)
            .answering(StateChanged.class),
        onKey("DisableKey", "/kms/disable-key", Action.DISABLE_KEY, KeyRequest.class, this::disable)
            .answering(StateChanged.class),
        onKey(
                "DeleteKey",
                "/kms/schedule-key-deletion",
                Action.SCHEDULE_KEY_DELETION,
                DeletionRequest.class,
                this::scheduleDeletion)
            .answering(State.class),
        onKey(
                "CancelKeyDeletion",
                "/kms/cancel-key-deletion",
                Action.CANCEL_KEY_DELETION,
                KeyRequest.class,
                this::cancelDeletion)
            .answering(State.class),
        onKey(
                "UpdateKeyAlias",
                "/kms/update-key-alias",
                Action.UPDATE_KEY_ALIAS,
                NameRequest.class,
                this::rename)
            .answering(Renamed.class),
        onKey(
                "UpdateKeyDescription",
                "/kms/update-key-description",
                Action.UPDATE_KEY_DESCRIPTION,
                DescriptionRequest.class,
                this::describe)
            .answering(Redescribed.class));
  }

  private <T> Route onKey(
      String name, String path, Action action, Class<T> members, Frame.Operation<T> operation) {
    return frame.onKey(name, path, Manner.SLOW, action, members, operation);
  }

  /** A call that names a key and says nothing more. */
  record KeyRequest(@Nullable String keyId, @Nullable String sequence) {
    KeyReference key() {
      return reference(keyId);
    }
  }

  static KeyReference reference(@Nullable String keyId) {
    return KeyReference.parse(Members.required("key_id", keyId));
  }

  // Creation

  record CreateRequest(
      @Nullable String keyAlias,
      @Nullable String keySpec,
      @Nullable String keyUsage,
      @Nullable String keyDescription,
      @Nullable String origin,
      @Nullable String enterpriseProjectId,
      @Nullable String keystoreId,
      @Nullable String realm,
      @Nullable String vmId,
      @Nullable String sequence) {}

  record KeyCreated(Created keyInfo) {}

  record Created(String keyId, String domainId, String regionId) {}

  private Answer create(Caller caller, CreateRequest request, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    Key key = creation.create(caller, order(request));
    return Json.ok(new KeyCreated(new Created(key.id().text(), key.account(), caller.region())));
  }

  private static KeyCreation.Order order(CreateRequest request) {
    String name = Syntax.keyName(request.keyAlias());
    mustBeMachine(request.vmId());
    KeySpec spec = spec(request.keySpec());
    String description = Members.optional(request.keyDescription());
    return new KeyCreation.Order(
        name,
        description == null ? "" : Syntax.description(description),
        spec,
        usage(spec, request.keyUsage()),
        origin(request.origin()),
        enterpriseProject(request.enterpriseProjectId()),
        keystore(request.keystoreId()),
        realm(request.realm()));
  }

  private static KeySpec spec(@Nullable String value) {
    String text = Members.optional(value);
    if (text == null) {
      return KeySpec.AES_256;
    }
    return KeySpec.named(text)
        .orElseThrow(() -> new KmsException(new Problem.SpecNotOffered(text)));
  }

  private static KeyUsage usage(KeySpec spec, @Nullable String value) {
    String text = Members.optional(value);
    if (text == null) {
      return spec.usages().getFirst();
    }
    for (KeyUsage usage : spec.usages()) {
      if (usage.name().equals(text)) {
        return usage;
      }
    }
    throw new KmsException(new Problem.UsageNotForSpec(spec, text));
  }

  private static Origin origin(@Nullable String value) {
    return switch (Members.optional(value)) {
      case null -> Origin.KMS;
      case "kms" -> Origin.KMS;
      case "external" -> Origin.EXTERNAL;
      default -> throw Members.bad(Field.OTHER, "origin", "origin must be kms or external.");
    };
  }

  static String enterpriseProject(@Nullable String value) {
    String text = Members.optional(value);
    if (text == null) {
      return "0";
    }
    if (!text.equals("0") && !Syntax.isUuid(text)) {
      throw Members.bad(
          Field.OTHER, "enterprise_project_id", "enterprise_project_id must be 0 or a UUID.");
    }
    return text;
  }

  /** The reserved names 1 and 2 stand for keystores of the cloud that are not here. */
  private static String keystore(@Nullable String value) {
    String text = Members.optional(value);
    if (text == null) {
      return Keystore.BUILT_IN;
    }
    if (text.equals("1") || text.equals("2")) {
      throw new KmsException(new Problem.KeystoreNotUsable());
    }
    return text;
  }

  private static @Nullable String realm(@Nullable String value) {
    String text = Members.optional(value);
    if (text != null && text.codePointCount(0, text.length()) > REALM_CHARACTERS_MAX) {
      throw Members.bad(Field.REALM, "realm", "realm must not be longer than 64 characters.");
    }
    return text == null ? null : Syntax.storable(Field.REALM, "realm", text);
  }

  /** A key is for a machine only at some sites of the vendor's cloud. */
  private static void mustBeMachine(@Nullable String id) {
    if (id != null && id.codePointCount(0, id.length()) > MACHINE_CHARACTERS_MAX) {
      throw Members.bad(Field.OTHER, "vm_id", "vm_id must not be longer than 64 characters.");
    }
  }

  // States

  record StateChanged(State keyInfo) {}

  record State(String keyId, String keyState) {
    static State of(Key key) {
      return new State(key.id().text(), KeyDetails.stateCode(key.state()));
    }
  }

  private Answer enable(Caller caller, KeyRequest request, Exchange exchange) {
    return Json.ok(new StateChanged(State.of(lifecycle.enable(caller, request.key()))));
  }

  private Answer disable(Caller caller, KeyRequest request, Exchange exchange) {
    return Json.ok(new StateChanged(State.of(lifecycle.disable(caller, request.key()))));
  }

  record DeletionRequest(
      @Nullable String keyId, @Nullable String pendingDays, @Nullable String sequence) {}

  private Answer scheduleDeletion(Caller caller, DeletionRequest request, Exchange exchange) {
    KeyReference key = reference(request.keyId());
    int days =
        Members.number(
            "pending_days",
            request.pendingDays(),
            Field.PENDING_DAYS,
            PENDING_DAYS_MIN,
            PENDING_DAYS_MAX);
    return Json.ok(State.of(lifecycle.scheduleDeletion(caller, key, Duration.ofDays(days))));
  }

  private Answer cancelDeletion(Caller caller, KeyRequest request, Exchange exchange) {
    return Json.ok(State.of(lifecycle.cancelDeletion(caller, request.key())));
  }

  // Names

  record NameRequest(
      @Nullable String keyId, @Nullable String keyAlias, @Nullable String sequence) {}

  record Renamed(Named keyInfo) {}

  record Named(String keyId, String keyAlias) {}

  private Answer rename(Caller caller, NameRequest request, Exchange exchange) {
    KeyReference key = reference(request.keyId());
    String name = Syntax.keyName(request.keyAlias());
    Key renamed = lifecycle.rename(caller, key, name);
    return Json.ok(new Renamed(new Named(renamed.id().text(), renamed.name())));
  }

  record DescriptionRequest(
      @Nullable String keyId, @Nullable String keyDescription, @Nullable String sequence) {}

  record Redescribed(WithDescription keyInfo) {}

  record WithDescription(String keyId, String keyDescription) {}

  private Answer describe(Caller caller, DescriptionRequest request, Exchange exchange) {
    KeyReference key = reference(request.keyId());
    String description =
        Syntax.description(Members.present("key_description", request.keyDescription()));
    Key changed = lifecycle.describe(caller, key, description);
    return Json.ok(
        new Redescribed(new WithDescription(changed.id().text(), changed.description())));
  }
}
