package dev.yaoku.store;

import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Refused requests, as rows and back. They decide nothing, so they have no MAC. */
final class RefusalRows {
  private static final String COLUMNS =
      """
      request_id, at, account, project, user_id, user_name, credential, source, action, resource,
      status, code, outcome, policy_id, policy_name, statement, sid
      """;
  private static final String SELECT = "SELECT " + COLUMNS + "FROM refusal WHERE request_id = ?";
  private static final String INSERT =
      "INSERT INTO refusal ("
          + COLUMNS
          + ") VALUES (?"
          + ", ?".repeat(16)
          + ") ON CONFLICT (request_id) DO NOTHING";
  private static final String FORGET =
      "DELETE FROM refusal WHERE request_id IN (SELECT request_id FROM refusal WHERE ";

  private RefusalRows() {}

  static Optional<Refusal> of(Statements sql, String requestId) {
    return sql.first(SELECT, RefusalRows::refusal, requestId);
  }

  private static Refusal refusal(Columns row) throws SQLException {
    return new Refusal(
        row.text(1),
        Instant.ofEpochMilli(row.number(2)),
        row.text(3),
        row.text(4),
        row.text(5),
        row.text(6),
        row.text(7),
        row.text(8),
        row.text(9),
        row.text(10),
        Math.toIntExact(row.number(11)),
        row.text(12),
        row.text(13),
        row.text(14),
        row.text(15),
        Math.toIntExact(row.number(16)),
        row.text(17));
  }

  static void insert(Statements sql, Refusal refusal) {
    sql.execute(
        INSERT,
        refusal.requestId(),
        refusal.at().toEpochMilli(),
        refusal.account(),
        refusal.project(),
        refusal.user(),
        refusal.userName(),
        refusal.credential(),
        refusal.source(),
        refusal.action(),
        refusal.resource(),
        refusal.status(),
        refusal.code(),
        refusal.outcome(),
        refusal.policyId(),
        refusal.policyName(),
        refusal.statement(),
        refusal.sid());
  }

  static long count(Statements sql, String account) {
    return sql.number("SELECT count(*) FROM refusal WHERE account = ?", account);
  }

  static int forgetBefore(Statements sql, long epochMillis, int most) {
    return sql.execute(FORGET + "at < ? LIMIT ?)", epochMillis, most);
  }

  static int forgetOldest(Statements sql, String account, int kept, int most) {
    long tooMany = count(sql, account) - kept;
    return tooMany <= 0
        ? 0
        : sql.execute(
            FORGET + "account = ? ORDER BY at LIMIT ?)", account, Math.min(tooMany, most));
  }
}
