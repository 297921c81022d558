package dev.yaoku.store;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Whether administrators have names in certificates, asked so that it takes no longer the more
 * names others have.
 */
final class NamedAdministrators {
  /** Takes the account. SQLite keeps to this order of tables: administrators are few. */
  static final String CLIENT_CAS =
      """
      SELECT DISTINCT c.ca FROM "user" u CROSS JOIN certificate_user c
      WHERE u.account = ? AND u.administrator = 1 AND c.account = u.account AND c.user_id = u.id
      """;

  /** So many names are asked about; of more, those of administrators are read. */
  private static final int ASKED_MAX = 10;

  /** Takes the account twice, then {@value #ASKED_MAX} names. */
  static final String SOME_NAME =
      """
      SELECT 1 FROM certificate_user WHERE account = ?
      AND ca IN (SELECT name FROM client_ca WHERE account = ?) AND name IN (%s)
      AND EXISTS (SELECT 1 FROM "user" WHERE id = user_id AND administrator = 1) LIMIT 1
      """
          .formatted(String.join(", ", Collections.nCopies(ASKED_MAX, "?")));

  /** Takes the account. */
  static final String NAMES =
      """
      SELECT c.name FROM "user" u CROSS JOIN certificate_user c
      WHERE u.account = ? AND u.administrator = 1 AND c.account = u.account AND c.user_id = u.id
      """;

  private NamedAdministrators() {}

  /** The issuers in whose certificates they have any. */
  static List<String> clientCas(Statements sql, String account) {
    return sql.list(CLIENT_CAS, Statements.TEXT, account);
  }

  /** Whether one of these names is an administrator's. */
  static boolean haveOneOf(Statements sql, String account, Set<String> names) {
    if (names.isEmpty()) {
      return false;
    }
    return names.size() <= ASKED_MAX
        ? sql.first(SOME_NAME, Statements.NUMBER, filledUp(account, names)).isPresent()
        : sql.list(NAMES, Statements.TEXT, account).stream().anyMatch(names::contains);
  }

  /** Asks about the last one again and again, so that one statement does for any number. */
  private static Object[] filledUp(String account, Set<String> names) {
    List<String> all = new ArrayList<>(List.of(account, account));
    all.addAll(names);
    all.addAll(Collections.nCopies(ASKED_MAX - names.size(), all.getLast()));
    return all.toArray();
  }
}
