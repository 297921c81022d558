package dev.yaoku.server;

/** How much the server says of itself. */
public final class Logs {
  private Logs() {}

  /** Sets the level for all loggers that are made from now on; call it before anything logs. */
  public static void configure(Config.Log log) {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", log.level());
  }
}
