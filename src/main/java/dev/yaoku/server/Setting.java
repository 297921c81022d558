package dev.yaoku.server;

import java.util.Locale;

/**
 * One setting.
 *
 * @param name dotted, such as {@code limits.header-bytes}
 * @param kind what it may hold
 * @param preset its value where nothing is said, as text
 * @param what what it does, for the page that lists all settings
 */
record Setting(String name, Kind kind, String preset, String what) {
  /** The part before the dot, empty for the settings at the top. */
  String section() {
    int dot = name.lastIndexOf('.');
    return dot < 0 ? "" : name.substring(0, dot);
  }

  /** The environment variable that overrides it. */
  String variable() {
    return "YAOKU_" + name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /** The value where nothing is said. */
  Object value() {
    return kind.many() ? kind.readList(preset) : kind.read(preset);
  }
}
