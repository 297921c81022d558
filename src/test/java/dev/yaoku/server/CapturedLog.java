package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;

/** What the server says of itself while this is open; it goes on to where it went before. */
public final class CapturedLog implements AutoCloseable {
  private final PrintStream before = System.err;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();

  /** Begins. */
  public CapturedLog() {
    System.setErr(new PrintStream(new Both(), true, UTF_8));
  }

  /** All of it so far. */
  public String text() {
    return said.toString(UTF_8);
  }

  private final class Both extends OutputStream {
    @Override
    public void write(int b) {
      said.write(b);
      before.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      said.write(bytes, offset, length);
      before.write(bytes, offset, length);
    }

    @Override
    public void flush() {
      before.flush();
    }
  }

  @Override
  public void close() {
    System.setErr(before);
  }
}
