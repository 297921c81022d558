package dev.yaoku.server;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.toml.TomlMapper;

/**
 * Reads the configuration from file, environment and command line, and names all faults at once.
 */
public final class ConfigReader {
  private static final Set<String> SECTION_NAMES =
      Settings.ALL.stream().map(Setting::section).collect(Collectors.toUnmodifiableSet());

  private final List<String> faults = new ArrayList<>();

  /** Sections with faults: what must hold between settings is not asked of these. */
  private final Set<String> spoilt = new HashSet<>();

  private final Map<String, Object> values = new HashMap<>();

  private ConfigReader() {}

  /**
   * Reads a file and what overrides it.
   *
   * @param file a TOML file, or null for none
   * @param environment variables; those that begin with {@code YAOKU_} count
   * @param commandLine values by setting name, which override everything
   * @throws ConfigException with every fault there is
   */
  public static Config read(
      @Nullable Path file, Map<String, String> environment, Map<String, String> commandLine) {
    if (file == null) {
      return read("", environment, commandLine);
    }
    try {
      return read(Files.readString(file), environment, commandLine);
    } catch (CharacterCodingException notText) {
      throw new ConfigException(List.of(file + " is not UTF-8 text."));
    } catch (NoSuchFileException none) {
      throw new ConfigException(List.of("The configuration file " + file + " does not exist."));
    } catch (AccessDeniedException denied) {
      throw new ConfigException(
          List.of("The configuration file " + file + " may not be read by this user."));
    } catch (IOException unreadable) {
      throw new ConfigException(
          List.of(file + " cannot be read: " + unreadable.getMessage() + "."));
    }
  }

  static Config read(
      String toml, Map<String, String> environment, Map<String, String> commandLine) {
    ConfigReader reader = new ConfigReader();
    reader.readToml(toml);
    reader.readEnvironment(environment);
    commandLine.forEach((name, text) -> reader.take(name, name, text));
    reader.refuseStrays(environment);
    ConfigRules.check(new Values(reader.values), reader.faults, reader.spoilt);
    if (!reader.faults.isEmpty()) {
      throw new ConfigException(reader.faults);
    }
    return new Values(reader.values).config();
  }

  private void readToml(String toml) {
    try {
      readTable("", TomlMapper.shared().readTree(toml), new Lines(toml));
    } catch (JacksonException malformed) {
      spoilt.addAll(SECTION_NAMES); // nothing is known of what stands there
      var where = malformed.getLocation();
      faults.add(
          "line "
              + (where == null ? 0 : where.getLineNr())
              + ": this is not TOML ("
              + malformed.getOriginalMessage()
              + ").");
    }
  }

  private void readTable(String prefix, JsonNode table, Lines lines) {
    for (Map.Entry<String, JsonNode> member : table.properties()) {
      String name = prefix + member.getKey();
      JsonNode value = member.getValue();
      if (value.isObject()) {
        readTable(name + ".", value, lines);
      } else {
        read(name, value, lines.of(name) + ": " + name);
      }
    }
  }

  private void read(String name, JsonNode value, String where) {
    Setting setting = Settings.BY_NAME.get(name);
    if (setting == null) {
      fault(name, where + " is no setting." + Nearest.to(name));
      return;
    }
    TomlType type = TomlType.of(setting.kind());
    if (!type.is(value)) {
      fault(name, where + " must be " + setting.kind().allowed() + " (" + type.form() + ").");
    } else if (value.isArray()) {
      take(where, name, value.valueStream().map(JsonNode::asString).collect(joining(",")));
    } else {
      take(where, name, value.asString());
    }
  }

  private void fault(String name, String sentence) {
    faults.add(sentence);
    spoilt.add(name.substring(0, Math.max(0, name.lastIndexOf('.'))));
  }

  private void readEnvironment(Map<String, String> environment) {
    Map<String, Setting> byVariable =
        Settings.ALL.stream().collect(Collectors.toMap(Setting::variable, setting -> setting));
    new TreeMap<>(environment)
        .forEach((variable, text) -> {
          Setting setting = byVariable.get(variable);
          if (setting != null) {
            take(variable, setting.name(), text);
          }
        });
  }

  /** Variables that look like settings, once it is known where secrets are. */
  private void refuseStrays(Map<String, String> environment) {
    Set<String> known =
        Settings.ALL.stream().map(Setting::variable).collect(Collectors.toCollection(HashSet::new));
    for (Object value : values.values()) {
      if (value instanceof Config.SecretReference secret) {
        secret.variable().ifPresent(known::add);
      }
    }
    new TreeMap<>(environment)
        .forEach((variable, text) -> {
          if (!known.contains(variable) && Variables.isStray(variable, text)) {
            faults.add(variable + " is the variable of no setting." + Variables.nearest(variable));
            spoilt.addAll(SECTION_NAMES); // it may have been meant for any
          }
        });
  }

  private void take(String where, String name, String text) {
    Setting setting = Settings.BY_NAME.get(name);
    if (setting == null) {
      fault(name, where + " is no setting.");
      return;
    }
    try {
      values.put(
          name, setting.kind().many() ? setting.kind().readList(text) : setting.kind().read(text));
    } catch (IllegalArgumentException | ArithmeticException wrong) {
      // The text itself is not repeated: it may be a secret that should have been a reference.
      fault(name, where + " must be " + setting.kind().allowed() + ".");
    }
  }

  /** The setting that was perhaps meant. */
  private static final class Nearest {
    static String to(String name) {
      String last = name.substring(name.lastIndexOf('.') + 1).replace('_', '-');
      return Settings.ALL.stream()
          .map(Setting::name)
          .filter(known -> known.substring(known.lastIndexOf('.') + 1).equals(last))
          .findFirst()
          .map(known -> " Perhaps " + known + "?")
          .orElse("");
    }
  }

  /** Where keys stand in the text; TOML's reader does not say. */
  private static final class Lines {
    private final Map<String, Integer> byName = new HashMap<>();

    Lines(String toml) {
      String section = "";
      int number = 0;
      for (String line : toml.split("\n", -1)) {
        number++;
        String text = line.strip();
        int equals = text.indexOf('=');
        if (text.startsWith("[") && text.indexOf(']') > 0) {
          section = text.substring(1, text.indexOf(']')).strip() + ".";
        } else if (equals > 0 && !text.startsWith("#")) {
          String key = text.substring(0, equals).replace("\"", "").replace(" ", "");
          byName.putIfAbsent(section + key, number);
        }
      }
    }

    String of(String name) {
      Integer line = byName.get(name);
      return line == null ? "file" : "line " + line;
    }
  }
}
