package dev.yaoku.store;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * How files of events are written: 16 bytes of text, then records, each of a length, a checksum,
 * and so many bytes: a time, an account and an entry of the log. Numbers are big-endian. Zeros
 * after the last record are space for more.
 *
 * @see "docs/event-files.md"
 * @see "SECURITY_DESIGN section 4, 'Audit': entries are stored as written"
 */
final class EventFormat {
  private static final String HEAD = "yaoku events 1\n\n";
  private static final int FRAME_BYTES = 2 * Integer.BYTES;
  private static final int ACCOUNT_BYTES_MAX = 255;
  private static final int CONTENT_BYTES_MIN = Long.BYTES + 1;
  private static final int CONTENT_BYTES_MAX =
      CONTENT_BYTES_MIN + ACCOUNT_BYTES_MAX + AuditRow.ENTRY_BYTES_MAX;

  /** The longest record. */
  static final int RECORD_BYTES_MAX = FRAME_BYTES + CONTENT_BYTES_MAX;

  private EventFormat() {}

  /** What a file begins with. */
  static byte[] head() {
    return HEAD.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Writes one record.
   *
   * @param to with room for {@link #RECORD_BYTES_MAX}
   * @param checksum to be used again
   * @throws IllegalArgumentException if the account or the entry is too long
   */
  static void put(AuditRow event, ByteBuffer to, CRC32C checksum) {
    byte[] account = event.account().getBytes(StandardCharsets.UTF_8);
    byte[] entry = event.entry();
    if (account.length > ACCOUNT_BYTES_MAX || entry.length > AuditRow.ENTRY_BYTES_MAX) {
      throw new IllegalArgumentException("an event of " + entry.length + " bytes");
    }
    int start = to.position();
    to.putInt(CONTENT_BYTES_MIN + account.length + entry.length).putInt(0);
    to.putLong(event.atMillis()).put((byte) account.length).put(account).put(entry);
    ByteBuffer content = to.duplicate().flip().position(start + FRAME_BYTES);
    to.putInt(start + Integer.BYTES, checksum(content, checksum));
  }

  /** CRC-32C (RFC 3720, appendix B.4) of a record's content. */
  private static int checksum(ByteBuffer content, CRC32C checksum) {
    checksum.reset();
    checksum.update(content);
    return (int) checksum.getValue();
  }

  /**
   * Reads what a file begins with.
   *
   * @throws Broken if it is no file of events
   */
  static void readHead(InputStream from) throws IOException {
    String head = new String(from.readNBytes(HEAD.length()), StandardCharsets.US_ASCII);
    if (!head.equals(HEAD)) {
      throw new Broken();
    }
  }

  /**
   * Reads one record.
   *
   * @return its event; null at the end, or where space begins
   * @throws Broken if there is something that is no record
   */
  static @Nullable AuditRow read(InputStream from) throws IOException {
    byte[] frame = from.readNBytes(FRAME_BYTES);
    if (frame.length == 0) {
      return null;
    }
    if (frame.length < FRAME_BYTES) {
      throw new Broken();
    }
    int length = ByteBuffer.wrap(frame).getInt();
    int checksum = ByteBuffer.wrap(frame).getInt(Integer.BYTES);
    if (length == 0 && checksum == 0) {
      return null;
    }
    if (length < CONTENT_BYTES_MIN || length > CONTENT_BYTES_MAX) {
      throw new Broken();
    }
    ByteBuffer content = ByteBuffer.wrap(from.readNBytes(length));
    if (content.remaining() < length || checksum(content.duplicate(), new CRC32C()) != checksum) {
      throw new Broken();
    }
    return event(content);
  }

  private static AuditRow event(ByteBuffer content) throws Broken {
    long at = content.getLong();
    byte[] account = new byte[Byte.toUnsignedInt(content.get())];
    if (account.length > content.remaining()) {
      throw new Broken();
    }
    content.get(account);
    byte[] entry = new byte[content.remaining()];
    content.get(entry);
    return new AuditRow(at, new String(account, StandardCharsets.UTF_8), entry);
  }

  /** There is something that is no record: cut off or damaged. */
  static final class Broken extends EOFException {
    @Serial private static final long serialVersionUID = 1L;
  }
}
