package dev.yaoku.api.huawei;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.Frame.Manner;
import dev.yaoku.key.Field;
import dev.yaoku.key.Key;
import dev.yaoku.service.Clocks;
import dev.yaoku.service.Deletions;
import dev.yaoku.service.KeyCreation;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What keeps a server going; all of it Yaoku's own (docs/administration.md). */
final class AdministrationRoutes {
  private static final Pattern SERVICE = Pattern.compile("[a-z][a-z0-9-]{0,31}");

  private final Frame frame;
  private final Clocks clocks;
  private final Deletions deletions;
  private final KeyCreation creation;

  AdministrationRoutes(Frame frame, Clocks clocks, Deletions deletions, KeyCreation creation) {
    this.frame = frame;
    this.clocks = clocks;
    this.deletions = deletions;
    this.creation = creation;
  }

  List<Route> routes() {
    return List.of(
        frame
            .ofServer("ShowClock", "GET", "/yaoku/v1/clock", Action.SHOW_CLOCK, this::clock)
            .answering(Clock.class),
        frame
            .ofServer(
                "AcceptClock", "POST", "/yaoku/v1/clock/accept", Action.ACCEPT_CLOCK, this::accept)
            .answering(Clock.class),
        frame
            .onKey(
                "ShowKey",
                "/kms/yaoku-show-key",
                Manner.SLOW,
                Action.SHOW_KEY,
                KeyRoutes.KeyRequest.class,
                this::show)
            .answering(Fate.class),
        frame
            .onKey(
                "UndeleteKey",
                "/kms/yaoku-undelete-key",
                Manner.SLOW,
                Action.UNDELETE_KEY,
                KeyRoutes.KeyRequest.class,
                this::undelete)
            .answering(KeyRoutes.State.class),
        frame
            .onProject(
                "CreateDefaultKey",
                "/kms/yaoku-create-default-key",
                Manner.SLOW,
                Action.CREATE_DEFAULT_KEY,
                DefaultRequest.class,
                this::createDefault)
            .answering(DefaultCreated.class));
  }

  // Clocks

  record Clock(String wall, String counted, boolean disagree) {
    static Clock of(Clocks.Both both) {
      return new Clock(both.wall().toString(), both.counter().toString(), both.suspect());
    }
  }

  private Answer clock(Caller caller, Exchange exchange) {
    return Json.ok(Clock.of(clocks.show(caller)));
  }

  private Answer accept(Caller caller, Exchange exchange) {
    return Json.ok(Clock.of(clocks.accept(caller)));
  }

  // Keys

  record Fate(
      String keyId,
      String keyAlias,
      String keySpec,
      String origin,
      String keyState,
      String defaultKeyFlag,
      String creationDate,
      String scheduledDeletionDate,
      boolean gone,
      String purgeDate,
      boolean destructionWaits) {
    static Fate of(Deletions.Fate fate) {
      Key key = fate.key();
      return new Fate(
          key.id().text(),
          key.name(),
          key.spec().name(),
          key.origin().name().toLowerCase(Locale.ROOT),
          KeyDetails.stateCode(key.state()),
          key.isDefault() ? "1" : "0",
          KeyDetails.millis(key.createdAt()),
          KeyDetails.millis(key.deletionAt().orElse(null)),
          fate.gone(),
          KeyDetails.millis(fate.purgeAt()),
          fate.waits());
    }
  }

  private Answer show(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    return Json.ok(Fate.of(deletions.fate(caller, request.key())));
  }

  private Answer undelete(Caller caller, KeyRoutes.KeyRequest request, Exchange exchange) {
    return Json.ok(KeyRoutes.State.of(deletions.undelete(caller, request.key())));
  }

  // Keys of cloud services

  record DefaultRequest(@Nullable String service) {}

  record DefaultCreated(String keyId, String keyAlias, boolean created) {}

  private Answer createDefault(Caller caller, DefaultRequest request, Exchange exchange) {
    Frame.mustHaveNoQuery(exchange);
    String service = Members.required("service", request.service());
    if (!SERVICE.matcher(service).matches()) {
      throw Members.bad(
          Field.NAME,
          "service",
          "service must be the short name of a service: a letter, then at most 31 of the characters"
              + " a-z 0-9 -.");
    }
    KeyCreation.Default made = creation.createDefault(caller, service);
    return Json.ok(new DefaultCreated(made.key().id().text(), made.key().name(), made.made()));
  }
}
