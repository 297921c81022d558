package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Dialect;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The route of {@code --dev} that moves the clock (docs/beyond-the-api.md). It destroys keys, so it
 * takes a signature and JSON, neither of which a web page can send, and moves forward only
 * (SECURITY_DESIGN M13).
 */
public final class ClockRoute {
  private static final int BODY_BYTES_MAX = 1024;
  private static final int DAYS_MAX = 3_660;
  private static final int SECONDS_MAX = DAYS_MAX * 86_400;
  private static final Json.Shape<Forward> SHAPE = Json.Shape.of(Forward.class);

  private ClockRoute() {}

  /**
   * The route.
   *
   * @param forward moves the clock, does what is due by then, and says what the time is
   */
  public static Route of(Dialect dialect, Function<Duration, Instant> forward) {
    return new Route(
            "MoveClock",
            "POST",
            "/dev/clock",
            Route.Entry.PROVED,
            Route.Lane.SLOW,
            BODY_BYTES_MAX,
            false,
            dialect,
            exchange -> answer(exchange, forward))
        .answering(Now.class)
        .reading(Forward.class);
  }

  /** The refusal of a move that goes too far with all that were before it. */
  public static KmsException tooFar(Duration most) {
    return Members.bad(
        Field.OTHER,
        "forward_seconds",
        "The clock must not be more than " + most.toDays() + " days ahead in all.");
  }

  record Forward(@Nullable String forwardSeconds) {}

  record Now(String now) {}

  private static Answer answer(Exchange exchange, Function<Duration, Instant> forward) {
    Caller caller = exchange.proved();
    caller.mustBeAllowed(Action.MOVE_CLOCK);
    mustBeSignedJson(caller, exchange);
    try (Incoming<Forward> body = Json.read(exchange.json(), SHAPE)) {
      int seconds =
          Members.number(
              "forward_seconds", body.members().forwardSeconds(), Field.OTHER, 1, SECONDS_MAX);
      Instant now = forward.apply(Duration.ofSeconds(seconds));
      return Json.ok(new Now(now.toString()));
    }
  }

  private static void mustBeSignedJson(Caller caller, Exchange exchange) {
    if (caller.principal().byToken()) {
      throw new KmsException(
          new Problem.BadRequest("Sign this call with an access key. A token does not do."));
    }
    String type = exchange.head().only("content-type");
    if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
      throw new KmsException(new Problem.BadRequest("The Content-Type must be application/json."));
    }
  }
}
