package dev.yaoku.server;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options by which a command that opens a store finds it. */
final class ConfigOptions {
  @Option(names = "--data", paramLabel = "DIR", description = "Data directory (./yaoku-data).")
  private @Nullable Path data;

  @Option(names = "--config", paramLabel = "FILE", description = "Configuration file (TOML).")
  private @Nullable Path file;

  /** The data directory that was named; null if none was. */
  @Nullable Path data() {
    return data;
  }

  /**
   * Reads the configuration.
   *
   * @param options what else was said on the command line, by the names of settings; nulls were not
   * @throws ConfigException if it has faults
   */
  Config read(Map<String, @Nullable String> options) {
    Map<String, String> overrides = new HashMap<>();
    if (data != null) {
      overrides.put("data", data.toString());
    }
    options.forEach((setting, value) -> {
      if (value != null) {
        overrides.put(setting, value);
      }
    });
    return ConfigReader.read(file, System.getenv(), overrides);
  }
}
