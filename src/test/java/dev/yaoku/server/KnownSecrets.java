package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.HeapDump;
import dev.yaoku.crypto.Randomness;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The secrets that a server had to do with, each under a name of its own and in a form in which it
 * is not found itself. What random bytes keys are made of is told by the machine.
 */
final class KnownSecrets {
  /** What begins the names of secrets that went to the caller, and are no part of a key. */
  private static final String GIVEN_AWAY = "given away: ";

  /** What no JSON holds as it is: on the wire, and in a client's buffers, it looks otherwise. */
  private static final String ESCAPED =
      "\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016";

  private static final int TEXT_LENGTH = 32;
  private static final int SHORTEST = 32;

  private final Path scratch;
  private final Map<String, byte[]> secrets = new ConcurrentHashMap<>();

  /** The kind of key that is being made; what it is made of is a secret. */
  private volatile String making = "";

  /**
   * None yet.
   *
   * @param scratch where dumps may lie for a moment
   */
  KnownSecrets(Path scratch) {
    this.scratch = scratch;
  }

  /** The source of a machine that tells what keys were made of. */
  Randomness watched() {
    Randomness kernel = Randomness.kernel();
    return Randomness.of(
        length -> {
          byte[] bytes = kernel.bytes(length);
          if (!making.isEmpty() && isForAKey()) {
            keep(making, bytes);
            keep(making + " inner", padded(bytes));
          }
          return bytes;
        },
        () -> {});
  }

  /** Pairs that are made ahead, in a thread of their own, are nobody's key yet. */
  private static boolean isForAKey() {
    List<StackWalker.StackFrame> frames = StackWalker.getInstance().walk(walked -> walked.toList());
    return frames.stream()
            .anyMatch(frame ->
                frame.getClassName().endsWith(".Cryptography")
                    && frame.getMethodName().equals("generate"))
        && frames.stream().noneMatch(frame -> frame.getClassName().endsWith(".RsaPairs"));
  }

  /** As HMAC pads its key (RFC 2104). */
  private static byte[] padded(byte[] key) {
    byte[] inner = key.clone();
    for (int i = 0; i < inner.length; i++) {
      inner[i] ^= 0x36;
    }
    return inner;
  }

  /** Does something in which the server makes a key, which it must. */
  <T> T making(String name, Supplier<T> work) {
    making = name;
    T made = work.get();
    making = "";
    assertThat(secrets).containsKey(name);
    return made;
  }

  /** Keeps what stays the caller's, beside what has this name already. */
  void keep(String name, byte[] bytes) {
    byte[] disguised = HeapDump.disguised(bytes);
    String own = name;
    for (int next = 2; secrets.putIfAbsent(own, disguised) != null; next++) {
      own = name + " " + next;
    }
  }

  /** Keeps a number as an array of ints lies in a dump: without a sign byte. */
  void keep(String name, BigInteger number) {
    byte[] bytes = number.toByteArray();
    keep(name, bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes);
  }

  /** Keeps what went over the wire: in an answer as text, and as bytes nowhere any more. */
  void giveAway(String name, byte[] bytes) {
    assertThat(bytes).hasSizeGreaterThanOrEqualTo(SHORTEST);
    keep(GIVEN_AWAY + name, bytes);
    Arrays.fill(bytes, (byte) 0);
  }

  /** The same, of what an answer has in hexadecimal digits. */
  void giveAwayHex(String name, String hex) {
    giveAway(name, HexFormat.of().parseHex(hex));
  }

  /** A plaintext of which nobody else knows, as JSON has it. */
  String text() {
    byte[] choice = Randomness.kernel().bytes(TEXT_LENGTH);
    byte[] text = new byte[TEXT_LENGTH];
    StringBuilder json = new StringBuilder();
    for (int i = 0; i < TEXT_LENGTH; i++) {
      char next = ESCAPED.charAt(choice[i] & 0xf);
      text[i] = (byte) next;
      json.append("\\u%04x".formatted((int) next));
    }
    giveAway("plaintext", text);
    return json.toString();
  }

  /** The names of those that are in live objects. */
  List<String> found() throws IOException {
    return HeapDump.secretsFound(scratch, secrets);
  }

  /** Whether the name is of a secret that went to the caller. */
  static boolean isGivenAway(String name) {
    return name.startsWith(GIVEN_AWAY);
  }

  /** Of what kinds the secrets are that went to the caller. */
  Set<String> kindsGivenAway() {
    return secrets.keySet().stream()
        .filter(KnownSecrets::isGivenAway)
        .map(name -> name.substring(GIVEN_AWAY.length()).replaceFirst(" \\d+$", ""))
        .collect(Collectors.toSet());
  }
}
