package dev.yaoku.store;

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

  /** Takes the account; by administrators, too, as names that are asked about can be many. */
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
    return sql.list(NAMES, Statements.TEXT, account).stream().anyMatch(names::contains);
  }
}
