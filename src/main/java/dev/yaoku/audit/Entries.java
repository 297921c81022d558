package dev.yaoku.audit;

import dev.yaoku.audit.AuditEvent.Change;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Writes events as entries of the log: 16 random bytes, so that hashes of entries say nothing to
 * who does not hold them, then one JSON object in UTF-8; 16 KiB at most. Empty members are left
 * out.
 *
 * <p>What is too long is cut by rule: the first bytes of the text stay, and a member {@code
 * <name>_cut} tells the length in bytes and the SHA-256 of the whole.
 *
 * @see "SECURITY_DESIGN C2 and section 4, 'Audit'"
 */
public final class Entries {
  /** Random bytes in front of the JSON. */
  public static final int SALT_BYTES = 16;

  private static final int TEXT_BYTES_MAX = 512;
  private static final int NAME_BYTES_MAX = 1024;
  private static final int DETAIL_BYTES_MAX = 6 * 1024;
  private static final int KEY_ID_BYTES = 36;

  /** What the longest change and the marks of a cut list may take. */
  private static final int CHANGE_RESERVE = 3 * TEXT_BYTES_MAX + 256;

  private final IntFunction<byte[]> random;

  /**
   * A writer of entries.
   *
   * @param random gives so many random bytes
   */
  public Entries(IntFunction<byte[]> random) {
    this.random = random;
  }

  /** The bytes of one entry. */
  public byte[] encode(AuditEvent event) {
    byte[] entry = unsalted(event);
    System.arraycopy(random.apply(SALT_BYTES), 0, entry, 0, SALT_BYTES);
    return entry;
  }

  /** The bytes of one entry, with zeros where {@value #SALT_BYTES} random bytes have yet to go. */
  public static byte[] unsalted(AuditEvent event) {
    JsonBytes out = new JsonBytes(640);
    out.skip(SALT_BYTES);
    out.open('{');
    out.time("time", event.at().toEpochMilli());
    text(out, "request_id", event.requestId());
    event.who().writeAccount(out);
    text(out, "project_id", event.project());
    event.who().writeOthers(out);
    text(out, "source_ip", event.source());
    text(out, "trace_name", event.trace());
    resource(out, event.resource());
    text(out, "trace_rating", event.rating().wireName());
    if (event.status() != 0) {
      out.number("code", event.status());
    }
    text(out, "error_code", event.code());
    String detail = event.detail();
    text(out, "detail", detail == null ? "" : detail, DETAIL_BYTES_MAX);
    changes(out, event.changes());
    out.close('}');
    return out.toBytes();
  }

  /** A member of usual length, unless the text is empty. */
  static void text(JsonBytes out, String name, String value) {
    text(out, name, value, TEXT_BYTES_MAX);
  }

  private static void text(JsonBytes out, String name, String value, int bytesMax) {
    if (value.isEmpty()) {
      return;
    }
    if (!out.text(name, value, bytesMax)) {
      byte[] whole = value.getBytes(StandardCharsets.UTF_8);
      out.name(name + "_cut");
      out.open('{');
      out.number("bytes", whole.length);
      out.text("sha256", hex(sha256().digest(whole)), TEXT_BYTES_MAX);
      out.close('}');
    }
  }

  private static void resource(JsonBytes out, Resource resource) {
    text(out, "resource_type", resource.type());
    text(out, "resource_id", resource.id());
    text(out, "resource_name", resource.name(), NAME_BYTES_MAX);
    if (resource.otherKeys().isEmpty()) {
      return;
    }
    out.name("other_keys");
    out.open('[');
    resource.otherKeys().stream()
        .limit(Resource.OTHER_KEYS_MAX)
        .forEach(key -> out.element(key, KEY_ID_BYTES));
    out.close(']');
  }

  private static void changes(JsonBytes out, List<Change> changes) {
    if (changes.isEmpty()) {
      return;
    }
    out.name("changes");
    out.open('[');
    int written = 0;
    while (written < changes.size() && out.length() + CHANGE_RESERVE < AuditEvent.ENTRY_BYTES_MAX) {
      change(out, changes.get(written++));
    }
    out.close(']');
    if (written < changes.size()) {
      out.name("changes_cut");
      out.open('{');
      out.number("count", changes.size());
      out.text("sha256", hex(digest(changes)), TEXT_BYTES_MAX);
      out.close('}');
    }
  }

  private static void change(JsonBytes out, Change change) {
    out.element();
    out.open('{');
    out.text("table", change.table(), 64);
    text(out, "key", change.primaryKey());
    out.number("version", change.rowVersion());
    if (!change.mac().isEmpty()) {
      out.text("mac", change.mac(), 64);
    }
    out.close('}');
  }

  /** SHA-256 over all changes, each as its four parts, each part with its length in front. */
  private static byte[] digest(List<Change> changes) {
    MessageDigest sha256 = sha256();
    for (Change change : changes) {
      for (String part :
          List.of(
              change.table(),
              change.primaryKey(),
              Long.toString(change.rowVersion()),
              change.mac())) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        sha256.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
        sha256.update(bytes);
      }
    }
    return sha256.digest();
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible);
    }
  }
}
