package dev.yaoku.access;

import dev.yaoku.key.Grant;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.Tag;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What permission may hang on of the keys of one request: services show it when they have resolved
 * a key, and it is read when somebody asks for it, on the thread that asks for permission.
 */
public final class ShownKeys {
  private final Map<KeyId, Supplier<List<Grant>>> grants = new HashMap<>(2);
  private final Map<KeyId, Shown> shown = new HashMap<>(2);
  private @Nullable CalledKey called;
  private Directory.@Nullable KnownProject elsewhere;

  ShownKeys() {}

  private record Shown(Supplier<List<Tag>> tags, Supplier<List<String>> aliases) {
    static final Shown NOTHING = new Shown(List::of, List::of);
  }

  /**
   * Shows what conditions may ask of a key.
   *
   * @param aliases names without the prefix
   */
  public void show(KeyId key, Supplier<List<Tag>> tags, Supplier<List<String>> aliases) {
    shown.put(key, new Shown(tags, aliases));
  }

  /** Shows tags that a key is about to have: changing them must be allowed then, too. */
  public void showTags(KeyId key, Supplier<List<Tag>> tags) {
    Shown before = shown.getOrDefault(key, Shown.NOTHING);
    shown.put(key, new Shown(tags, before.aliases()));
  }

  /** Shows the grants on a key; those of others change nothing. */
  public void showGrants(KeyId key, List<Grant> onKey) {
    if (onKey.isEmpty()) {
      grants.remove(key);
    } else {
      grants.put(key, () -> onKey);
    }
  }

  /** The same of grants that are read only if permission hangs on them. */
  public void showGrants(KeyId key, Supplier<List<Grant>> onKey) {
    grants.put(key, onKey);
  }

  /** Shows the project of a key that is in another one than the request. */
  public void showProject(Directory.KnownProject ofKey) {
    elsewhere = ofKey;
  }

  /**
   * Notes the alias by which the request calls one of its keys.
   *
   * @param alias without the prefix
   */
  public void calledBy(KeyId key, String alias) {
    called = new CalledKey(key, alias, called);
  }

  /** The key with what was shown of it. */
  Subject subject(Key key) {
    Shown seen = shown.getOrDefault(key.id(), Shown.NOTHING);
    return Subject.key(key, seen.tags(), seen.aliases());
  }

  /** The grants on a key that were shown. */
  List<Grant> grantsOn(Key key) {
    return grants.getOrDefault(key.id(), List::of).get().stream()
        .filter(grant -> grant.key().equals(key.id()))
        .toList();
  }

  /** The project of a key, if it was shown. */
  public Optional<Directory.KnownProject> projectOf(Key key) {
    return Optional.ofNullable(elsewhere).filter(other -> other.id().equals(key.project()));
  }

  /**
   * The aliases by which the request calls the key that a question is about, without the prefix.
   * Those of its other keys are none of this one's: they say nothing of it.
   */
  public List<String> calledAs(Subject asked) {
    return CalledKey.aliasesOf(asked.key(), called);
  }
}
