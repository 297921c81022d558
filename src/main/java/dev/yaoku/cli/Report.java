package dev.yaoku.cli;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Prints answers. Names come from other people, so for a terminal everything that could command it
 * is left out.
 */
final class Report {
  private static final JsonMapper JSON =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final PrintWriter out;

  Report(PrintWriter out) {
    this.out = out;
  }

  /**
   * Whether not all of it reached the output, as on a full disk. The writer of the command line
   * does not hear of what its stream is refused.
   */
  boolean isCutOff() {
    return out.checkError() || System.out.checkError();
  }

  /** What to print where a removal has no answer. */
  static JsonNode removed(String id) {
    return JSON.createObjectNode().put("removed", id);
  }

  /** Some objects, as a list. */
  static JsonNode list(List<JsonNode> objects) {
    return JSON.createArrayNode().addAll(objects);
  }

  /** The same under a name, and how many they are. */
  static JsonNode list(String name, List<JsonNode> objects) {
    return JSON.createObjectNode().put("total", objects.size()).set(name, list(objects));
  }

  /** The answer as it came. */
  void json(JsonNode answer) {
    out.println(JSON.writeValueAsString(answer));
  }

  /** A sentence. */
  void line(String text) {
    out.println(plain(text));
  }

  /** An object's members, one a line. */
  void members(JsonNode object) {
    int width = object.propertyNames().stream().mapToInt(String::length).max().orElse(0);
    for (Map.Entry<String, JsonNode> member : object.properties()) {
      line(padded(member.getKey(), width) + "  " + text(member.getValue()));
    }
  }

  /** A list of objects, one a line, with the members that are named. */
  void table(JsonNode list, String... columns) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of(columns));
    for (JsonNode entry : list) {
      rows.add(List.of(columns).stream().map(column -> text(entry.at("/" + column))).toList());
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns.length; i++) {
        line.append(padded(row.get(i), width(rows, i))).append("  ");
      }
      line(line.toString().stripTrailing());
    }
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(Math.max(0, width - text.length()));
  }

  private static String text(JsonNode value) {
    if (value.isMissingNode() || value.isNull()) {
      return "-";
    }
    if (value.isContainer()) {
      return value.toString();
    }
    String text = value.asString().strip();
    return text.isEmpty() ? "-" : text;
  }

  /** A text without characters that a terminal could act on. */
  static String plain(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    text.codePoints().forEach(c -> plain.appendCodePoint(isHarmless(c) ? c : '\uFFFD'));
    return plain.toString();
  }

  private static boolean isHarmless(int c) {
    int type = Character.getType(c);
    return type != Character.CONTROL
        && type != Character.FORMAT
        && type != Character.SURROGATE
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR;
  }
}
