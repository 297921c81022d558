package dev.yaoku.service;

/** What answers to a success have as their status, for the events of changes. */
final class Statuses {
  static final int OK = 200;
  static final int CREATED = 201;
  static final int NO_CONTENT = 204;

  private Statuses() {}
}
