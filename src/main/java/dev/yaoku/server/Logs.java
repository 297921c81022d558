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
      // The pool logs each failed connection with its stack trace; we say in a line that it failed.
      System.setProperty("org.slf4j.simpleLogger.log." + POOL, "off");
    }
  }
}
