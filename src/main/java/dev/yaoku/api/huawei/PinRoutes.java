package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.key.Field;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Pins;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** PINs for data keys; other operations take them and pass them over. */
final class PinRoutes {
  private static final byte[] PIN = Out.ascii("{\"pin\":\"");
  private static final byte[] END = Out.ascii("\"}");

  private final Frame frame;
  private final Pins pins;

  PinRoutes(Frame frame, Pins pins) {
    this.frame = frame;
    this.pins = pins;
  }

  List<Route> routes() {
    return List.of(
        frame
            .onProject(
                "CreatePin",
                "/kms/create-pin",
                Frame.Manner.SLOW_SECRET,
                Action.CREATE_PIN,
                CreateRequest.class,
                this::create)
            .answering(Made.class));
  }

  record CreateRequest(
      @Nullable String pinType, @Nullable String keystoreId, @Nullable String sequence) {}

  record Made(String pin) {}

  private Answer create(Caller caller, CreateRequest request, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    try (SecretBytes pin =
        isPlain(request.pinType())
            ? pins.plain(caller)
            : pins.sealed(caller, Members.required("keystore_id", request.keystoreId()))) {
      return Answer.json(
          200,
          pin.lend(text ->
              new Out(PIN.length + text.length + END.length).put(PIN).put(text).put(END).done()));
    }
  }

  private static boolean isPlain(@Nullable String type) {
    return switch (Members.optional(type)) {
      case null -> false;
      case "CipherText" -> false;
      case "PlainText" -> true;
      default ->
          throw Members.bad(Field.OTHER, "pin_type", "pin_type must be CipherText or PlainText.");
    };
  }
}
