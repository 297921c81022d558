package dev.yaoku.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;

/** Refused requests, as rows and back. They decide nothing, so they have no MAC. */
final class RefusalRows {
  private static final String FORGET =
      "DELETE FROM refusal WHERE request_id IN (SELECT request_id FROM refusal WHERE ";

  private RefusalRows() {}

  static Refusal refusal(ResultSet row) throws SQLException {
    return new Refusal(
        row.getString("request_id"),
        Instant.ofEpochMilli(row.getLong("at")),
        row.getString("account"),
        row.getString("project"),
        row.getString("user_id"),
        row.getString("user_name"),
        row.getString("credential"),
        row.getString("source"),
        row.getString("action"),
        row.getString("resource"),
        row.getInt("status"),
        row.getString("code"),
        row.getString("outcome"),
        row.getString("policy_id"),
        row.getString("policy_name"),
        row.getInt("statement"),
        row.getString("sid"));
  }

  static void insert(Statements sql, Refusal refusal) {
    sql.execute(
        """
        INSERT INTO refusal (request_id, at, account, project, user_id, user_name, credential,
          source, action, resource, status, code, outcome, policy_id, policy_name, statement, sid)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (request_id) DO NOTHING
        """,
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
