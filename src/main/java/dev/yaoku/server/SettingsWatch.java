package dev.yaoku.server;

import dev.yaoku.store.Store;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the operator where servers of one database do not have alike what they must. Each notes its
 * settings there when it starts, so that it sees those of the one that started before it, and that
 * one hears of it later. Nothing is refused: settings are changed server by server.
 */
final class SettingsWatch {
  static final String SETTING = "settings-of-all";

  private static final Logger LOG = LoggerFactory.getLogger(SettingsWatch.class);

  private final Store store;
  private final SharedSettings own;
  private volatile boolean noted;
  private volatile List<SharedSettings.Difference> differences = List.of();

  SettingsWatch(Store store, SharedSettings own) {
    this.store = store;
    this.own = own;
  }

  /** Says what the server that started last had otherwise, and notes what this one has. */
  void start() {
    if (!store.isShared()) {
      return;
    }
    Optional<String> before =
        store.write(tx -> {
          Optional<String> lines = tx.setting(SETTING);
          tx.noteSetting(SETTING, own.lines());
          return lines;
        });
    noted = true;
    for (SharedSettings.Difference each : differencesFrom(before)) {
      LOG.warn(
          "The server that last started on this database had {} = {}, this one has {}. If another"
              + " one runs, give all the same.",
          each.name(),
          each.others(),
          each.own());
    }
  }

  /** Says once what a server that started later has otherwise. To be called by housekeeping. */
  void look() {
    if (!noted) {
      return; // what is there is of a server that started before
    }
    List<SharedSettings.Difference> found = differencesFrom(store.read(tx -> tx.setting(SETTING)));
    for (SharedSettings.Difference each : found) {
      if (!differences.contains(each)) {
        LOG.warn(
            "A server that started later on this database has {} = {}, this one has {}. Give all"
                + " the same.",
            each.name(),
            each.others(),
            each.own());
      }
    }
    differences = found;
  }

  /** Whether the server that started last has something otherwise, as the last look found. */
  boolean differ() {
    return !differences.isEmpty();
  }

  private List<SharedSettings.Difference> differencesFrom(Optional<String> lines) {
    return lines.map(SharedSettings::read).map(own::differencesFrom).orElse(List.of());
  }
}
