package dev.yaoku.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The credentials file of the Huawei SDKs, as the server writes it at its first start: sections in
 * brackets, members as {@code name = value}.
 *
 * @see "contract/clients.md section 2"
 */
public final class CredentialsFile {
  private final Map<String, String> members;

  private CredentialsFile(Map<String, String> members) {
    this.members = members;
  }

  /** Reads a file; lines that are neither section nor member are comments. */
  public static CredentialsFile read(Path file) throws IOException {
    Map<String, String> members = new TreeMap<>();
    String section = "";
    for (String line : TextFile.read(file).lines().toList()) {
      String text = line.strip();
      int equals = text.indexOf('=');
      if (text.startsWith("[") && text.endsWith("]")) {
        section = text.substring(1, text.length() - 1);
      } else if (!text.startsWith("#") && equals > 0) {
        members.put(
            section + "." + text.substring(0, equals).strip(), text.substring(equals + 1).strip());
      }
    }
    return new CredentialsFile(members);
  }

  /** What would stand in a file, by {@code section.member}. */
  static CredentialsFile of(Map<String, String> members) {
    return new CredentialsFile(Map.copyOf(members));
  }

  /** The value of a member, named {@code section.member}. */
  public Optional<String> find(String name) {
    return Optional.ofNullable(members.get(name));
  }

  /** Whether a member, named {@code section.member}, says something. */
  boolean has(String name) {
    return find(name).filter(value -> !value.isEmpty()).isPresent();
  }

  /**
   * The value of a member that must be there.
   *
   * @throws IllegalArgumentException if it is not; the message holds the name only
   */
  public String get(String name) {
    return find(name)
        .orElseThrow(() -> new IllegalArgumentException("The credentials file lacks " + name));
  }

  /** A signer with the project's access key, section {@code basic}. */
  public RequestSigner signer() {
    return new RequestSigner(get("basic.ak"), get("basic.sk"), get("basic.project_id"));
  }
}
