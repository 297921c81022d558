package dev.yaoku.api.huawei;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.key.Field;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Rotation;
import dev.yaoku.service.Rotations;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Renewing material. */
final class RotationRoutes {
  private static final int DAYS_MIN = 30;
  private static final int DAYS_MAX = 365;
  private static final int WAITING = 0;
  private static final int ENABLED = 2;

  private final Frame frame;
  private final Rotations rotations;

  RotationRoutes(Frame frame, Rotations rotations) {
    this.frame = frame;
    this.rotations = rotations;
  }

  List<Route> routes() {
    return List.of(
        onKey(
            "EnableKeyRotation",
            "/kms/enable-key-rotation",
            Action.ENABLE_ROTATION,
            this::enable),
        onKey(
            "DisableKeyRotation",
            "/kms/disable-key-rotation",
            Action.DISABLE_ROTATION,
            this::disable),
        frame.onKey(
            "UpdateKeyRotationInterval",
            "/kms/update-key-rotation-interval",
            Manner.SLOW,
            Action.UPDATE_ROTATION,
            IntervalRequest.class,
            this::setInterval),
        frame.onKey(
            "ShowKeyRotationStatus",
            "/kms/get-key-rotation-status",
            Manner.FAST,
            Action.GET_ROTATION,
            KeyRoutes.KeyRequest.class,
            this::status),
        onKey(
            "RotateOnDemand",
            "/kms/rotate-on-demand",
            Action.ROTATE_ON_DEMAND,
            this::onDemand),
        // Yaoku's own
        onKey("RotateKey", "/kms/yaoku/rotate-key", Action.UPDATE_ROTATION, this::now),
        frame.onKey(
            "ListKeyVersions",
            "/kms/yaoku/list-key-versions",
            Manner.FAST,
            Action.GET_ROTATION,
            KeyRoutes.KeyRequest.class,
            this::versions));
  }

  private Route onKey(
      String name,
      String path,
      Action action,
      Frame.Operation<KeyRoutes.KeyRequest> operation) {
    return frame.onKey(
        name, path, Manner.SLOW, action, KeyRoutes.KeyRequest.class, operation);
  }

  private Answer enable(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    rotations.enable(caller, request.key());
    return Frame.empty();
  }

  private Answer disable(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    rotations.disable(caller, request.key());
    return Frame.empty();
  }

  record IntervalRequest(
      @Nullable String keyId, @Nullable String rotationInterval, @Nullable String sequence) {}

  private Answer setInterval(Caller caller, IntervalRequest request, Exchange exchange) {
    int days =
        Members.number(
            "rotation_interval",
            request.rotationInterval(),
            Field.ROTATION_INTERVAL,
            DAYS_MIN,
            DAYS_MAX);
    rotations.setInterval(caller, KeyRoutes.reference(request.keyId()), days);
    return Frame.empty();
  }

  /** With rotation off the interval is 0: a client stores it and refuses anything else. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Status(
      boolean keyRotationEnabled,
      int rotationInterval,
      String lastRotationTime,
      int numberOfRotations,
      @Nullable List<Material> keyMaterials) {}

  record Material(
      String materialId, String chargeId, String createTime, String expirationTime, int state) {
    static Material of(KeyVersion version) {
      return new Material(
          version.materialId(),
          "",
          KeyDetails.millis(version.createdAt()),
          KeyDetails.millis(version.expiresAt()),
          version.waiting() ? WAITING : ENABLED);
    }
  }

  private Answer status(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    Rotations.Status status = rotations.status(caller, request.key());
    Rotation rotation = status.rotation();
    List<Material> materials = status.materials().stream().map(Material::of).toList();
    return ok(
        new Status(
            rotation.enabled(),
            rotation.enabled() ? rotation.intervalDays() : 0,
            KeyDetails.millis(rotation.lastAt()),
            rotation.count(),
            materials.isEmpty() ? null : materials));
  }

  record Rotated(String keyId) {}

  private Answer onDemand(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    return ok(new Rotated(rotations.onDemand(caller, request.key()).text()));
  }

  record NowRotated(String keyId, int version) {}

  private Answer now(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    Key key = rotations.now(caller, request.key());
    return ok(new NowRotated(key.id().text(), key.currentVersion()));
  }

  record Versions(List<Version> versions) {}

  record Version(
      int version, String materialId, String createTime, String expirationTime, boolean waiting) {
    static Version of(KeyVersion version) {
      return new Version(
          version.number(),
          version.materialId(),
          KeyDetails.millis(version.createdAt()),
          KeyDetails.millis(version.expiresAt()),
          version.waiting());
    }
  }

  private Answer versions(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    List<KeyVersion> materials = rotations.versions(caller, request.key());
    return ok(new Versions(materials.stream().map(Version::of).toList()));
  }

  private static Answer ok(Object body) {
    return Answer.json(200, Json.write(body));
  }
}
