package dev.yaoku.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How a record of a file of events is written. */
class EventFormatTest {
  private static final AuditRow EVENT =
      new AuditRow(1772366400123L, "0123456789abcdef0123456789abcdef", entry());

  /** Written by hand after docs/event-files.md, with another program's CRC-32C. */
  private static final String RECORD =
      "0000005c59b83ddf"
          + "0000019ca9450a7b"
          + "203031323334353637383961626364656630313233343536373839616263646566"
          + "000102030405060708090a0b0c0d0e0f"
          + "7b2274696d65223a22323032362d30332d30315431323a30303a30302e3132335a227d";

  private static byte[] entry() {
    byte[] json = "{\"time\":\"2026-03-01T12:00:00.123Z\"}".getBytes(UTF_8);
    byte[] entry = new byte[16 + json.length];
    for (int i = 0; i < 16; i++) {
      entry[i] = (byte) i;
    }
    System.arraycopy(json, 0, entry, 16, json.length);
    return entry;
  }

  private static byte[] written(AuditRow... events) {
    ByteBuffer to = ByteBuffer.allocate(events.length * EventFormat.RECORD_BYTES_MAX);
    CRC32C checksum = new CRC32C();
    for (AuditRow event : events) {
      EventFormat.put(event, to, checksum);
    }
    return Arrays.copyOf(to.array(), to.position());
  }

  private static void isEvent(@Nullable AuditRow found, AuditRow expected) {
    AuditRow read = Objects.requireNonNull(found);
    assertThat(read.atMillis()).isEqualTo(expected.atMillis());
    assertThat(read.account()).isEqualTo(expected.account());
    assertThat(read.entry()).isEqualTo(expected.entry());
  }

  @Test
  void aRecordIsWrittenAsDocumented() {
    assertThat(HexFormat.of().formatHex(written(EVENT))).isEqualTo(RECORD);
  }

  @Test
  void oneAfterTheOtherIsReadUpToTheSpaceAfterThem() throws IOException {
    AuditRow other = new AuditRow(-1, "", new byte[0]);
    AuditRow longest =
        new AuditRow(Long.MAX_VALUE, "x".repeat(255), new byte[AuditRow.ENTRY_BYTES_MAX]);
    byte[] bytes = written(EVENT, other, longest);
    ByteArrayInputStream in = new ByteArrayInputStream(Arrays.copyOf(bytes, bytes.length + 100));
    isEvent(EventFormat.read(in), EVENT);
    isEvent(EventFormat.read(in), other);
    isEvent(EventFormat.read(in), longest);
    assertThat(EventFormat.read(in)).isNull();
  }

  @Test
  void whatIsTooLongIsNotWritten() {
    assertThatThrownBy(() -> written(new AuditRow(0, "x".repeat(256), new byte[1])))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> written(new AuditRow(0, "", new byte[AuditRow.ENTRY_BYTES_MAX + 1])))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aRecordThatIsCutAnywhereIsNoEvent() {
    byte[] whole = written(EVENT);
    for (int length = 1; length < whole.length; length++) {
      ByteArrayInputStream in = new ByteArrayInputStream(whole, 0, length);
      assertThatThrownBy(() -> EventFormat.read(in))
          .as("the first %d bytes", length)
          .isInstanceOf(EventFormat.Broken.class);
      byte[] followedByZeros = Arrays.copyOf(Arrays.copyOf(whole, length), 2 * whole.length);
      if (!Arrays.equals(followedByZeros, 0, whole.length, whole, 0, whole.length)
          && Arrays.mismatch(followedByZeros, new byte[2 * whole.length]) >= 0) {
        assertThatThrownBy(() -> EventFormat.read(new ByteArrayInputStream(followedByZeros)))
            .as("the first %d bytes, and zeros", length)
            .isInstanceOf(EventFormat.Broken.class);
      }
    }
  }

  @Test
  void aRecordOfWhichOneBitIsAnotherIsNoEvent() {
    byte[] whole = written(EVENT, EVENT);
    for (int bit = 0; bit < 8 * written(EVENT).length; bit++) {
      byte[] damaged = whole.clone();
      damaged[bit / 8] ^= (byte) (1 << bit % 8);
      assertThatThrownBy(() -> EventFormat.read(new ByteArrayInputStream(damaged)))
          .as("bit %d", bit)
          .isInstanceOf(EventFormat.Broken.class);
    }
  }

  @Test
  void anotherFileIsNotReadAsEvents() {
    byte[] other = "yaoku events 2\n\n".getBytes(UTF_8);
    assertThatThrownBy(() -> EventFormat.readHead(new ByteArrayInputStream(other)))
        .isInstanceOf(EventFormat.Broken.class);
  }
}
