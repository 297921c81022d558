package dev.yaoku.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Lets the first refusals of a proved caller in each second into the log in full and counts the
 * further ones, so that a caller cannot fill the log by being refused (SECURITY_DESIGN H10).
 */
public final class Refusals {
  /** How many callers are told apart in a second; the refusals of others are summed up together. */
  private static final int CALLERS_MAX = 1000;

  /** How many different codes a caller's summary tells apart. */
  private static final int CODES_MAX = 50;

  private final int inFullMax;
  private final Map<Who, Tally> tallies = new HashMap<>();
  private long others;

  private record Who(String account, String user) {}

  private static final class Tally {
    int inFull;
    long counted;
    final Map<String, Long> byCode = new TreeMap<>();
  }

  /**
   * A gate.
   *
   * @param inFullMax refusals of one caller in a second that are recorded one by one
   */
  public Refusals(int inFullMax) {
    this.inFullMax = inFullMax;
  }

  /** Whether this refusal is to be recorded in full; if not, it was counted. */
  public synchronized boolean inFull(String account, String user, String code) {
    Who who = new Who(account, user);
    Tally tally = tallies.get(who);
    if (tally == null) {
      if (tallies.size() >= CALLERS_MAX) {
        others++;
        return false;
      }
      tally = new Tally();
      tallies.put(who, tally);
    }
    if (tally.inFull < inFullMax) {
      tally.inFull++;
      return true;
    }
    tally.counted++;
    boolean known = tally.byCode.containsKey(code) || tally.byCode.size() < CODES_MAX;
    tally.byCode.merge(known ? code : "others", 1L, Long::sum);
    return false;
  }

  /** The summaries of the second that ends now: one a caller, in the caller's account. */
  public synchronized List<AuditEvent> drain(Instant now) {
    List<AuditEvent> summaries = new ArrayList<>();
    tallies.forEach((who, tally) -> {
      if (tally.counted > 0) {
        summaries.add(summary(now, who, tally));
      }
    });
    if (others > 0) {
      summaries.add(Noise.summary(now, "", "refusedRequests", others, "further callers"));
    }
    tallies.clear();
    others = 0;
    return summaries;
  }

  private static AuditEvent summary(Instant now, Who who, Tally tally) {
    StringBuilder detail = new StringBuilder("user ").append(who.user()).append('\n');
    tally.byCode.forEach(
        (code, count) -> detail.append(code).append(' ').append(count).append('\n'));
    return Noise.summary(now, who.account(), "refusedRequests", tally.counted, detail.toString());
  }
}
