package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Subject;
import dev.yaoku.audit.Rating;
import dev.yaoku.key.Alias;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Origin;
import dev.yaoku.key.Problem;
import dev.yaoku.service.KeyChanges.Asked;
import dev.yaoku.service.KeyChanges.Changed;
import dev.yaoku.store.From;
import dev.yaoku.store.Position;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Gives keys further names, and moves names from key to key. */
public final class Aliases {
  private final Store store;
  private final Keys keys;
  private final KeyChanges changes;
  private final Places places;
  private final InstantSource clock;
  private final Events events;
  private final Rules rules;

  Aliases(
      Store store,
      Keys keys,
      KeyChanges changes,
      Places places,
      InstantSource clock,
      Events events,
      Rules rules) {
    this.store = store;
    this.keys = keys;
    this.changes = changes;
    this.places = places;
    this.clock = clock;
    this.events = events;
    this.rules = rules;
  }

  /**
   * One page.
   *
   * @param more whether there are further ones
   */
  public record Page(List<Alias> aliases, boolean more) {}

  /**
   * Gives a key another name.
   *
   * @param text with the prefix or without
   * @throws KmsException with {@link Problem.NameTaken} if the account has such an alias in the
   *     region
   */
  public Alias create(Caller caller, KeyReference reference, String text) {
    return named(
        new Asked(caller, Action.CREATE_ALIAS, reference, Statuses.CREATED),
        text,
        (tx, key) -> {
          if (existing(tx, key, text).isPresent()) {
            throw new KmsException(new Problem.NameTaken());
          }
          return insert(tx, key, text);
        });
  }

  /** Gives an alias to a key that the caller may name so. */
  private Alias named(Asked asked, String text, BiFunction<Writing, Key, Alias> naming) {
    Caller caller = asked.caller();
    return Forgetting.after(
        () ->
            changes.changeFor(
                asked,
                (tx, permitted) -> {
                  Key key = permitted.key();
                  mustBeAllowed(caller, asked.action(), key, text);
                  key.mustBeChangeable();
                  return new Changed<>(key, naming.apply(tx, key));
                }),
        () -> keys.aliasChanged(caller.project(), Alias.nameIn(text)));
  }

  /**
   * The alias of this name in the region of the key. That of a key whose deletion date is reached
   * is gone with it: it is removed here, should the key still wait to be purged, so that the name
   * is free.
   */
  private Optional<Alias> existing(Writing tx, Key key, String text) {
    Optional<Alias> found =
        tx.aliasesNamed(key.account(), Alias.nameIn(text)).stream()
            .filter(alias -> areInOneRegion(tx, alias.project(), key.project()))
            .findFirst();
    Optional<Alias> left = found.filter(alias -> isOfGoneKey(tx, alias));
    left.ifPresent(tx::remove);
    return left.isPresent() ? Optional.empty() : found;
  }

  private static boolean areInOneRegion(Reading tx, String one, String other) {
    return one.equals(other)
        || tx.project(one)
            .map(Rows.Project::region)
            .equals(tx.project(other).map(Rows.Project::region));
  }

  private boolean isOfGoneKey(Reading tx, Alias alias) {
    return tx.key(alias.key()).filter(key -> !key.isGoneAt(clock.instant())).isEmpty();
  }

  private Alias insert(Writing tx, Key key, String text) {
    mustHaveRoom(tx, key.id());
    Instant now = Times.now(clock);
    Alias alias =
        new Alias(key.account(), Alias.nameIn(text), key.project(), key.id(), text, now, now, 1);
    tx.insert(alias);
    return alias;
  }

  private void mustHaveRoom(Reading tx, KeyId key) {
    int most = rules.aliasesPerKeyMax();
    if (tx.aliasRows(key) >= most && tx.aliasesOf(key).size() >= most) {
      throw new KmsException(new Problem.TooManyAliases(most));
    }
  }

  /**
   * Takes names away from a key.
   *
   * @throws KmsException with {@link Problem.KeyNotFound} if one of them is not the key's
   */
  public void delete(Caller caller, KeyReference reference, List<String> texts) {
    Forgetting.after(
        () ->
            changes.reduce(
                new Asked(caller, Action.DELETE_ALIAS, reference, Statuses.NO_CONTENT),
                (tx, key) -> {
                  for (String text : texts) {
                    mustBeAllowed(caller, Action.DELETE_ALIAS, key, text);
                    tx.remove(own(tx, key, text));
                  }
                  return key;
                }),
        () -> texts.forEach(text -> keys.aliasChanged(caller.project(), Alias.nameIn(text))));
  }

