package dev.yaoku.key;

import java.time.Instant;

/**
 * A dedicated keystore: so far a name that keys can be filed under.
 *
 * @param id UUID text
 * @param account the account that owns it
 * @param project the project that holds it
 * @param alias its name, unique in the project
 * @param type DHSM, CDMS or DEFAULT
 * @param cluster the cluster behind it, as the caller named it
 * @param enabled whether keys inside can be used
 * @param createdAt to the millisecond
 * @param rowVersion counts the changes of this row, from 1
 */
public record Keystore(
    String id,
    String account,
    String project,
    String alias,
    String type,
    String cluster,
    boolean enabled,
    Instant createdAt,
    long rowVersion) {
  /** The id of the keystore that is no row: where keys are unless they are filed under one. */
  public static final String BUILT_IN = "0";

  /** This keystore, open for use or not. */
  public Keystore enabled(boolean next) {
    return new Keystore(id, account, project, alias, type, cluster, next, createdAt, rowVersion);
  }
}
