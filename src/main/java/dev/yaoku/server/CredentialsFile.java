package dev.yaoku.server;

import dev.yaoku.secret.PrivateFiles;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Founding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

/**
 * The first credentials in the SDKs' own file format ({@code contract/clients.md} section 2), so
 * that pointing {@code HUAWEICLOUD_SDK_CREDENTIALS_FILE} at it is enough. Written aside before the
 * installation is committed and moved into place after, so that a crash in between loses neither.
 */
final class CredentialsFile {
  private static final Duration TIDY_WITHIN = Duration.ofDays(1);

  private final Path path;
  private final Path aside;
  private final Path corrected;

  CredentialsFile(DataDirectory directory) {
    this(directory, "credentials");
  }

  CredentialsFile(DataDirectory directory, String name) {
    path = directory.file(name);
    aside = directory.file(name + ".new");
    corrected = directory.file(name + ".corrected");
  }

  /**
   * Refuses to write over credentials that somebody may still need.
   *
   * @throws StartRefused if the file is there
   */
  void mustBeNew() {
    if (Files.exists(path)) {
      throw new StartRefused(path + " is there already. Move it away first.");
    }
  }

  /**
   * Refuses to begin anew where an installation was complete: whoever lost its store wants that
   * back, not another one.
   *
   * @throws StartRefused if the file is there
   */
  void mustNotBeOfALostStore() {
    if (Files.exists(path)) {
      throw lostStore(path);
    }
  }

  /** What a start says where only a store that is lost can have left something. */
  static StartRefused lostStore(Path left) {
    return new StartRefused(
        "There was an installation here, as "
            + left
            + " shows, but its store is empty or gone. Nothing was changed. Bring the store back"
            + " from a backup; or, to begin anew, move that away first.");
  }

  /** Whether a first start was cut short after it wrote the file. */
  boolean isAside() {
    return Files.exists(aside);
  }

  Path path() {
    return path;
  }

  /**
   * Writes the file aside, mode 0600 from its first moment.
   *
   * @param endpoint where clients will reach the server
   */
  void prepare(Founding founding, String endpoint) throws IOException {
    Files.deleteIfExists(aside);
    try (Lines lines = new Lines()) {
      lines.text("# Credentials of an administrator of this Yaoku installation.");
      lines.text("# Keep them in a safe place, then delete this file.");
      section(lines, "basic", "project_id", founding.projectId(), founding, endpoint);
      section(lines, "global", "domain_id", founding.accountId(), founding, endpoint);
      lines.text("# The same, as the SDK for Python looks for it when it is told no credentials.");
      section(lines, "basiccredentials", "project_id", founding.projectId(), founding, endpoint);
      section(lines, "globalcredentials", "domain_id", founding.accountId(), founding, endpoint);
      lines.text("[yaoku]");
      lines.member("endpoint", endpoint);
      lines.member("region", founding.region());
      lines.member("domain_id", founding.accountId());
      lines.member("domain_name", founding.accountName());
      lines.member("project_name", founding.region());
      lines.member("user_id", founding.userId());
      lines.member("user_name", founding.userName());
      lines.secret("password", founding.password());
      lines.writeTo(aside);
    }
  }

  private static void section(
      Lines lines, String name, String scope, String id, Founding founding, String endpoint) {
    lines.text("[" + name + "]");
    lines.member("ak", founding.accessKey());
    lines.secret("sk", founding.secretKey());
    lines.member(scope, id);
    lines.member("iam_endpoint", endpoint);
    lines.text("");
  }

  /** Takes away what was written aside, as nothing was committed that it would open. */
  void discard() throws IOException {
    Files.deleteIfExists(aside);
  }

  /** Moves the file into place once what it opens is committed; also after a crash in between. */
  void publish() throws IOException {
    Files.deleteIfExists(corrected); // left by a crash
    if (Files.exists(aside)) {
      Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /**
   * The same once the server listens: it was given a free port meanwhile, or was asked to listen
   * elsewhere than at a first start that was cut short. Where the file says to go, clients send
   * their passwords. There is one file at each moment, so that a crash loses nothing and leaves
   * nothing behind.
   *
   * @param endpoint where clients reach the server
   */
  void publish(String endpoint) throws IOException {
    if (Files.exists(aside)) {
      Files.deleteIfExists(corrected); // left by a crash
      try (Lines lines = new Lines()) {
        lines.copyOf(aside, endpoint);
        lines.writeTo(corrected);
      }
      Files.move(corrected, aside, StandardCopyOption.ATOMIC_MOVE);
    }
    publish();
  }

  /** Whether the file has been lying about for a day. */
  boolean isOld(Instant now) {
    try {
      return Files.exists(path)
          && Files.getLastModifiedTime(path).toInstant().plus(TIDY_WITHIN).isBefore(now);
    } catch (IOException e) {
      return false; // it was just taken away
    }
  }

  /** Lines that hold secrets, wiped when closed. */
  private static final class Lines extends ByteArrayOutputStream {
    private static final byte[] ENDPOINT = "endpoint = ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] IAM_ENDPOINT =
        "iam_endpoint = ".getBytes(StandardCharsets.US_ASCII);

    Lines() {
      super(4096); // never grows, so no unwiped copy stays behind
    }

    void text(String line) {
      writeBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
    }

    void member(String name, String value) {
      text(name + " = " + value);
    }

    void secret(String name, SecretBytes value) {
      writeBytes((name + " = ").getBytes(StandardCharsets.UTF_8));
      value.lend(bytes -> {
        writeBytes(bytes);
        return bytes.length;
      });
      write('\n');
    }

    /** What a file of this kind holds, with another endpoint. */
    void copyOf(Path file, String endpoint) throws IOException {
      byte[] content = Files.readAllBytes(file);
      try {
        copyOf(content, endpoint);
      } finally {
        Arrays.fill(content, (byte) 0);
      }
    }

    private void copyOf(byte[] content, String endpoint) {
      int from = 0;
      while (from < content.length) {
        int end = lineEnd(content, from);
        if (isAt(content, from, ENDPOINT)) {
          member("endpoint", endpoint);
        } else if (isAt(content, from, IAM_ENDPOINT)) {
          member("iam_endpoint", endpoint);
        } else {
          write(content, from, end - from);
        }
        from = end;
      }
    }

    /** Where the next line begins. */
    private static int lineEnd(byte[] content, int from) {
      int at = from;
      while (at < content.length && content[at] != '\n') {
        at++;
      }
      return Math.min(at + 1, content.length);
    }

    private static boolean isAt(byte[] content, int from, byte[] member) {
      int same = 0;
      while (same < member.length
          && from + same < content.length
          && content[from + same] == member[same]) {
        same++;
      }
      return same == member.length;
    }

    void writeTo(Path file) throws IOException {
      byte[] content = toByteArray();
      try {
        PrivateFiles.create(file, content);
      } finally {
        Arrays.fill(content, (byte) 0);
      }
    }

    @Override
    public void close() {
      Arrays.fill(buf, (byte) 0);
    }
  }
}
