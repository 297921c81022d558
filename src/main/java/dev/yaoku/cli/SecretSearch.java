package dev.yaoku.cli;

import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Looks for secrets in bytes that must hold none, in every form a JVM might have left them: raw,
 * hexadecimal, Base64, as text of one or two bytes a character.
 */
final class SecretSearch {
  private final Map<String, byte[]> needles = new LinkedHashMap<>();

  /** Adds a secret text; the name is what a find is reported as. */
  void text(String name, String secret) {
    needles.put(name, secret.getBytes(UTF_8));
    needles.put(name + " (UTF-16)", secret.getBytes(UTF_16LE));
  }

  /** Adds secret bytes. */
  void bytes(String name, byte[] secret) {
    needles.put(name, secret.clone());
    text(name + " in hexadecimal", HexFormat.of().formatHex(secret));
    text(name + " in upper-case hexadecimal", HexFormat.of().withUpperCase().formatHex(secret));
    text(name + " in Base64", Base64.getEncoder().encodeToString(secret));
  }

  /** The names of the secrets that are in there. */
  List<String> findIn(byte[] haystack) {
    List<String> found = new ArrayList<>();
    needles.forEach((name, needle) -> {
      if (contains(haystack, needle)) {
        found.add(name);
      }
    });
    return found;
  }

  private static boolean contains(byte[] haystack, byte[] needle) {
    if (needle.length == 0) {
      throw new IllegalArgumentException("an empty secret is everywhere");
    }
    for (int i = 0; i <= haystack.length - needle.length; i++) {
      if (haystack[i] == needle[0] && matchesAt(haystack, i, needle)) {
        return true;
      }
    }
    return false;
  }

  private static boolean matchesAt(byte[] haystack, int at, byte[] needle) {
    for (int i = 1; i < needle.length; i++) {
      if (haystack[at + i] != needle[i]) {
        return false;
      }
    }
    return true;
  }
}
