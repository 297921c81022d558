package dev.yaoku.store;

import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;

/**
 * Whether administrators have names in certificates, asked so that it takes no longer the more
 * names others have.
 */
final class NamedAdministrators {
  private static final int ASKED_AT_ONCE = 100;

  /** Takes the account. SQLite keeps to this order of tables: administrators are few. */
  static final String CLIENT_CAS =
      """
      SELECT DISTINCT c.ca FROM "user" u CROSS JOIN certificate_user c
      WHERE u.account = ? AND u.administrator = 1 AND c.account = u.account AND c.user_id = u.id
      """;

  /** Takes the account twice, then so many names. */
  static final String SOME_NAME =
      """
      SELECT 1 FROM certificate_user WHERE account = ?
      AND ca IN (SELECT name FROM client_ca WHERE account = ?) AND name IN (%s)
      AND EXISTS (SELECT 1 FROM "user" WHERE id = user_id AND administrator = 1) LIMIT 1
      """
          .formatted(String.join(", ", Collections.nCopies(ASKED_AT_ONCE, "?")));

  private NamedAdministrators() {}

  /** The issuers in whose certificates they have any. */
  static List<String> clientCas(Statements sql, String account) {
    return sql.list(CLIENT_CAS, Statements.TEXT, account);
  }

  /** Whether one of these names is an administrator's. */
  static boolean haveOneOf(Statements sql, String account, Collection<String> names) {
    return Portions.of(names, ASKED_AT_ONCE).stream()
        .anyMatch(some -> sql.first(SOME_NAME, Statements.NUMBER, of(account, some)).isPresent());
  }

  private static Object[] of(String account, List<String> names) {
    return Stream.concat(Stream.of(account, account), names.stream()).toArray();
  }
}
