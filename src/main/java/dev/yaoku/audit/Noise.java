package dev.yaoku.audit;

import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Counts requests that proved no identity, so that they cannot fill the log: one summary a second
 * at most, by reason and source network, {@value #LINES_MAX} lines and the others (SECURITY_DESIGN
 * H10).
 */
public final class Noise {
  /** Lines of a summary. */
  public static final int LINES_MAX = 100;

  private Counts counts = new Counts();

  private record Line(String reason, String network) {}

  /** What was counted between two summaries. */
  private static final class Counts {
    final Map<Line, long[]> lines = new HashMap<>();
    long others;
    long all;

    void add(Line line, long more) {
      long[] count = lines.get(line);
      if (count != null) {
        count[0] += more;
      } else if (lines.size() < LINES_MAX) {
        lines.put(line, new long[] {more});
      } else {
        others += more;
      }
      all += more;
    }

    void add(Counts earlier) {
      earlier.lines.forEach((line, count) -> add(line, count[0]));
      others += earlier.others;
      all += earlier.others;
    }

    AuditEvent summary(Instant now) {
      StringBuilder detail = new StringBuilder();
      lines.forEach((line, count) ->
          detail
              .append(line.reason())
              .append(' ')
              .append(line.network())
              .append(' ')
              .append(count[0])
              .append('\n'));
      if (others > 0) {
        detail.append("others ").append(others).append('\n');
      }
      return Noise.summary(now, "", "unprovedRequests", all, detail.toString());
    }
  }

  /** Counts one request: why it was refused, and the address that it came from. */
  public void count(String reason, String source) {
    Line line = new Line(reason, network(source));
    synchronized (this) {
      counts.add(line, 1);
    }
  }

  /** The summary of what was counted since the last one, if there was anything. */
  public Optional<Summary> drain(Instant now) {
    Counts drained = drained();
    return drained.all == 0
        ? Optional.empty()
        : Optional.of(new Summary(drained.summary(now), () -> countAgain(drained)));
  }

  private synchronized Counts drained() {
    Counts drained = counts;
    counts = new Counts();
    return drained;
  }

  private synchronized void countAgain(Counts lost) {
    counts.add(lost);
  }

  static AuditEvent summary(Instant now, String account, String trace, long sum, String detail) {
    return new AuditEvent(
        now,
        "",
        Actor.server(account),
        "",
        "",
        trace,
        new Resource("summary", "", Long.toString(sum)),
        Rating.WARNING,
        0,
        "",
        detail,
        List.of());
  }

  /** The network of an address: /24 or /56. */
  static String network(String source) {
    byte[] bytes;
    try {
      bytes = InetAddress.ofLiteral(source).getAddress();
    } catch (IllegalArgumentException notAnAddress) {
      return "unknown";
    }
    if (bytes.length == 4) {
      return (bytes[0] & 255) + "." + (bytes[1] & 255) + "." + (bytes[2] & 255) + ".0/24";
    }
    StringBuilder network = new StringBuilder();
    for (int i = 0; i < 8; i += 2) {
      int low = i == 6 ? 0 : bytes[i + 1] & 255;
      network.append(Integer.toHexString((bytes[i] & 255) << 8 | low)).append(':');
    }
    return network.append(":/56").toString();
  }
}
