package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.AuditContext;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Subject;
import dev.yaoku.audit.Actor;
import dev.yaoku.audit.AuditEvent;
import dev.yaoku.audit.Entries;
import dev.yaoku.audit.Rating;
import dev.yaoku.audit.Resource;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.store.AuditRow;
import dev.yaoku.store.RowChange;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Makes the one event of a request. A change appends it in its own transaction; for everything else
 * the edge appends it before the answer leaves.
 */
public final class Events {
  /** What events call a key. */
  private static final String KEY = "cmk";

  private final InstantSource clock;
  private final Function<AuditEvent, byte[]> encoder;

  /**
   * Events of one installation.
   *
   * @param clock says when
   * @param encoder turns an event into the bytes of a log entry, salt included
   */
  public Events(InstantSource clock, Function<AuditEvent, byte[]> encoder) {
    this.clock = clock;
    this.encoder = encoder;
  }

  /**
   * The event of a request that changed nothing: a read, a use, or a refusal. It has yet to get its
   * salt.
   *
   * @param operation what the API calls what was asked for, in case no service has got to say
   */
  public UnsaltedEvent unsaltedOutcome(Caller caller, String operation, int status, String code) {
    AuditContext audit = caller.audit();
    Action action = audit.action();
    AuditEvent event =
        event(
            caller,
            action == null ? Operations.trace(operation) : action.traceName(),
            resource(caller, operation, status),
            status,
            code,
            ratingOf(status),
            audit.note(),
            List.of());
    return new UnsaltedEvent(event.at().toEpochMilli(), event.account(), Entries.unsalted(event));
  }

  private static Resource resource(Caller caller, String operation, int status) {
    AuditContext audit = caller.audit();
    KeyId about = audit.about();
    if (about == null) {
      String type = resourceTypeOf(audit.action(), operation);
      return status >= 400 ? refused(caller, type) : new Resource(type, "");
    }
    Key key = audit.touched();
    String name = key != null && key.id().equals(about) ? key.name() : "";
    return new Resource(KEY, about.text(), name, othersThan(about, audit));
  }

  /** What a refused request was about, as far as it came to say so. */
  private static Resource refused(Caller caller, String otherwise) {
    AuditContext.Named named = caller.audit().named();
    Subject own = ownOf(caller);
    String name = own == null ? "" : Explanations.plain(own.id());
    if (named != null) {
      boolean same = own != null && own.type().equals(named.type());
      return new Resource(named.type(), Explanations.plain(named.id()), same ? name : "");
    }
    return new Resource(own == null ? otherwise : own.type(), "", name);
  }

  /** The one thing of the account itself that permission was asked for; null for none. */
  private static @Nullable Subject ownOf(Caller caller) {
    Subject asked = caller.audit().subject();
    return asked != null
            && asked.service().equals(Action.IDENTITY)
            && asked.account().equals(caller.principal().account())
            && !asked.id().equals("*")
        ? asked
        : null;
  }

  /** The further keys that the request is about, where its event is about one. */
  private static List<String> othersThan(KeyId key, AuditContext audit) {
    if (key.equals(audit.about()) && audit.alsoAbout().isEmpty()) {
      return List.of();
    }
    return Stream.concat(audit.alsoAbout().stream(), Stream.ofNullable(audit.about()))
        .filter(other -> !other.equals(key))
        .map(KeyId::text)
        .toList();
  }

  /** The event of a change to a key, with the rows that it wrote. */
  public AuditRow changed(Caller caller, Key key, int status, List<RowChange> changes) {
    return of(caller, resource(caller, key), status, changes);
  }

  private static Resource resource(Caller caller, Key key) {
    return new Resource(KEY, key.id().text(), key.name(), othersThan(key.id(), caller.audit()));
  }

  /**
   * The event of a success that somebody should look at.
   *
   * @param resource what it was done to
   * @param detail what is remarkable, for people
   */
  public AuditRow notable(
      Caller caller, Resource resource, int status, String detail, List<RowChange> changes) {
    return row(
        event(caller, traceOf(caller), resource, status, "", Rating.WARNING, detail, changes));
  }

  /** The same of a key. */
  public AuditRow notable(
      Caller caller, Key key, int status, String detail, List<RowChange> changes) {
    return notable(caller, resource(caller, key), status, detail, changes);
  }

  /** Any event of a caller who got what was asked for. */
  public AuditRow of(Caller caller, Resource resource, int status, List<RowChange> changes) {
    return row(
        event(
            caller,
            traceOf(caller),
            resource,
            status,
            "",
            ratingOf(status),
            caller.audit().note(),
            changes));
  }

  private static String traceOf(Caller caller) {
    Action action = caller.audit().action();
    return action == null ? "" : action.traceName();
  }

  private AuditEvent event(
      Caller caller,
      String trace,
      Resource resource,
      int status,
      String code,
      Rating rating,
      @Nullable String detail,
      List<RowChange> changes) {
    return new AuditEvent(
        clock.instant(),
        caller.requestId(),
        Acquaintance.actor(caller),
        caller.project(),
        caller.source(),
        trace,
        resource,
        rating,
        status,
        code,
        detail,
        changesOf(changes));
  }

  /**
   * That somebody of another account plays a role, for the log of whose role it is.
   *
   * @param account the account of the agency
   * @param session its name; null for the person's own
   * @param credential what the session is known by in later events
   * @param until when the session ends at the latest
   */
  public AuditRow assumed(
      Caller caller,
      String account,
      String agency,
      @Nullable String session,
      String credential,
      Instant until) {
    Principal who = caller.principal();
    String detail =
        "by user %s of account %s until %s, as %s with %s"
            .formatted(
                who.user(),
                who.account(),
                until,
                Objects.requireNonNullElse(session, who.userName()),
                credential);
    Resource role = new Resource("agency", agency);
    return ofServer(account, "assumeAgency", role, Rating.NORMAL, detail, List.of());
  }

  /** An act of the server itself on a key: a purge, a rotation. */
  public AuditRow ofKey(
      Key key, String trace, Rating rating, @Nullable String detail, List<RowChange> changes) {
    Resource resource = new Resource(KEY, key.id().text());
    return ofServer(key.account(), trace, resource, rating, detail, changes);
  }

  /** Any act of the server itself, such as a start. */
  public AuditRow ofServer(
      String account,
      String trace,
      Resource resource,
      Rating rating,
      @Nullable String detail,
      List<RowChange> changes) {
    Instant now = clock.instant();
    AuditEvent event =
        new AuditEvent(
            now,
            "",
            Actor.server(account),
            "",
            "",
            trace,
            resource,
            rating,
            0,
            "",
            detail,
            changesOf(changes));
    return row(event);
  }

  private AuditRow row(AuditEvent event) {
    return new AuditRow(event.at().toEpochMilli(), event.account(), encoder.apply(event));
  }

  private static Rating ratingOf(int status) {
    if (status >= 500) {
      return Rating.INCIDENT;
    }
    return status >= 400 ? Rating.WARNING : Rating.NORMAL;
  }

  private static String resourceTypeOf(@Nullable Action action, String operation) {
    if (action != null) {
      return action.recordedAs();
    }
    String otherwise = operation.isEmpty() ? "" : Action.IDENTITY;
    return Operations.action(operation).map(Action::recordedAs).orElse(otherwise);
  }

  private static List<AuditEvent.Change> changesOf(List<RowChange> changes) {
    if (changes.isEmpty()) {
      return List.of();
    }
    return changes.stream()
        .map(c -> new AuditEvent.Change(c.table(), c.primaryKey(), c.rowVersion(), c.mac()))
        .toList();
  }
}
