package dev.yaoku.server;

import dev.yaoku.key.OpeningPolicyReader;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a setting may hold: how its text is read, and the sentence that says what is allowed. */
sealed interface Kind {
  /**
   * Reads the text of a value.
   *
   * @throws IllegalArgumentException if it is none
   */
  Object read(String text);

  /** What is allowed, for people. */
  String allowed();

  /** Whether the value is a list. */
  default boolean many() {
    return false;
  }

  /** Any text. */
  record Text() implements Kind {
    @Override
    public Object read(String text) {
      return text;
    }

    @Override
    public String allowed() {
      return "text";
    }
  }

  /** Yes or no. */
  record Toggle() implements Kind {
    @Override
    public Object read(String text) {
      return switch (text) {
        case "true", "on" -> true;
        case "false", "off" -> false;
        default -> throw new IllegalArgumentException();
      };
    }

    @Override
    public String allowed() {
      return "true or false";
    }
  }

  /** A whole number in a range. */
  record Whole(int min, int max) implements Kind {
    @Override
    public Object read(String text) {
      return (int) within(Long.parseLong(text), min, max);
    }

    @Override
    public String allowed() {
      return "a whole number from " + min + " to " + max;
    }
  }

  /** A number of bytes, such as {@code 64KiB}. */
  record Size(long min, long max) implements Kind {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s*(B|KiB|MiB|GiB)?");

    @Override
    public Object read(String text) {
      Matcher matcher = matched(FORM, text);
      String unit = matcher.group(2);
      int shift =
          switch (unit == null ? "B" : unit) {
            case "KiB" -> 10;
            case "MiB" -> 20;
            case "GiB" -> 30;
            default -> 0;
          };
      return within(Math.multiplyExact(Long.parseLong(matcher.group(1)), 1L << shift), min, max);
    }

    @Override
    public String allowed() {
      return "a size from " + written(min) + " to " + written(max) + ", such as 64KiB";
    }

    private static String written(long bytes) {
      if (bytes >= 1 << 20 && bytes % (1 << 20) == 0) {
        return (bytes >> 20) + "MiB";
      }
      return bytes >= 1 << 10 && bytes % (1 << 10) == 0 ? (bytes >> 10) + "KiB" : bytes + "B";
    }
  }

  /** A length of time, such as {@code 30s}. */
  record Span(Duration min, Duration max) implements Kind {
    private static final Pattern FORM = Pattern.compile("(\\d{1,12})\\s*(ms|s|m|h|d)");

    /** From and to such times, both taken. */
    static Span between(String min, String max) {
      Span any = new Span(Duration.ZERO, Duration.ofDays(100_000));
      return new Span((Duration) any.read(min), (Duration) any.read(max));
    }

    @Override
    public Object read(String text) {
      Matcher matcher = matched(FORM, text);
      long amount = Long.parseLong(matcher.group(1));
      Duration read =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
          };
      if (read.compareTo(min) < 0 || read.compareTo(max) > 0) {
        throw new IllegalArgumentException();
      }
      return read;
    }

    @Override
    public String allowed() {
      return "a time from " + written(min) + " to " + written(max) + ", such as 30s or 500ms";
    }

    /** As an operator writes it. */
    static String written(Duration time) {
      long millis = time.toMillis();
      if (millis % 1000 != 0) {
        return millis + "ms";
      }
      long seconds = millis / 1000;
      if (seconds != 0 && seconds % 86_400 == 0) {
        return seconds / 86_400 + "d";
      }
      if (seconds != 0 && seconds % 3600 == 0) {
        return seconds / 3600 + "h";
      }
      return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
  }

  /** One of some words. */
  record OneOf(List<String> words) implements Kind {
    static OneOf words(String... words) {
      return new OneOf(List.of(words));
    }

    @Override
    public Object read(String text) {
      if (!words.contains(text)) {
        throw new IllegalArgumentException();
      }
      return text;
    }

    @Override
    public String allowed() {
      return "one of " + String.join(", ", words);
    }
  }

