package dev.yaoku.key;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads opening policies, strictly: a restriction that was not understood would open more than its
 * author meant. The two spellings that clients have of two members are one.
 *
 * @see "operations-new.md 2.2"
 */
public final class OpeningPolicyReader {
  static final String VERSION = "version";
  static final String PERIOD = "validity_period";
  static final String ACCESS_POINTS = "allowed_access_point";
  static final String ZONES = "allowed_data_security_zone";
  static final String START = "start_time";
  static final String END = "end_time";

  /** Members that have a second spelling. */
  private static final Map<String, String> SECOND_SPELLINGS =
      Map.of(PERIOD, "validityPeriod", ACCESS_POINTS, "allowedAccessPoint");

  private static final Set<String> KNOWN =
      Set.of(VERSION, PERIOD, "validityPeriod", ACCESS_POINTS, "allowedAccessPoint", ZONES);

  private static final int CHARACTERS_MAX = 8192;
  private static final int VERSION_CHARACTERS_MAX = 32;
  private static final int DEPTH_MAX = 8;
  private static final String VERSION_DEFAULT = "1.0";

  private static final Pattern UUID =
      Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");
  private static final Pattern SECONDS =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z");
  private static final Pattern MILLIS = Pattern.compile("[0-9]{1,15}");
  private static final Instant FIRST = Instant.EPOCH;
  private static final Instant LAST = Instant.parse("9999-12-31T23:59:59Z");

  private static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                  .streamReadConstraints(
                      StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
                  .build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String member;

  private OpeningPolicyReader(String member) {
    this.member = member;
  }

  /**
   * Reads a policy.
   *
   * @param member what the request calls it, for the refusal
   * @param text JSON
   * @throws KmsException with {@link Problem.BadValue} if it is no policy
   */
  public static OpeningPolicy read(String member, String text) {
    return new OpeningPolicyReader(member).read(text);
  }

  /** Reads a policy that {@link #text} wrote. */
  public static OpeningPolicy stored(String text) {
    return new OpeningPolicyReader("policy").members(text);
  }

  /** The policy in one fixed form, which {@link #stored} reads. */
  public static String text(OpeningPolicy policy) {
    return JSON.writeValueAsString(policy.members());
  }

  /** An identifier of this server in small letters, or null if the text has not its form. */
  public static @Nullable String uuid(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return UUID.matcher(lower).matches() ? lower : null;
  }

  /** The instant of an ISO-8601 text in UTC, to the second; null if it is none. */
  public static @Nullable Instant instant(String text) {
    if (!SECONDS.matcher(text).matches()) {
      return null;
    }
    try {
      return Instant.parse(text);
    } catch (DateTimeException noSuchDay) {
      return null;
    }
  }

  private OpeningPolicy read(String text) {
    if (text.codePointCount(0, text.length()) > CHARACTERS_MAX) {
      throw refused(member + " must not be longer than 8192 characters.");
    }
    return members(text);
  }

  private OpeningPolicy members(String text) {
    JsonNode policy = tree(text);
    for (String name : policy.propertyNames()) {
      if (!KNOWN.contains(name)) {
        throw refused(
            member
                + " has a member that no policy has. A policy has version, validity_period,"
                + " allowed_access_point and allowed_data_security_zone.");
      }
    }
    return new OpeningPolicy(
        version(policy.get(VERSION)),
        twice(policy, PERIOD, this::period),
        twice(policy, ACCESS_POINTS, this::accessPoints),
        zones(policy.get(ZONES)));
  }

  private JsonNode tree(String text) {
    try {
      JsonNode tree = JSON.readTree(text);
      if (tree != null && tree.isObject()) {
        return tree;
      }
    } catch (JacksonException notJson) {
      // As any other text that is no object.
    }
    throw refused(member + " must be a text that holds one JSON object.");
  }

  /** How a member is read; null if it is not there. */
  @FunctionalInterface
  private interface Reading<T> {
    @Nullable T of(@Nullable JsonNode node);
  }

  private <T> @Nullable T twice(JsonNode policy, String name, Reading<T> reading) {
    T first = reading.of(policy.get(name));
    T second = reading.of(policy.get(SECOND_SPELLINGS.get(name)));
    if (first != null && second != null && !first.equals(second)) {
      throw refused(member + " has two different values of " + name + ".");
    }
    return first == null ? second : first;
  }

  private String version(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return VERSION_DEFAULT;
    }
    String version = node.isString() ? node.stringValue() : "";
    int characters = version.codePointCount(0, version.length());
    if (characters < 1 || characters > VERSION_CHARACTERS_MAX || !isStorable(version)) {
      throw refused("version in " + member + " must be a text of 1 to 32 characters.");
    }
    return version;
  }

  private OpeningPolicy.@Nullable Period period(@Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    if (!node.isObject() || !Set.of(START, END).containsAll(node.propertyNames())) {
      throw refused(
          "validity_period in " + member + " must be an object of start_time and end_time.");
    }
    Instant start = time(node.get(START), true);
    Instant end = time(node.get(END), false);
    if (start != null && end != null && end.isBefore(start)) {
      throw new KmsException(
          new Problem.BadValue(Field.POLICY_PERIOD, member, "end_time is before start_time."));
    }
    return new OpeningPolicy.Period(start, end);
  }

  /** To the second, towards the inside of the period. */
  private @Nullable Instant time(@Nullable JsonNode node, boolean start) {
    if (node == null || node.isNull() || (node.isString() && node.stringValue().isEmpty())) {
      return null;
    }
    String text = node.isString() || node.isIntegralNumber() ? node.asString() : "";
    Instant exact =
        MILLIS.matcher(text).matches() ? Instant.ofEpochMilli(Long.parseLong(text)) : instant(text);
    if (exact == null || exact.isBefore(FIRST) || exact.isAfter(LAST)) {
      throw refused(
          "A time in " + member + " must be ISO-8601 in UTC, such as 2026-08-18T00:00:00Z.");
    }
    Instant second = exact.truncatedTo(ChronoUnit.SECONDS);
    return start && second.isBefore(exact) ? second.plusSeconds(1) : second;
  }

  private @Nullable List<String> accessPoints(@Nullable JsonNode node) {
    List<String> texts = texts(ACCESS_POINTS, node);
    if (texts == null) {
      return null;
    }
    List<String> ids = new ArrayList<>(texts.size());
    for (String text : texts) {
      String id = uuid(text);
      if (id == null) {
        throw refused("allowed_access_point in " + member + " must hold ids of access points.");
      }
      ids.add(id);
    }
    return List.copyOf(ids);
  }

  private @Nullable List<String> zones(@Nullable JsonNode node) {
    return texts(ZONES, node);
  }

  private @Nullable List<String> texts(String name, @Nullable JsonNode node) {
    if (node == null || node.isNull()) {
      return null;
    }
    List<String> texts = new ArrayList<>(node.size());
    for (JsonNode element : node) {
      if (!element.isString() || !isStorable(element.stringValue())) {
        throw refused(name + " in " + member + " must be an array of texts.");
      }
      texts.add(element.stringValue());
    }
    if (!node.isArray()) {
      throw refused(name + " in " + member + " must be an array of texts.");
    }
    return List.copyOf(texts);
  }

  /** No database takes the character 0, and half a surrogate pair has no encoding. */
  private static boolean isStorable(String text) {
    return text.codePoints().noneMatch(c -> c == 0 || (c >= 0xd800 && c <= 0xdfff));
  }

  private KmsException refused(String why) {
    return new KmsException(new Problem.BadValue(Field.OTHER, member, why));
  }
}
