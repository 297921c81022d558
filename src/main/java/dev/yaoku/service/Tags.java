package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Tag;
import dev.yaoku.service.KeyChanges.Asked;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.stream.Collectors;

/** Labels on keys. They can be changed in every state of a key, but not on a cloud service's. */
public final class Tags {
  private final Store store;
  private final Keys keys;
  private final KeyChanges changes;
  private final InstantSource clock;
  private final Rules rules;

  Tags(Store store, Keys keys, KeyChanges changes, InstantSource clock, Rules rules) {
    this.store = store;
    this.keys = keys;
    this.changes = changes;
    this.clock = clock;
    this.rules = rules;
  }

  /** The tags of a key, ordered by tag key. */
  public List<Tag> of(Caller caller, KeyReference reference) {
    try (OpenKey key = keys.open(caller, reference)) {
      Key permitted = caller.mustBeAllowed(Action.SHOW_KEY_TAGS, key.key()).key();
      return store.read(tx -> tx.tags(permitted.id()));
    }
  }

  /** All tag keys of the caller's project with their values. */
  public SortedMap<String, SortedSet<String>> ofProject(Caller caller) {
    caller.mustBeAllowed(Action.LIST_PROJECT_TAGS);
    return store.read(tx -> tx.projectTags(caller.project(), clock.instant()));
  }

  /**
   * Sets tags; a tag key that is there already gets the new value.
   *
   * @param action what the caller asked for, one tag or many
   * @throws KmsException with {@link Problem.TooManyTags} if the key would have too many
   */
  public void put(Caller caller, Action action, KeyReference reference, List<Tag> tags) {
    caller.requests(tags);
    changes.change(
        new Asked(caller, action, reference, Statuses.NO_CONTENT),
        (tx, key) -> {
          key.mustBeCustom();
          putWithin(tx, key.id(), tags, rules);
          mustBeAllowedAsIsNow(tx, caller, action, key);
          return key;
        });
  }

  /** How many tags a key may have. */
  public int perKeyMax() {
    return rules.tagsPerKeyMax();
  }

  /** Adds tags, if the key does not get too many. */
  static void putWithin(Writing tx, KeyId key, List<Tag> tags, Rules rules) {
    if (tx.putTags(key, tags) > rules.tagsPerKeyMax()) {
      throw new KmsException(new Problem.TooManyTags(rules.tagsPerKeyMax()));
    }
  }

  /**
   * Tags steer what others may do with a key, so whoever changes them must be allowed to do so with
   * the key as it is then, too (SECURITY_DESIGN M18).
   */
  private static void mustBeAllowedAsIsNow(Writing tx, Caller caller, Action action, Key key) {
    caller.keys().showTags(key.id(), () -> tx.tags(key.id()));
    caller.mustBeAllowed(action, key);
  }

  /** Removes tags by key, where a value is given only those that have it. Others are ignored. */
  public void removeAll(Caller caller, KeyReference reference, List<Tag> tags) {
    caller.requests(tags);
    changes.change(
        new Asked(caller, Action.BATCH_DELETE_TAGS, reference, Statuses.NO_CONTENT),
        (tx, key) -> {
          key.mustBeCustom();
          List<String> tagKeys = matching(tx, key, tags);
          if (!tagKeys.isEmpty()) {
            tx.removeTags(key.id(), tagKeys);
            mustBeAllowedAsIsNow(tx, caller, Action.BATCH_DELETE_TAGS, key);
          }
          return key;
        });
  }

  /**
   * Removes one tag.
   *
   * @throws KmsException with {@link Problem.TagNotFound} if the key does not have it
   */
  public void remove(Caller caller, KeyReference reference, String tagKey) {
    caller.requests(List.of(new Tag(tagKey, "")));
    changes.change(
        new Asked(caller, Action.DELETE_TAG, reference, Statuses.NO_CONTENT),
        (tx, key) -> {
          key.mustBeCustom();
          if (tx.removeTags(key.id(), List.of(tagKey)) == 0) {
            throw new KmsException(new Problem.TagNotFound());
          }
          mustBeAllowedAsIsNow(tx, caller, Action.DELETE_TAG, key);
          return key;
        });
  }

  private static List<String> matching(Writing tx, Key key, List<Tag> asked) {
    Map<String, String> present =
        tx.tags(key.id()).stream()
            .collect(Collectors.toMap(Tag::key, Tag::value, (first, _) -> first, HashMap::new));
    return asked.stream()
        .filter(tag -> present.containsKey(tag.key()))
        .filter(tag -> tag.value().isEmpty() || tag.value().equals(present.get(tag.key())))
        .map(Tag::key)
        .toList();
  }
}
