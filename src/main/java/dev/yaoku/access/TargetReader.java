package dev.yaoku.access;

import static dev.yaoku.access.PercentEncoding.refused;

import dev.yaoku.access.Target.Parameter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Reads a raw target in one pass. There is one reading only: nothing is normalised, repaired or
 * guessed, because what is signed, routed and decided on must be the same.
 */
final class TargetReader {
  /** Characters that may stand in a path or query as they are, percent included. */
  private static final boolean[] ALLOWED = new boolean[128];

  static {
    for (char c = 0x21; c < 0x7f; c++) {
      ALLOWED[c] = "\"#<>\\^`{|}".indexOf(c) < 0;
    }
  }

  private final String raw;
  private final int pathEnd;

  private TargetReader(String raw) {
    this.raw = raw;
    int question = raw.indexOf('?');
    this.pathEnd = question < 0 ? raw.length() : question;
  }

  static Target read(String raw) {
    if (raw.isEmpty() || raw.charAt(0) != '/') {
      throw refused("The request target must begin with a slash.");
    }
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c >= 128 || !ALLOWED[c]) {
        throw refused("The request target holds a character that must be percent-encoded.");
      }
    }
    TargetReader reader = new TargetReader(raw);
    return new Target(reader.segments(), reader.query());
  }

  private List<String> segments() {
    List<String> segments = new ArrayList<>(8);
    int start = 1;
    while (start < pathEnd) {
      int slash = raw.indexOf('/', start);
      int end = slash < 0 || slash > pathEnd ? pathEnd : slash;
      segments.add(part(start, end, false));
      start = end + 1;
    }
    return Collections.unmodifiableList(segments);
  }

  private List<Parameter> query() {
    if (pathEnd + 1 >= raw.length()) {
      return List.of();
    }
    List<Parameter> parameters = new ArrayList<>(4);
    int start = pathEnd + 1;
    while (start < raw.length()) {
      int ampersand = raw.indexOf('&', start);
      int end = ampersand < 0 ? raw.length() : ampersand;
      if (end > start) {
        parameters.add(parameter(start, end));
      }
      start = end + 1;
    }
    mustNotRepeat(parameters);
    return Collections.unmodifiableList(parameters);
  }

  private Parameter parameter(int start, int end) {
    int equals = raw.indexOf('=', start);
    int nameEnd = equals < 0 || equals > end ? end : equals;
    if (nameEnd == start) {
      throw refused("The query holds a value without a name.");
    }
    String value = nameEnd == end ? "" : part(nameEnd + 1, end, true);
    return new Parameter(part(start, nameEnd, true), value);
  }

  /** Decodes only where there is something to decode. */
  private String part(int start, int end, boolean inQuery) {
    for (int i = start; i < end; i++) {
      char c = raw.charAt(i);
      if (c == '%' || (inQuery && c == '+')) {
        return PercentEncoding.decode(raw, start, end, inQuery);
      }
    }
    return raw.substring(start, end);
  }

  private static void mustNotRepeat(List<Parameter> parameters) {
    if (parameters.size() < 2) {
      return;
    }
    long distinct = parameters.stream().map(Parameter::name).distinct().count();
    if (distinct != parameters.size()) {
      throw refused("A query name occurs twice.");
    }
  }
}
