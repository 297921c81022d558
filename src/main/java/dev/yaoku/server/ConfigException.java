package dev.yaoku.server;

import java.util.List;

/** The configuration has faults; all of them are in the message. The server does not start. */
public final class ConfigException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<String> faults;

  ConfigException(List<String> faults) {
    super("The configuration has faults:\n  " + String.join("\n  ", faults));
    this.faults = List.copyOf(faults);
  }

  /** One sentence a fault. */
  public List<String> faults() {
    return faults;
  }
}
