package dev.yaoku.crypto;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/**
 * What an algorithm must answer, computed and cross-checked when it was written down. The keys here
 * protect nothing.
 *
 * @param spec the kind of key
 * @param work what is done with it
 * @param algorithm its name, or "-" where the kind has one only
 * @param key the material
 * @param input what goes in
 * @param output what must come out, or must be accepted
 */
@SuppressWarnings("ArrayRecordComponent") // read once, never compared
record KnownAnswer(
    KeySpec spec, Work work, String algorithm, byte[] key, byte[] input, byte[] output) {
  private static final String FILE = "known-answers.txt";
  private static final int FIELDS = 6;

  /** What is done. */
  enum Work {
    OPEN,
    MAC,
    VERIFY,
    DECRYPT,
    AGREE
  }

  /** All of them, as they are shipped. */
  static List<KnownAnswer> shipped() {
    try (InputStream in = KnownAnswer.class.getResourceAsStream(FILE)) {
      if (in == null) {
        throw new IllegalStateException("the program lacks " + FILE);
      }
      BufferedReader lines =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII));
      return lines.lines().filter(line -> !line.startsWith("#")).map(KnownAnswer::read).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static KnownAnswer read(String line) {
    String[] fields = line.split(" ", -1);
    if (fields.length != FIELDS) {
      throw new IllegalStateException(FILE + " is damaged");
    }
    HexFormat hex = HexFormat.of();
    return new KnownAnswer(
        KeySpec.valueOf(fields[0]),
        Work.valueOf(fields[1]),
        fields[2],
        hex.parseHex(fields[3]),
        hex.parseHex(fields[4]),
        hex.parseHex(fields[5]));
  }

  /** The line that it is written as. */
  String written() {
    HexFormat hex = HexFormat.of();
    return String.join(
        " ",
        spec.name(),
        work.name(),
        algorithm,
        hex.formatHex(key),
        hex.formatHex(input),
        hex.formatHex(output));
  }

  @Override
  public String toString() {
    return spec + " " + work + " " + algorithm;
  }
}
