package dev.yaoku.access;

import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/** Request targets that were changed in one place on their way. */
public final class TargetEdits {
  private TargetEdits() {}

  /** The target with one edit of the kinds that proxies and attackers make. */
  public static Set<String> of(String text) {
    Set<String> edited = new LinkedHashSet<>();
    for (int i = 0; i < text.length(); i++) {
      String before = text.substring(0, i);
      char c = text.charAt(i);
      String after = text.substring(i + 1);
      edited.add(before + "%" + "%02X".formatted((int) c) + after);
      edited.add(before + "%" + "%02x".formatted((int) c) + after);
      edited.add(before + "%25" + "%02X".formatted((int) c) + after);
      edited.add(before + after);
      edited.add(before + c + c + after);
      edited.add(before + Character.toUpperCase(c) + after);
      edited.add(before + Character.toLowerCase(c) + after);
      for (String inserted :
          new String[] {
            "/",
            "//",
            "/.",
            "/./",
            "/../",
            "/x/../",
            "%2e",
            "%2F",
            "%5C",
            "\\",
            ";x=1",
            "?",
            "#",
            "%00",
            "%c0%af",
            "%e0%80%af",
            "\t",
            "%20",
            "+"
          }) {
        edited.add(before + inserted + c + after);
      }
    }
    for (int i = text.indexOf('%'); i >= 0; i = text.indexOf('%', i + 1)) {
      String after = text.substring(i + 3);
      edited.add(text.substring(0, i) + (char) HexFormat.fromHexDigits(text, i + 1, i + 3) + after);
      edited.add(text.substring(0, i) + "+" + after);
    }
    edited.add(text + "/");
    edited.add(text + "?");
    edited.add(text + "?a=b");
    edited.add("http://127.0.0.1" + text);
    edited.add("http://elsewhere.example" + text);
    edited.remove(text);
    return edited;
  }
}