  /** A host and a port, or {@code off} where that is allowed. */
  record Address(boolean canBeOff) implements Kind {
    @Override
    public Object read(String text) {
      if (canBeOff && text.equals("off")) {
        return Config.Address.OFF;
      }
      int colon = text.lastIndexOf(':');
      if (colon <= 0) {
        throw new IllegalArgumentException();
      }
      String host = text.substring(0, colon);
      boolean bracketed = host.startsWith("[") && host.endsWith("]");
      if (!bracketed && host.indexOf(':') >= 0) {
        throw new IllegalArgumentException();
      }
      int port = (int) within(Long.parseLong(text.substring(colon + 1)), 0, 65_535);
      return new Config.Address(bracketed ? host.substring(1, host.length() - 1) : host, port);
    }

    @Override
    public String allowed() {
      return "HOST:PORT, port 0 for a free one, IPv6 in brackets" + (canBeOff ? "; or off" : "");
    }
  }

  /** Addresses and networks. */
  record Networks() implements Kind {
    @Override
    public Object read(String text) {
      return Network.parse(text);
    }

    @Override
    public String allowed() {
      return "a list of addresses or networks, such as 10.0.0.0/8";
    }

    @Override
    public boolean many() {
      return true;
    }
  }

  /** Identifiers. */
  record Uuids() implements Kind {
    @Override
    public Object read(String text) {
      String id = OpeningPolicyReader.uuid(text);
      if (id == null) {
        throw new IllegalArgumentException();
      }
      return id;
    }

    @Override
    public String allowed() {
      return "a list of UUIDs";
    }

    @Override
    public boolean many() {
      return true;
    }
  }

  /** Names of hosts, with a port or without. */
  record Hosts() implements Kind {
    private static final Pattern FORM =
        Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[1-9][0-9]{0,4})?");

    @Override
    public Object read(String text) {
      matched(FORM, text);
      return text;
    }

    @Override
    public String allowed() {
      return "a list of host names, such as accounts.example.com or keys.example.com:8443";
    }

    @Override
    public boolean many() {
      return true;
    }
  }

  /** A file or directory; empty for the default. */
  record File() implements Kind {
    @Override
    public Object read(String text) {
      return Path.of(text);
    }

    @Override
    public String allowed() {
      return "a path";
    }
  }

  /** A secret, named by where it is. */
  record Reference() implements Kind {
    @Override
    public Object read(String text) {
      if (!text.isEmpty() && !text.startsWith("file:") && !text.startsWith("env:")) {
        throw new IllegalArgumentException();
      }
      return new Config.SecretReference(text);
    }

    @Override
    public String allowed() {
      return "where the secret is, never the secret: file:PATH or env:NAME";
    }
  }

  /** A name. */
  record Name() implements Kind {
    private static final Pattern FORM = Pattern.compile("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?");

    @Override
    public Object read(String text) {
      matched(FORM, text);
      return text;
    }

    @Override
    public String allowed() {
      return "a name of small letters, digits and hyphens";
    }
  }

  /** Some names. */
  record Names() implements Kind {
    private static final Name ONE = new Name();

    @Override
    public Object read(String text) {
      return ONE.read(text);
    }

    @Override
    public String allowed() {
      return "a list of names of small letters, digits and hyphens";
    }

    @Override
    public boolean many() {
      return true;
    }
  }

  /** Reads a list written in one text, as environment variables hold it: parted by commas. */
  default List<Object> readList(String text) {
    List<Object> read = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.isBlank()) {
        read.add(read(part.strip()));
      }
    }
    return List.copyOf(read);
  }

  private static Matcher matched(Pattern form, String text) {
    Matcher matcher = form.matcher(text);
    if (!matcher.matches()) {
      throw new IllegalArgumentException();
    }
    return matcher;
  }

  private static long within(long number, long min, long max) {
    if (number < min || number > max) {
      throw new IllegalArgumentException();
    }
    return number;
  }

  /** A network: an address and how many of its bits count. */
  record Network(InetAddress address, int bits) {
    static Network parse(String text) {
      int slash = text.indexOf('/');
      InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
      int all = address.getAddress().length * 8;
      int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
      return new Network(address, (int) within(bits, 0, all));
    }

    boolean holds(InetAddress other) {
      byte[] ours = address.getAddress();
      byte[] theirs = other.getAddress();
      if (ours.length != theirs.length) {
        return false;
      }
      for (int bit = 0; bit < bits; bit++) {
        int mask = 0x80 >> (bit & 7);
        if (((ours[bit >> 3] ^ theirs[bit >> 3]) & mask) != 0) {
          return false;
        }
      }
      return true;
    }

    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%s/%d", address.getHostAddress(), bits);
    }
  }
}
