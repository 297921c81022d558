package dev.yaoku.server;

import java.util.Set;

/** How much the server says of itself. */
public final class Logs {
  private static final Set<String> DETAILED = Set.of("debug", "trace");
  private static final String POOL = "com.zaxxer.hikari";

  private Logs() {}

  /** Sets the level for all loggers that are made from now on; call it before anything logs. */
  public static void configure(Config.Log log) {
    System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", log.level());
    if (!DETAILED.contains(log.level())) {
      // Each try to reach a database is a line and a stack trace; that it fails we say ourselves.
      System.setProperty("org.slf4j.simpleLogger.log." + POOL, "off");
    }
  }
}
