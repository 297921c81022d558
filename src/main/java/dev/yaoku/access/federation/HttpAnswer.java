package dev.yaoku.access.federation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads one answer with status 200 and a short body; everything else is refused, redirects
 * included.
 *
 * @see "RFC 9112"
 */
final class HttpAnswer {
  private static final int HEAD_MAX = 16 * 1024;
  private static final int CHUNK_LINE_MAX = 128;
  private static final int CHUNK_DIGITS_MAX = 6;

  private final InputStream in;
  private final BooleanSupplier late;
  private int headBytes;

  /**
   * An answer that arrives.
   *
   * @param late whether its time is over
   */
  HttpAnswer(InputStream in, BooleanSupplier late) {
    this.in = in;
    this.late = late;
  }

  byte[] body() throws IOException {
    String status = line(HEAD_MAX);
    if (!status.startsWith("HTTP/1.1 200") && !status.startsWith("HTTP/1.0 200")) {
      throw new FetchFailed("it did not answer with 200");
    }
    String length = null;
    String coding = null;
    for (String header = line(HEAD_MAX); !header.isEmpty(); header = line(HEAD_MAX)) {
      int colon = header.indexOf(':');
      if (colon <= 0) {
        throw malformed();
      }
      String value = header.substring(colon + 1).strip();
      switch (header.substring(0, colon).toLowerCase(Locale.ROOT)) {
        case "content-length" -> length = once(length, value);
        case "transfer-encoding" -> coding = once(coding, value);
        case "content-encoding" -> mustBeIdentity(value);
        default -> {}
      }
    }
    return body(length, coding);
  }

  private static String once(@Nullable String before, String value) throws IOException {
    if (before != null) {
      throw malformed();
    }
    return value;
  }

  private static void mustBeIdentity(String coding) throws IOException {
    if (!coding.equalsIgnoreCase("identity")) {
      throw new FetchFailed("its answer is compressed");
    }
  }

  private byte[] body(@Nullable String length, @Nullable String coding) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (coding != null) {
      if (length != null || !coding.equalsIgnoreCase("chunked")) {
        throw malformed();
      }
      chunks(body);
    } else if (length == null) {
      read(body, Integer.MAX_VALUE);
    } else {
      int bytes = number(length, 10);
      if (read(body, bytes) < bytes) {
        throw new FetchFailed("its answer broke off");
      }
    }
    return body.toByteArray();
  }

  private void chunks(ByteArrayOutputStream body) throws IOException {
    while (true) {
      String size = line(CHUNK_LINE_MAX);
      int semicolon = size.indexOf(';');
      int bytes = number((semicolon < 0 ? size : size.substring(0, semicolon)).strip(), 16);
      if (bytes == 0) {
        return; // trailers mean nothing to us
      }
      if (read(body, bytes) < bytes || !line(CHUNK_LINE_MAX).isEmpty()) {
        throw malformed();
      }
    }
  }

  private static int number(String digits, int radix) throws IOException {
    boolean plain =
        !digits.isEmpty()
            && digits.chars().allMatch(c -> Character.digit(c, radix) >= 0 && c < 128);
    if (!plain) {
      throw malformed();
    }
    if (digits.length() > CHUNK_DIGITS_MAX) {
      throw tooLong();
    }
    return Integer.parseInt(digits, radix);
  }

  /** Reads so many bytes, or what comes until the end. */
  private int read(ByteArrayOutputStream body, int most) throws IOException {
    byte[] buffer = new byte[4096];
    int read = 0;
    while (read < most) {
      mustBeInTime();
      int got = in.read(buffer, 0, Math.min(buffer.length, most - read));
      if (got < 0) {
        break;
      }
      body.write(buffer, 0, got);
      if (body.size() > KeySet.BYTES_MAX) {
        throw tooLong();
      }
      read += got;
    }
    return read;
  }

  private String line(int max) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      mustBeInTime();
      int next = in.read();
      if (next < 0) {
        throw new FetchFailed("its answer broke off");
      }
      headBytes++;
      if (next == '\n') {
        int end = line.length() - 1;
        return end >= 0 && line.charAt(end) == '\r' ? line.substring(0, end) : line.toString();
      }
      line.append((char) next);
      if (line.length() > max || headBytes > HEAD_MAX) {
        throw tooLong();
      }
    }
  }

  private void mustBeInTime() throws IOException {
    if (late.getAsBoolean()) {
      throw new FetchFailed(
          "its answer took longer than " + KeyFetcher.TIME_MAX.toSeconds() + " s");
    }
  }

  private static IOException malformed() {
    return new FetchFailed("its answer is no proper HTTP");
  }

  private static IOException tooLong() {
    return new FetchFailed("its answer is longer than " + KeySet.BYTES_MAX + " bytes");
  }
}
