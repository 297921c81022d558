package dev.yaoku.audit;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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

    void count(String code, long more) {
      counted += more;
      boolean known = byCode.containsKey(code) || byCode.size() < CODES_MAX;
      byCode.merge(known ? code : "others", more, Long::sum);
    }
  }

  /**
   * A gate.
   *
   * @param inFullMax refusals of one caller in a second that are recorded one by one
   */
  public Refusals(int inFullMax) {
    this.inFullMax = inFullMax;
  }

  /** Takes a place among those recorded in full; if there is none, the refusal was counted. */
  public synchronized boolean takeInFull(String account, String user, String code) {
    Tally tally = tally(new Who(account, user));
    if (tally == null) {
      others++;
      return false;
    }
    if (tally.inFull < inFullMax) {
      tally.inFull++;
      return true;
    }
    tally.count(code, 1);
    return false;
  }

  /** That of a caller; null if there are too many to tell apart. */
  private @Nullable Tally tally(Who who) {
    Tally known = tallies.get(who);
    if (known != null || tallies.size() >= CALLERS_MAX) {
      return known;
    }
    Tally begun = new Tally();
    tallies.put(who, begun);
    return begun;
  }

  /** The summaries of the second that ends now: one a caller, in the caller's account. */
  public synchronized List<Summary> drain(Instant now) {
    List<Summary> summaries = new ArrayList<>();
    tallies.forEach((who, tally) -> {
      if (tally.counted > 0) {
        summaries.add(new Summary(summary(now, who, tally), () -> countAgain(who, tally)));
      }
    });
    if (others > 0) {
      long lost = others;
      summaries.add(
          new Summary(
              Noise.summary(now, "", "refusedRequests", lost, "further callers"),
              () -> countAgain(lost)));
    }
    tallies.clear();
    others = 0;
    return summaries;
  }

  private synchronized void countAgain(Who who, Tally lost) {
    Tally tally = tally(who);
    if (tally == null) {
      others += lost.counted;
    } else {
      lost.byCode.forEach(tally::count);
    }
  }

  private synchronized void countAgain(long lost) {
    others += lost;
  }

  private static AuditEvent summary(Instant now, Who who, Tally tally) {
    StringBuilder detail = new StringBuilder("user ").append(who.user()).append('\n');
    tally.byCode.forEach(
        (code, count) -> detail.append(code).append(' ').append(count).append('\n'));
    return Noise.summary(now, who.account(), "refusedRequests", tally.counted, detail.toString());
  }
}