  /** Whoever may do it with the key must be allowed to do it with the name, too. */
  private static void mustBeAllowed(Caller caller, Action action, Key key, String text) {
    caller.mustBeAllowed(action, Subject.alias(key.account(), Alias.nameIn(text)), key);
  }

  private static Alias own(Writing tx, Key key, String text) {
    return tx.alias(key.project(), Alias.nameIn(text))
        .filter(alias -> alias.key().equals(key.id()))
        .orElseThrow(Keys::notFound);
  }

  /**
   * Moves a name to a key, or makes it; it is listed as it is spelled here. Whoever moves it needs
   * the right on both keys, and it does not move to a key with imported material: somebody knows
   * its bytes, and could read what others go on encrypting under the name (SECURITY_DESIGN H13, ADR
   * 7).
   */
  public Alias associate(Caller caller, KeyReference target, String text) {
    return named(
        new Asked(caller, Action.ASSOCIATE_ALIAS, target, Statuses.OK),
        text,
        (tx, key) ->
            existing(tx, key, text)
                .map(alias -> move(tx, caller, alias, key, text))
                .orElseGet(() -> insert(tx, key, text)));
  }

  private Alias move(Writing tx, Caller caller, Alias alias, Key to, String text) {
    if (!alias.project().equals(to.project())) {
      throw new KmsException(new Problem.NameTaken());
    }
    if (!alias.key().equals(to.id())) {
      Key from = tx.lockKey(alias.key()).orElseThrow(Keys::notFound);
      caller.audit().alsoAbout(from.id());
      caller.keys().show(from.id(), () -> tx.tags(from.id()), () -> Keys.aliasNames(tx, from.id()));
      caller.mustBeAllowed(Action.ASSOCIATE_ALIAS, from);
      caller.touched(to);
      mustNotShowAnything(from, to);
      mustHaveRoom(tx, to.id());
      warn(tx, caller, alias, from, to);
    }
    return tx.update(alias.on(to.id(), text, Times.now(clock)));
  }

  private void mustNotShowAnything(Key from, Key to) {
    boolean toKnownMaterial = from.origin() == Origin.KMS && to.origin() == Origin.EXTERNAL;
    if (!rules.freeAliasMoves() && toKnownMaterial) {
      throw new KmsException(new Problem.AliasMove());
    }
  }

  private void warn(Writing tx, Caller caller, Alias alias, Key from, Key to) {
    String detail =
        "%s moved from key %s to key %s by user %s, request %s"
            .formatted(
                alias.name(), from.id(), to.id(), caller.principal().user(), caller.requestId());
    tx.append(events.ofKey(to, "moveAlias", Rating.WARNING, detail, tx.changes()));
  }

  /**
   * A page of the project's aliases, newest first.
   *
   * @param of the key whose aliases are wanted, null for all
   */
  public Page list(Caller caller, @Nullable KeyId of, int offset, int limit) {
    if (of != null) {
      caller.audit().about(of);
    }
    caller.mustBeAllowed(Action.LIST_ALIASES);
    Places.Reading reading = places.of(caller, "aliases", of == null ? "" : of.text());
    From from = reading.at(offset);
    List<Alias> found =
        store.read(tx ->
            of == null
                ? tx.aliases(caller.project(), clock.instant(), from, limit + 1)
                : from.rest(ofKey(tx, caller, of), Aliases::position));
    List<Alias> page = found.stream().limit(limit).toList();
    if (!page.isEmpty()) {
      reading.delivered((long) offset + page.size(), position(page.getLast()));
    }
    return new Page(page, found.size() > limit);
  }

  private List<Alias> ofKey(Reading tx, Caller caller, KeyId id) {
    return tx.aliasesOf(id).stream()
        .filter(alias -> alias.project().equals(caller.project()))
        .filter(alias -> !isOfGoneKey(tx, alias))
        .toList();
  }

  private static Position position(Alias alias) {
    return new Position(alias.createdAt().toEpochMilli(), alias.name());
  }
}
