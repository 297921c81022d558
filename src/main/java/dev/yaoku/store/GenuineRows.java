package dev.yaoku.store;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.security.MessageDigest;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Signs rows on their way out and checks them on their way in (SECURITY_DESIGN C1).
 *
 * <p>Until the system key is open, only {@code setting} and {@code system_key} can be read, and are
 * taken as they are: they lead to the key that proves them. {@link SqlStore#authenticateRowsWith}
 * checks them afterwards.
 */
final class GenuineRows {
  private final AtomicReference<@Nullable RowMac> rowMac = new AtomicReference<>();
  private final Consumer<Problem.RowNotGenuine> reporter;
  private final LongAdder refused = new LongAdder();

  GenuineRows(Consumer<Problem.RowNotGenuine> reporter) {
    this.reporter = reporter;
  }

  void authenticateWith(@Nullable RowMac mac) {
    rowMac.set(mac);
  }

  /** How many rows were refused since the start. */
  long refused() {
    return refused.sum();
  }

  /** Sets the version and the MAC of a row that is about to be written. */
  void seal(Row row, long rowVersion) {
    RowMac mac = rowMac.get();
    if (mac == null) {
      throw new IllegalStateException("rows are written before the system key is open");
    }
    row.set(Table.ROW_VERSION, rowVersion);
    row.set(Table.SYSTEM_KEY_VERSION, mac.keyVersion());
    row.seal(mac.mac(mac.keyVersion(), row.table().name(), row.encoded()));
  }

  /**
   * The row, if this installation wrote it.
   *
   * @throws KmsException with {@link Problem.RowNotGenuine} otherwise
   */
  Row check(Row row) {
    if (!isGenuine(row)) {
      throw refuse(row);
    }
    return row;
  }

  /** Whether the row can be shown in a list; reports it if not. */
  boolean checkListed(Row row) {
    if (isGenuine(row)) {
      return true;
    }
    report(row);
    return false;
  }

  /** Names a row that must not be used, to the log and to the caller. */
  KmsException refuse(Row row) {
    return new KmsException(report(row));
  }

  /** Names a row that must not be used, to the log. */
  Problem.RowNotGenuine report(Row row) {
    Problem.RowNotGenuine problem = new Problem.RowNotGenuine(row.table().name(), row.primaryKey());
    refused.increment();
    reporter.accept(problem);
    return problem;
  }

  private boolean isGenuine(Row row) {
    RowMac mac = rowMac.get();
    if (mac == null) {
      if (row.table() == Tables.SETTING || row.table() == Tables.SYSTEM_KEY) {
        return true;
      }
      throw new IllegalStateException("rows are read before the system key is open");
    }
    Object version = row.value(Table.SYSTEM_KEY_VERSION);
    if (!(version instanceof Long number) || number < 1 || number > Integer.MAX_VALUE) {
      return false;
    }
    try {
      byte[] expected = mac.mac(number.intValue(), row.table().name(), row.encoded());
      return MessageDigest.isEqual(expected, row.mac());
    } catch (IllegalArgumentException noSuchKeyOrText) {
      return false;
    }
  }
}
