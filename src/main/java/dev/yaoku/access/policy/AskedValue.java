package dev.yaoku.access.policy;

import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One value that a request has for a key of conditions, also as the number, time or address that it
 * may be. Each is read once, however many statements compare it. For one thread.
 */
final class AskedValue {
  private final String text;
  private boolean numberRead;
  private boolean timeRead;
  private boolean addressRead;
  private @Nullable BigDecimal number;
  private @Nullable Instant time;
  private byte @Nullable [] address;

  AskedValue(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /** Null if it is none. */
  @Nullable BigDecimal number() {
    if (!numberRead) {
      number = Comparison.number(text).orElse(null);
      numberRead = true;
    }
    return number;
  }

  /** Null if it is none. */
  @Nullable Instant time() {
    if (!timeRead) {
      time = Comparison.time(text).orElse(null);
      timeRead = true;
    }
    return time;
  }

  /** Null if it is none. */
  byte @Nullable [] address() {
    if (!addressRead) {
      address = AddressRange.address(text).orElse(null);
      addressRead = true;
    }
    return address;
  }
}
