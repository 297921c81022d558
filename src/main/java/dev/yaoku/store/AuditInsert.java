package dev.yaoku.store;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Appends events, several rows by one statement: the hottest of all that change rows. */
final class AuditInsert {
  private static final int[] ROWS = {16, 4, 1};
  private static final int COLUMNS = 3;
  private static final String[] INSERTS = new String[ROWS.length];

  static {
    for (int i = 0; i < ROWS.length; i++) {
      INSERTS[i] =
          "INSERT INTO audit (at, account, entry) VALUES (?, ?, ?)"
              + ", (?, ?, ?)".repeat(ROWS[i] - 1);
    }
  }

  private AuditInsert() {}

  static void insert(Statements sql, List<AuditRow> events) {
    int done = 0;
    for (int i = 0; i < ROWS.length; i++) {
      for (; events.size() - done >= ROWS[i]; done += ROWS[i]) {
        sql.execute(INSERTS[i], parameters(events.subList(done, done + ROWS[i])));
      }
    }
  }

  private static @Nullable Object[] parameters(List<AuditRow> events) {
    @Nullable Object[] parameters = new @Nullable Object[COLUMNS * events.size()];
    int place = 0;
    for (AuditRow event : events) {
      parameters[place] = event.atMillis();
      parameters[place + 1] = event.account();
      parameters[place + 2] = event.entry();
      place += COLUMNS;
    }
    return parameters;
  }
}
