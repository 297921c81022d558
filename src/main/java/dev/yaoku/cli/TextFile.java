package dev.yaoku.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads files that a command is told of. All of them are text. */
final class TextFile {
  private static final String NO_TEXT = "it is not UTF-8 text";
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private TextFile() {}

  /**
   * The text of a file.
   *
   * @throws FileSystemException whatever stands in the way, so that a file is never taken for the
   *     server; nothing of what the file holds is in it
   */
  static String read(Path file) throws FileSystemException {
    try {
      return decoded(Files.readAllBytes(file), file.toString());
    } catch (FileSystemException e) {
      throw e;
    } catch (IOException e) { // a directory, for one
      throw unusable(file.toString(), String.valueOf(e.getMessage()));
    }
  }

  /** The text of standard input. */
  static String readStandardInput() throws IOException {
    return decoded(System.in.readAllBytes(), "standard input");
  }

  /**
   * Nothing is put in place of bytes that are no text, nor passed over: it would be another text.
   * U+0000 shows that each letter has two bytes.
   */
  private static String decoded(byte[] bytes, String where) throws FileSystemException {
    String text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw unusable(where, NO_TEXT);
    }
    if (text.indexOf(0) >= 0) {
      throw unusable(where, NO_TEXT);
    }
    if (text.startsWith(BYTE_ORDER_MARK)) {
      throw unusable(where, "it begins with a byte order mark; save it without");
    }
    return text;
  }

  private static FileSystemException unusable(String where, String why) {
    return new FileSystemException(where, null, why);
  }
}
