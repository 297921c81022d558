package dev.yaoku.store;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Those whose sessions were all ended: users, and agencies, whose role is played. One row says so,
 * however many sessions there are; theirs go later, a few at a time (ADR 38).
 *
 * <p>All of it is done by what the database says, genuine or not: what ends too early harms nobody.
 */
final class EndedSessions {
  static final String TABLE = "ended_sessions";

  /** Leaves out of a query of tokens those that were ended. */
  static final String NO_ENDED_TOKEN = notEnded(Tables.TOKEN);

  /** The same of temporary access keys. */
  static final String NO_ENDED_TEMPORARY_KEY = notEnded(Tables.TEMPORARY_KEY);

  /** Takes the id five times; changes nothing where there is no session, or the row is there. */
  static final String MARK =
      """
      INSERT INTO ended_sessions (holder) SELECT ?
      WHERE EXISTS (SELECT 1 FROM token WHERE "user" = ?)
      OR EXISTS (SELECT 1 FROM token WHERE agency = ?)
      OR EXISTS (SELECT 1 FROM temporary_key WHERE "user" = ?)
      OR EXISTS (SELECT 1 FROM temporary_key WHERE agency = ?)
      ON CONFLICT (holder) DO NOTHING
      """;

  /** Each takes an id and how many rows go at most. */
  static final List<String> REMOVALS =
      List.of(
          removal(Tables.TOKEN, "user"),
          removal(Tables.TOKEN, "agency"),
          removal(Tables.TEMPORARY_KEY, "user"),
          removal(Tables.TEMPORARY_KEY, "agency"));

  private EndedSessions() {}

  private static String notEnded(Table table) {
    return " AND NOT EXISTS (SELECT 1 FROM ended_sessions"
        + " WHERE holder IN (%1$s.\"user\", %1$s.agency))".formatted(table.name());
  }

  private static String removal(Table table, String column) {
    String key = table.primaryKey().getFirst();
    return "DELETE FROM %1$s WHERE %2$s IN (SELECT %2$s FROM %1$s WHERE \"%3$s\" = ? LIMIT ?)"
        .formatted(table.name(), key, column);
  }

  /** Ends all sessions of a user or an agency; says whether there were any that counted. */
  static boolean mark(Statements sql, String holder) {
    return sql.execute(MARK, holder, holder, holder, holder, holder) == 1;
  }

  /** One of these whose ended sessions are still there. */
  static Optional<String> among(Statements sql, String user, @Nullable String agency) {
    return sql.first(
        "SELECT holder FROM ended_sessions WHERE holder IN (?, ?) LIMIT 1",
        Statements.TEXT,
        user,
        agency);
  }

  /** So many of those whose ended sessions are still there. */
  static List<String> holders(Statements sql, int most) {
    return sql.list("SELECT holder FROM ended_sessions LIMIT ?", Statements.TEXT, most);
  }

  /** Removes so many sessions of these at most, and the rows of those who have no more. */
  static int remove(Statements sql, List<String> holders, int most) {
    int removed = 0;
    for (String holder : holders) {
      removed += removeOf(sql, holder, most - removed);
      if (removed >= most) {
        return removed;
      }
      sql.execute("DELETE FROM ended_sessions WHERE holder = ?", holder);
    }
    return removed;
  }

  private static int removeOf(Statements sql, String holder, int most) {
    int removed = 0;
    for (String removal : REMOVALS) {
      if (removed < most) {
        removed += sql.execute(removal, holder, most - removed);
      }
    }
    return removed;
  }
}
