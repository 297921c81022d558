package dev.yaoku.server;

import static java.util.stream.Collectors.joining;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The settings that all servers of one database must have alike: what one of them permits or
 * destroys, it does for all. Of files, whose places differ by machine, only whether there is one
 * counts. None is a secret.
 *
 * @param values as text, by the setting's name
 */
public record SharedSettings(SortedMap<String, String> values) {
  static final List<String> NAMES =
      List.of(
          "auth.clock-window",
          "auth.replay",
          "auth.token-expired-status",
          "auth.token-life",
          "auth.unsigned-bodies",
          "contract.alias-list",
          "contract.duplicate-names",
          "contract.flat-errors-too",
          "contract.free-alias-moves",
          "contract.import-oaep-sha1",
          "contract.list-without-spec",
          "contract.lock-out",
          "crypto.sm",
          "federation.hosts",
          "federation.key-files",
          "federation.networks",
          "federation.root-certificates",
          "federation.token-life",
          "grants.cascade",
          "keys.purge-grace",
          "keyspaces.allowed",
          "keyspaces.private-key-once",
          "quotas.access-points",
          "quotas.aliases",
          "quotas.grants",
          "quotas.keys",
          "quotas.tags",
          "regions.name",
          "regions.others",
          "tls.client-revocation-lists");

  static SharedSettings of(Values values) {
    return new SharedSettings(
        NAMES.stream()
            .collect(
                Collectors.toMap(
                    name -> name, name -> text(values.value(name)), (a, _) -> a, TreeMap::new)));
  }

  private static String text(Object value) {
    return switch (value) {
      case Duration time -> Kind.Span.written(time);
      case Path file -> file.toString().isEmpty() ? "empty" : "set";
      case List<?> none when none.isEmpty() -> "empty";
      case List<?> many -> many.stream().map(Object::toString).sorted().collect(joining(", "));
      default -> value.toString();
    };
  }

  /** One line each, sorted, such as {@code keys.purge-grace=7d}. */
  String lines() {
    return values.entrySet().stream()
        .map(each -> each.getKey() + "=" + each.getValue())
        .collect(joining("\n"));
  }

  /** What such lines say; settings that this program does not know are passed over. */
  static SharedSettings read(String lines) {
    SortedMap<String, String> read = new TreeMap<>();
    for (String line : lines.split("\n", -1)) {
      int equals = line.indexOf('=');
      if (equals > 0 && NAMES.contains(line.substring(0, equals))) {
        read.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return new SharedSettings(read);
  }

  /** A setting that two servers do not have alike. */
  record Difference(String name, String own, String others) {}

  /** What differs from those of another server, of settings that both know. */
  List<Difference> differencesFrom(SharedSettings others) {
    return values.entrySet().stream()
        .filter(each -> differs(each, others))
        .map(each ->
            new Difference(
                each.getKey(), each.getValue(), others.values.getOrDefault(each.getKey(), "")))
        .toList();
  }

  private static boolean differs(Map.Entry<String, String> own, SharedSettings others) {
    return !others.values.getOrDefault(own.getKey(), own.getValue()).equals(own.getValue());
  }
}
