package dev.yaoku.service;

/** The statuses with which changes that succeed are answered, for their events. */
final class Statuses {
  static final int OK = 200;
  static final int CREATED = 201;
  static final int NO_CONTENT = 204;

  private Statuses() {}
}
