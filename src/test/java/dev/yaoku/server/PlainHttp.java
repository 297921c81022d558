package dev.yaoku.server;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads requests to the letter of RFC 9112 and repairs nothing: the reader that somebody else has.
 * It keeps no limits.
 */
final class PlainHttp {
  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern LINE =
      Pattern.compile("[\\x21-\\xff]+ [\\x21-\\xff]+ HTTP/1\\.[01]");
  private static final Pattern FIELD =
      Pattern.compile("(" + TOKEN + "):[ \t]*((?:[\\x21-\\xff\t ]*[\\x21-\\xff])?)[ \t]*");
  private static final Pattern CHUNK =
      Pattern.compile("(0*[0-9A-Fa-f]{1,7})[ \t]*(;[\\x20-\\xff\t]*)?");
  private static final Pattern LENGTH = Pattern.compile("[0-9]{1,9}");

  /**
   * A request.
   *
   * @param fields names in small letters, each with its value
   * @param body what there is of it
   * @param complete whether that is all
   */
  record Message(String line, List<String> fields, String body, boolean complete) {
    /** The values of a field. */
    List<String> all(String name) {
      return fields.stream()
          .filter(field -> field.startsWith(name + ": "))
          .map(field -> field.substring(name.length() + 2))
          .toList();
    }
  }

  /** Where the text ends before the message does. */
  private static final class Ends extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** Where nobody could say what is meant. */
  private static final class Malformed extends Exception {
    private static final long serialVersionUID = 1L;
  }

  private final String text;
  private int at;

  private PlainHttp(String text) {
    this.text = text;
  }

  /** The requests until the bytes end or mean nothing; of the last, perhaps a part of its body. */
  static List<Message> read(byte[] bytes) {
    List<Message> messages = new ArrayList<>();
    PlainHttp reader = new PlainHttp(new String(bytes, StandardCharsets.ISO_8859_1));
    try {
      while (messages.isEmpty() || messages.getLast().complete()) {
        messages.add(reader.message());
      }
    } catch (Ends | Malformed _) {
      // what was read before stands
    }
    return messages;
  }

  private Message message() throws Ends, Malformed {
    while (at < text.length() && "\r\n".indexOf(text.charAt(at)) >= 0) {
      at++; // section 2.2: empty lines before a request
    }
    String line = line();
    mustMatch(LINE, line);
    List<String> fields = fields();
    StringBuilder body = new StringBuilder();
    boolean complete = false;
    try {
      body(new Message(line, fields, "", false), body);
      complete = true;
    } catch (Ends | Malformed _) {
      // a part of it is there
    }
    return new Message(line, fields, body.toString(), complete);
  }

  private String line() throws Ends, Malformed {
    int end = text.indexOf('\n', at);
    if (end < 0) {
      throw new Ends();
    }
    if (end == at || text.charAt(end - 1) != '\r' || text.indexOf('\r', at) != end - 1) {
      throw new Malformed();
    }
    String line = text.substring(at, end - 1);
    at = end + 1;
    return line;
  }

  private List<String> fields() throws Ends, Malformed {
    List<String> fields = new ArrayList<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      Matcher field = mustMatch(FIELD, line);
      fields.add(field.group(1).toLowerCase(Locale.ROOT) + ": " + field.group(2));
    }
    return fields;
  }

  private static Matcher mustMatch(Pattern pattern, String line) throws Malformed {
    Matcher matcher = pattern.matcher(line);
    if (!matcher.matches()) {
      throw new Malformed();
    }
    return matcher;
  }

  /** Section 6.3. */
  private void body(Message head, StringBuilder body) throws Ends, Malformed {
    if (!head.all("transfer-encoding").isEmpty()) {
      chunks(body);
    } else if (!head.all("content-length").isEmpty()) {
      String length = mustMatch(LENGTH, head.all("content-length").getFirst()).group();
      take(Integer.parseInt(length), body);
    }
  }

  private void chunks(StringBuilder body) throws Ends, Malformed {
    for (int size = size(); size > 0; size = size()) {
      take(size, body);
      if (!line().isEmpty()) {
        throw new Malformed();
      }
    }
    fields();
  }

  private int size() throws Ends, Malformed {
    return Integer.parseUnsignedInt(mustMatch(CHUNK, line()).group(1), 16);
  }

  private void take(int size, StringBuilder body) throws Ends {
    int end = (int) Math.min(text.length(), at + (long) size);
    body.append(text, at, end);
    boolean whole = end - at == size;
    at = end;
    if (!whole) {
      throw new Ends();
    }
  }
}
