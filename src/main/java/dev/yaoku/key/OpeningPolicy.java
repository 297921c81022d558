package dev.yaoku.key;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From where and when a capsule may be opened ({@code operations-new.md} 2.2 and 2.3). Every part
 * only narrows; what it does not name is not allowed.
 *
 * @param version 1 to 32 characters, kept for its author
 * @param period when; null for always
 * @param accessPoints ids of the access points from where; null and empty both for nowhere
 * @param zones ids of security zones, which cannot be proved here and so open nothing; may be null
 */
public record OpeningPolicy(
    String version,
    @Nullable Period period,
    @Nullable List<String> accessPoints,
    @Nullable List<String> zones) {

  /**
   * A span of time, to the second.
   *
   * @param start its first instant; null if it has none
   * @param end its last instant, itself included; null if it has none
   */
  public record Period(@Nullable Instant start, @Nullable Instant end) {
    boolean holds(Instant now) {
      return (start == null || !now.isBefore(start)) && (end == null || !now.isAfter(end));
    }
  }

  /** Whether it lets an access point open a capsule now. */
  public boolean allows(String accessPoint, Instant now) {
    return (period == null || period.holds(now))
        && accessPoints != null
        && accessPoints.contains(accessPoint);
  }

  /** Its members in one fixed form, which {@link OpeningPolicyReader} reads. */
  public Map<String, Object> members() {
    Map<String, Object> members = new LinkedHashMap<>();
    members.put(OpeningPolicyReader.VERSION, version);
    if (period != null) {
      members.put(OpeningPolicyReader.PERIOD, members(period));
    }
    if (accessPoints != null) {
      members.put(OpeningPolicyReader.ACCESS_POINTS, accessPoints);
    }
    if (zones != null) {
      members.put(OpeningPolicyReader.ZONES, zones);
    }
    return members;
  }

  private static Map<String, Object> members(Period period) {
    Map<String, Object> members = new LinkedHashMap<>();
    if (period.start() != null) {
      members.put(OpeningPolicyReader.START, written(period.start()));
    }
    if (period.end() != null) {
      members.put(OpeningPolicyReader.END, written(period.end()));
    }
    return members;
  }

  /** An instant to the second, such as {@code 2026-08-18T00:00:00Z}. */
  public static String written(Instant instant) {
    return DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss'Z'")
        .withZone(ZoneOffset.UTC)
        .format(instant);
  }
}
