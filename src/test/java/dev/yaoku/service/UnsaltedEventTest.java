package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.audit.Entries;
import dev.yaoku.store.AuditRow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Salts of events that go to the store together. */
class UnsaltedEventTest {
  private final List<Integer> drawn = new ArrayList<>();

  @Test
  void eachEventGetsASaltOfItsOwnFromOneRead() {
    List<AuditRow> rows =
        UnsaltedEvent.salted(List.of(event("{1}"), event("{2}"), event("{3}")), this::counting);

    assertThat(drawn).containsExactly(3 * Entries.SALT_BYTES);
    for (int i = 0; i < 3; i++) {
      byte[] salt = new byte[Entries.SALT_BYTES];
      for (int j = 0; j < salt.length; j++) {
        salt[j] = (byte) (i * salt.length + j + 1);
      }
      assertThat(rows.get(i).entry()).startsWith(salt).endsWith('{', '1' + i, '}');
    }
  }

  @Test
  void everyReadIsAFreshOne() {
    UnsaltedEvent.salted(List.of(event("{}")), this::counting);
    UnsaltedEvent.salted(List.of(event("{}")), this::counting);

    assertThat(drawn).hasSize(2);
  }

  @Test
  void allElseStaysAsItIs() {
    AuditRow row = UnsaltedEvent.salted(List.of(event("{}")), this::counting).getFirst();

    assertThat(row.atMillis()).isEqualTo(7);
    assertThat(row.account()).isEqualTo("account");
  }

  private byte[] counting(int length) {
    drawn.add(length);
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i + 1);
    }
    return bytes;
  }

  private static UnsaltedEvent event(String json) {
    byte[] entry = new byte[Entries.SALT_BYTES + json.length()];
    for (int i = 0; i < json.length(); i++) {
      entry[Entries.SALT_BYTES + i] = (byte) json.charAt(i);
    }
    return new UnsaltedEvent(7, "account", entry);
  }
}
