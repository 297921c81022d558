package dev.yaoku.server;

import tools.jackson.databind.JsonNode;

/** How the value of a setting is written in TOML. */
enum TomlType {
  TEXT("in quotes"),
  WHOLE("without quotes"),
  TOGGLE("without quotes"),
  /** A word that is a number: either way. */
  NUMBER_WORD("a number"),
  LIST("texts in brackets");

  private final String form;

  TomlType(String form) {
    this.form = form;
  }

  static TomlType of(Kind kind) {
    return switch (kind) {
      case Kind.Toggle _ -> TOGGLE;
      case Kind.Whole _ -> WHOLE;
      case Kind.OneOf(var words) ->
          words.stream().allMatch(word -> word.matches("[0-9]+")) ? NUMBER_WORD : TEXT;
      case Kind.Networks _, Kind.Uuids _, Kind.Hosts _, Kind.Names _ -> LIST;
      case Kind.Text _,
          Kind.Size _,
          Kind.Span _,
          Kind.Address _,
          Kind.File _,
          Kind.Reference _,
          Kind.Name _ ->
          TEXT;
    };
  }

  /** Whether the value is written so. */
  boolean is(JsonNode value) {
    return switch (this) {
      case TEXT -> value.isString();
      case WHOLE -> value.isIntegralNumber();
      case TOGGLE -> value.isBoolean();
      case NUMBER_WORD -> value.isString() || value.isIntegralNumber();
      case LIST -> value.isArray() && value.valueStream().allMatch(JsonNode::isString);
    };
  }

  /** How it is to be written, for people. */
  String form() {
    return form;
  }
}
