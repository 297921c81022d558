package dev.yaoku.server;

/** The page that documents every setting, {@code docs/configuration.md}. */
final class SettingsPage {
  private static final String HEAD =
      """
      # Configuration

      `./yaoku serve --config FILE` reads a TOML file. Every key can be left out. An environment
      variable overrides the file: `YAOKU_` and the key in capitals, dots and hyphens as
      underscores (`limits.header-bytes` is `YAOKU_LIMITS_HEADER_BYTES`); lists are parted by
      commas there. The command line overrides both. A key or such a variable that is not on this
      page stops the start, and all faults are named at once; passed over are `YAOKU_ENDPOINT` and
      `YAOKU_JAVA_OPTS`, which others read, what Kubernetes says of services, and what holds a
      secret. Secrets are never written here: `file:PATH` and `env:NAME` say where they are.

      In the file, whole numbers, `true` and `false` stand without quotes, lists in brackets,
      and all else in quotes. Sizes are written `"512B"`, `"64KiB"`, `"1MiB"`; times `"500ms"`,
      `"30s"`, `"15m"`, `"24h"`, `"7d"`. Paths that do not begin with a slash count from the directory
      that the server is started in; under systemd that is `/`.
      """;

  private SettingsPage() {}

  /** The page as it is now. */
  static String text() {
    StringBuilder page = new StringBuilder(HEAD);
    String section = "-";
    for (Setting setting : Settings.ALL) {
      if (!setting.section().equals(section)) {
        section = setting.section();
        page.append(section.isEmpty() ? "\n## At the top\n" : "\n## `[" + section + "]`\n")
            .append("\n| Key | Default | Allowed | What it does |\n|---|---|---|---|\n");
      }
      String key = setting.name().substring(section.isEmpty() ? 0 : section.length() + 1);
      page.append("| `").append(key).append("` | ");
      page.append(setting.preset().isEmpty() ? "empty" : "`" + setting.preset() + "`");
      page.append(" | ").append(setting.kind().allowed());
      page.append(" | ").append(setting.what()).append(" |\n");
    }
    return page.toString();
  }
}
