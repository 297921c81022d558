package dev.yaoku.store;

import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.KeyPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads key spaces by SQL that both engines speak. */
class SqlKeySpaceReading implements KeySpaceReading {
  private final CheckedRows sql;

  SqlKeySpaceReading(CheckedRows sql) {
    this.sql = sql;
  }

  @Override
  public Optional<KeyPolicy> keyPolicy(String project, String id) {
    return sql.row(Tables.KEY_POLICY, "WHERE id = ?", id)
        .map(KeySpaceRows::keyPolicy)
        .filter(policy -> policy.project().equals(project));
  }

  @Override
  public List<KeyPolicy> keyPolicies(String project, String keySpace, String after, int limit) {
    return page(Tables.KEY_POLICY, project, keySpace, after, limit).stream()
        .map(KeySpaceRows::keyPolicy)
        .toList();
  }

  @Override
  public boolean keyPolicyNamed(String project, String keySpace, String name) {
    return sql.exists(
        "SELECT 1 FROM key_policy WHERE project = ? AND key_space = ? AND name = ?",
        project,
        keySpace,
        name);
  }

  @Override
  public Optional<AccessPoint> accessPoint(String project, String id) {
    return sql.row(Tables.ACCESS_POINT, "WHERE id = ?", id)
        .map(KeySpaceRows::accessPoint)
        .filter(accessPoint -> accessPoint.project().equals(project));
  }

  @Override
  public List<AccessPoint> accessPoints(String project, String keySpace, String after, int limit) {
    return page(Tables.ACCESS_POINT, project, keySpace, after, limit).stream()
        .map(KeySpaceRows::accessPoint)
        .toList();
  }

  /** Rows after an id; as long as there are more, one that is not genuine does not end a page. */
  private List<Row> page(Table table, String project, String keySpace, String after, int limit) {
    List<Row> page = new ArrayList<>();
    String last = after;
    while (page.size() < limit) {
      List<Row> next =
          sql.rows(
              table,
              "WHERE project = ? AND key_space = ? AND id > ? ORDER BY id LIMIT ?",
              project,
              keySpace,
              last,
              limit - page.size());
      if (next.isEmpty()) {
        break;
      }
      last = next.getLast().text("id");
      next.stream().filter(sql.genuine::checkListed).forEach(page::add);
    }
    return page;
  }

  @Override
  public boolean accessPointNamed(String project, String keySpace, String name) {
    return sql.exists(
        "SELECT 1 FROM access_point WHERE project = ? AND key_space = ? AND name = ?",
        project,
        keySpace,
        name);
  }

  @Override
  public long accessPointCount(String project) {
    return sql.number("SELECT count(*) FROM access_point WHERE project = ?", project);
  }

  @Override
  public long keyPolicyCount(String project) {
    return sql.number("SELECT count(*) FROM key_policy WHERE project = ?", project);
  }

  @Override
  public List<AccessPoint> accessPointsWith(
      String project, AccessPoint.Kind kind, String identity) {
    return sql.listed(
        Tables.ACCESS_POINT,
        KeySpaceRows::accessPoint,
        "WHERE project = ? AND kind = ? AND identity = ? ORDER BY id",
        project,
        kind.name(),
        identity);
  }

  @Override
  public List<AccessPoint> accessPointsOf(String project, AccessPoint.Kind kind) {
    return sql.listed(
        Tables.ACCESS_POINT,
        KeySpaceRows::accessPoint,
        "WHERE project = ? AND kind = ? ORDER BY id",
        project,
        kind.name());
  }
}
