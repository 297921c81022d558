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
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.Rotation;
import dev.yaoku.service.KeyRotation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The "key rotation" calls, and two of Yaoku's own (docs/beyond-the-api.md). */
final class RotationRoutes {
  private static final int DAYS_MIN = 30;
  private static final int DAYS_MAX = 365;
  private static final int WAITING = 0;
  private static final int ENABLED = 2;

  private final Frame frame;
  private final KeyRotation rotation;

  RotationRoutes(Frame frame, KeyRotation rotation) {
    this.frame = frame;
    this.rotation = rotation;
  }

  List<Route> routes() {
    return List.of(
        onKey("EnableKeyRotation", "/enable-key-rotation", Action.ENABLE_ROTATION, this::enable),
        onKey(
            "DisableKeyRotation", "/disable-key-rotation", Action.DISABLE_ROTATION, this::disable),
        frame.onKey(
            "UpdateKeyRotationInterval",
            "/kms/update-key-rotation-interval",
            Manner.SLOW,
            Action.UPDATE_ROTATION,
            IntervalRequest.class,
            this::every),
        onKey("ShowKeyRotationStatus", "/get-key-rotation-status", Action.GET_ROTATION, this::show)
            .answering(Status.class),
        onKey("RotateOnDemand", "/rotate-on-demand", Action.ROTATE_ON_DEMAND, this::onDemand)
            .answering(Rotated.class),
        onKey("RotateKeyNow", "/yaoku-rotate-now", Action.ROTATE_ON_DEMAND, this::now)
            .answering(RotatedTo.class),
        onKey("ListKeyVersions", "/yaoku-list-versions", Action.GET_ROTATION, this::versions)
            .answering(Versions.class));
  }

  private Route onKey(
      String name, String path, Action action, Frame.Operation<KeyRoutes.KeyRequest> operation) {
    return frame.onKey(
        name, "/kms" + path, Manner.SLOW, action, KeyRoutes.KeyRequest.class, operation);
  }

  private Answer enable(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    rotation.enable(caller, request.key());
    return Json.nothing();
  }

  private Answer disable(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    rotation.disable(caller, request.key());
    return Json.nothing();
  }

  record IntervalRequest(
      @Nullable String keyId, @Nullable String rotationInterval, @Nullable String sequence) {}

  private Answer every(Caller caller, IntervalRequest request, Exchange exchange) {
    KeyReference key = KeyRoutes.reference(request.keyId());
    int days =
        Members.number(
            "rotation_interval",
            request.rotationInterval(),
            Field.ROTATION_INTERVAL,
            DAYS_MIN,
            DAYS_MAX);
    rotation.every(caller, key, days);
    return Json.nothing();
  }

  /**
   * How a key rotates.
   *
   * @param rotationInterval 0 while rotation is off: clients fail on anything else
   * @param keyMaterials left out where there are none
   */
  record Status(
      boolean keyRotationEnabled,
      int rotationInterval,
      String lastRotationTime,
      int numberOfRotations,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Material> keyMaterials) {
    static Status of(KeyRotation.Status found) {
      Rotation rotation = found.rotation();
      return new Status(
          rotation.enabled(),
          rotation.enabled() ? rotation.intervalDays() : 0,
          KeyDetails.millis(rotation.lastAt()),
          rotation.count(),
          found.versions().stream().map(Material::of).toList());
    }
  }

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

  private Answer show(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    return Json.ok(Status.of(rotation.status(caller, request.key())));
  }

  record Rotated(String keyId) {}

  private Answer onDemand(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    Key key = rotation.rotateOnDemand(caller, request.key());
    return Json.ok(new Rotated(key.id().text()));
  }

  // Yaoku's own

  record RotatedTo(String keyId, int version) {}

  private Answer now(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    Key key = rotation.rotateNow(caller, request.key());
    return Json.ok(new RotatedTo(key.id().text(), key.currentVersion()));
  }

  record Version(
      int version, String materialId, String createTime, String expirationTime, int state) {
    static Version of(KeyVersion version) {
      Material material = Material.of(version);
      return new Version(
          version.number(),
          material.materialId(),
          material.createTime(),
          material.expirationTime(),
          material.state());
    }
  }

  record Versions(String keyId, List<Version> versions) {}

  private Answer versions(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    KeyRotation.Status found = rotation.status(caller, request.key());
    List<Version> versions = found.versions().stream().map(Version::of).toList();
    return Json.ok(new Versions(found.key().text(), versions));
  }
}
