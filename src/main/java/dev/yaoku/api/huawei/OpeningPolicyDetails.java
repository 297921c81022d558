package dev.yaoku.api.huawei;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.yaoku.key.OpeningPolicy;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An opening policy on the wire: both spellings of members that have two, and no others. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OpeningPolicyDetails(
    String version,
    @JsonProperty("validity_period") @Nullable Period period,
    @JsonProperty("allowed_access_point") @Nullable List<String> accessPoints,
    @Nullable List<String> allowedDataSecurityZone,
    @JsonProperty("validityPeriod") @Nullable Period secondPeriod,
    @JsonProperty("allowedAccessPoint") @Nullable List<String> secondAccessPoints) {

  static OpeningPolicyDetails of(OpeningPolicy policy) {
    Period period = Period.of(policy.period());
    return new OpeningPolicyDetails(
        policy.version(),
        period,
        policy.accessPoints(),
        policy.zones(),
        period,
        policy.accessPoints());
  }

  /** A span of time; an end that it does not have is left out. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Period(@Nullable String startTime, @Nullable String endTime) {
    private static @Nullable Period of(OpeningPolicy.@Nullable Period period) {
      return period == null ? null : new Period(text(period.start()), text(period.end()));
    }

    private static @Nullable String text(@Nullable Instant instant) {
      return instant == null ? null : OpeningPolicy.written(instant);
    }
  }
}
