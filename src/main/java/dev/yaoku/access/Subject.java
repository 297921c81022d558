package dev.yaoku.access;

import dev.yaoku.access.policy.AgencyUri;
import dev.yaoku.access.policy.ConditionKey;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.Keystore;
import dev.yaoku.key.Origin;
import dev.yaoku.key.Tag;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a request is about: one thing, resolved, or all of a kind ({@code permissions.md}, section
 * 3).
 *
 * @param service such as {@code kms}; {@code *} for nothing that has a name
 * @param type such as {@code KeyId}
 * @param account the account that owns it
 * @param id the last part of its name; {@code *} where one is created or several are listed
 * @param uri its other name; empty for all but agencies
 * @param key the key that it is, or is something of; null for none
 * @param traits what conditions may ask of it
 */
public record Subject(
    String service,
    String type,
    String account,
    String id,
    String uri,
    @Nullable KeyId key,
    Traits traits) {
  /** Nothing that has a name. */
  public static final Subject NOTHING = new Subject("*", "*", "*", "*", Traits.NONE);

  private static final String KMS = "kms";
  private static final String KEY = "KeyId";
  private static final String ALL = "*";

  private Subject(String service, String type, String account, String id, Traits traits) {
    this(service, type, account, id, "", null, traits);
  }

  /** What conditions may ask of a thing. */
  @FunctionalInterface
  public interface Traits {
    /** Of a thing without any. */
    Traits NONE = _ -> List.of();

    /** The values of a condition key; empty if the thing does not have it. */
    List<String> values(ConditionKey key);
  }

  /** Everything of the kind that the action is about, where one is made or several are listed. */
  public static Subject allOf(Action action, String account) {
    String type = action.resourceType();
    return type.isEmpty() ? NOTHING : new Subject(KMS, type, account, ALL, Traits.NONE);
  }

  /** Something of the account itself, such as a user. */
  public static Subject inAccount(String type, String account, String name) {
    return new Subject("iam", type, account, name, Traits.NONE);
  }

  /**
   * An agency that is to be assumed.
   *
   * @param name whatever the caller calls it
   * @param id empty if there is none of this name
   */
  public static Subject agency(String account, String name, String id) {
    String uri = id.isEmpty() ? "" : AgencyUri.of(id);
    return new Subject("iam", "agency", account, name, uri, null, Traits.NONE);
  }

  /**
   * A key that is to be made.
   *
   * @param key as it will be
   */
  public static Subject newKey(Key key) {
    return new Subject(KMS, KEY, key.account(), ALL, asked -> ofKey(key, asked));
  }

  /**
   * A key.
   *
   * @param tags reads its tags, where conditions ask for them
   * @param aliases reads its aliases' names
   */
  public static Subject key(Key key, Supplier<List<Tag>> tags, Supplier<List<String>> aliases) {
    Traits traits = new KeyTraits(key, tags, aliases);
    return new Subject(KMS, KEY, key.account(), key.id().text(), "", key.id(), traits);
  }

  /** What conditions ask of a key: each is read once for a decision, however often it is asked. */
  private static final class KeyTraits implements Traits {
    private final Key key;
    private final Supplier<List<Tag>> readTags;
    private final Supplier<List<String>> readAliases;
    private @Nullable List<Tag> tags;
    private @Nullable List<String> aliases;

    private KeyTraits(Key key, Supplier<List<Tag>> readTags, Supplier<List<String>> readAliases) {
      this.key = key;
      this.readTags = readTags;
      this.readAliases = readAliases;
    }

    @Override
    public List<String> values(ConditionKey asked) {
      return switch (asked.kind()) {
        case RESOURCE_TAG -> valueOf(asked.tag(), tags());
        case RESOURCE_ALIASES -> aliases();
        default -> ofKey(key, asked);
      };
    }

    private List<Tag> tags() {
      List<Tag> known = tags;
      if (known == null) {
        known = readTags.get();
        tags = known;
      }
      return known;
    }

    private List<String> aliases() {
      List<String> known = aliases;
      if (known == null) {
        known = readAliases.get();
        aliases = known;
      }
      return known;
    }
  }

  /** A further name of a key, with {@code alias/} before it or without. */
  public static Subject alias(String account, String name) {
    return new Subject(KMS, "alias", account, name, Traits.NONE);
  }

  /** The same as something of a key. */
  Subject of(KeyId owner) {
    return new Subject(service, type, account, id, uri, owner, traits);
  }

  /** A keystore. */
  public static Subject keystore(Keystore keystore) {
    return keystore(keystore.account(), keystore.id());
  }

  /** A keystore, whether or not it is there. */
  public static Subject keystore(String account, String id) {
    return new Subject(KMS, "keystore", account, id, Traits.NONE);
  }

  /** One thing of the kind that the action is about. */
  public static Subject oneOf(Action action, String account, String id) {
    return new Subject(KMS, action.resourceType(), account, id, Traits.NONE);
  }

  private static List<String> ofKey(Key key, ConditionKey asked) {
    return switch (asked.kind()) {
      case KEY_ORIGIN -> List.of(key.origin() == Origin.KMS ? "kms" : "external");
      case KEY_SPEC -> List.of(key.spec().name());
      case KEY_USAGE -> List.of(key.usage().name());
      case ENTERPRISE_PROJECT -> List.of(key.enterpriseProject());
      case MULTI_REGION -> List.of(key.multiRegion().role().name());
      default -> List.of();
    };
  }

  private static List<String> valueOf(String tag, List<Tag> tags) {
    return tags.stream().filter(t -> t.key().equals(tag)).map(Tag::value).toList();
  }
}
