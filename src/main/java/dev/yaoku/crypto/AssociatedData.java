package dev.yaoku.crypto;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The canonical form of what a caller binds to a ciphertext: two different inputs never give the
 * same bytes.
 *
 * @see "SECURITY_DESIGN section 4, Ciphertext blob, and H2"
 */
public final class AssociatedData {
  private static final int ABSENT = 0;
  private static final int TEXT = 1;
  private static final int MEMBERS = 2;

  private AssociatedData() {}

  /**
   * LP(additional data) ‖ context. Empty equals absent, for the data, the context's text and its
   * members. Nothing is normalised.
   *
   * @param additional additional authenticated data
   * @throws UnencodableText if a text has an unpaired surrogate
   */
  public static byte[] encode(@Nullable String additional, @Nullable Context context) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    append(out, Text.utf8(additional == null ? "" : additional));
    switch (context) {
      case null -> out.write(ABSENT);
      case Context.Text(String text) when text.isEmpty() -> out.write(ABSENT);
      case Context.Text(String text) -> {
        out.write(TEXT);
        append(out, Text.utf8(text));
      }
      case Context.Members(Map<String, String> members) when members.isEmpty() -> out.write(ABSENT);
      case Context.Members(Map<String, String> members) -> {
        out.write(MEMBERS);
        append(out, members);
      }
    }
    return out.toByteArray();
  }

  private static void append(ByteArrayOutputStream out, Map<String, String> members) {
    // By unsigned bytes, as every language can sort; Java's strings sort by UTF-16 unit.
    TreeMap<byte[], byte[]> sorted = new TreeMap<>(Arrays::compareUnsigned);
    members.forEach((name, value) -> sorted.put(Text.utf8(name), Text.utf8(value)));
    append(out, sorted.size());
    sorted.forEach((name, value) -> {
      append(out, name);
      append(out, value);
    });
  }

  private static void append(ByteArrayOutputStream out, byte[] bytes) {
    append(out, bytes.length);
    out.writeBytes(bytes);
  }

  private static void append(ByteArrayOutputStream out, int number) {
    out.write(number >>> 24);
    out.write(number >>> 16);
    out.write(number >>> 8);
    out.write(number);
  }
}
