package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.audit.Entries;
import dev.yaoku.store.EventTail;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever writes an event, the entry begins with random bytes, so that its hash tells nothing to
 * who guesses the rest (SECURITY_DESIGN C2).
 */
class SaltedEventsTest {
  @TempDir Path scratch;

  @Test
  void everyEntryHasASaltOfItsOwn() throws IOException {
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of())) {
      Tenant owner = Tenant.first(server);
      for (String key : List.of(owner.key("one", ""), owner.key("two", ""))) {
        owner.ok("encrypt-data", "{'key_id':'" + key + "','plain_text':'x'}");
      }
      owner.as(owner.user, owner.accessKey(), "s".repeat(40)).kms("list-keys", "{}").is(401);
    }
    List<byte[]> entries =
        EventTail.all(scratch.resolve("data/yaoku.db")).stream().map(row -> row.entry()).toList();
    for (String of : List.of("createKey", "encryptData", "unprovedRequests")) {
      assertThat(entries)
          .filteredOn(entry -> new String(entry, UTF_8).contains("\"" + of + "\""))
          .as(of)
          .isNotEmpty();
    }
    assertThat(entries)
        .extracting(entry -> HexFormat.of().formatHex(Arrays.copyOf(entry, Entries.SALT_BYTES)))
        .doesNotHaveDuplicates()
        .doesNotContain("00".repeat(Entries.SALT_BYTES));
  }
}
