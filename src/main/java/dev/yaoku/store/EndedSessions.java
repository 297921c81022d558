package dev.yaoku.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Those whose sessions were all ended: users, and agencies, whose role is played. One row says so,
 * however many sessions there are; theirs go later, a few at a time (ADR 38).
 *
 * <p>Whose they are is what the database says, genuine or not: what is not genuine counts anyway
 * for nobody, and what ends too early harms nobody.
 */
final class EndedSessions {
  static final String TABLE = "ended_sessions";

  /** Leaves out of a query of tokens those that were ended. */
  static final String NO_ENDED_TOKEN = notEnded(Tables.TOKEN);

  /** The same of temporary access keys. */
  static final String NO_ENDED_TEMPORARY_KEY = notEnded(Tables.TEMPORARY_KEY);

  /** To mark ten thousand one by one would keep others waiting where the database is far away. */
  private static final int MARKED_AT_ONCE = 100;

  private static final String MARK_ONE = mark(1);
  private static final String MARK_MANY = mark(MARKED_AT_ONCE);

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

  /** Takes so many ids; says who of them has sessions and was not marked. */
  static String mark(int ids) {
    return """
    WITH asked (id) AS (VALUES %s)
    INSERT INTO ended_sessions (holder) SELECT asked.id FROM asked
    WHERE EXISTS (SELECT 1 FROM token WHERE "user" = asked.id)
    OR EXISTS (SELECT 1 FROM token WHERE agency = asked.id)
    OR EXISTS (SELECT 1 FROM temporary_key WHERE "user" = asked.id)
    OR EXISTS (SELECT 1 FROM temporary_key WHERE agency = asked.id)
    ON CONFLICT (holder) DO NOTHING
    RETURNING holder
    """
        .formatted(String.join(", ", Collections.nCopies(ids, "(?)")));
  }

  private static String removal(Table table, String column) {
    String key = table.primaryKey().getFirst();
    return "DELETE FROM %1$s WHERE %2$s IN (SELECT %2$s FROM %1$s WHERE \"%3$s\" = ? LIMIT ?)"
        .formatted(table.name(), key, column);
  }

  /** Ends all sessions of users and agencies; says who of them had any that were not ended. */
  static List<String> mark(Statements sql, Collection<String> holders) {
    List<String> marked = new ArrayList<>();
    List<String> all = List.copyOf(holders);
    for (int from = 0; from < all.size(); from += MARKED_AT_ONCE) {
      List<String> some = all.subList(from, Math.min(from + MARKED_AT_ONCE, all.size()));
      if (some.size() == 1) {
        marked.addAll(sql.list(MARK_ONE, Statements.TEXT, some.getFirst()));
      } else {
        marked.addAll(sql.list(MARK_MANY, Statements.TEXT, filledUp(some)));
      }
    }
    return marked;
  }

  /** Asks the last one again and again, so that two statements do for any number. */
  private static Object[] filledUp(List<String> some) {
    List<String> filled = new ArrayList<>(some);
    filled.addAll(Collections.nCopies(MARKED_AT_ONCE - some.size(), some.getLast()));
    return filled.toArray();
  }

  /**
   * Refuses a session that is issued now, as it would be among those that were ended.
   *
   * @throws SessionsEnding as long as ended ones are still there
   */
  static void mustNotBeEnding(Statements sql, String user, @Nullable String agency) {
    among(sql, user, agency)
        .ifPresent(holder -> {
          throw new SessionsEnding(holder);
        });
  }

  /** One of these whose ended sessions are still there. */
  static Optional<String> among(Statements sql, String user, @Nullable String agency) {
    return sql.first(
        "SELECT holder FROM ended_sessions WHERE holder IN (?, ?) LIMIT 1",
        Statements.TEXT,
        user,
        agency);
  }

  /** Removes so many ended sessions at most, whosesoever, and the rows of those without more. */
  static int remove(Statements sql, int most) {
    int removed = 0;
    for (String holder :
        sql.list("SELECT holder FROM ended_sessions LIMIT ?", Statements.TEXT, most)) {
      removed += removeOfMarked(sql, holder, most - removed);
      if (removed >= most) {
        return removed;
      }
    }
    return removed;
  }

  /** The same of one; whoever is not marked has sessions that count. */
  static int remove(Statements sql, String holder, int most) {
    return among(sql, holder, null).isEmpty() ? 0 : removeOfMarked(sql, holder, most);
  }

  private static int removeOfMarked(Statements sql, String holder, int most) {
    int removed = 0;
    for (String removal : REMOVALS) {
      if (removed < most) {
        removed += sql.execute(removal, holder, most - removed);
      }
    }
    if (removed < most) {
      sql.execute("DELETE FROM ended_sessions WHERE holder = ?", holder);
    }
    return removed;
  }
}
