import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One connection with one request under way, which measures it. */
final class OneConnection implements AutoCloseable {
  private static final int ANSWER_BYTES_MAX = 64 * 1024;
  private static final Pattern LENGTH = Pattern.compile("\r\ncontent-length: *(\\d+)\r\n");
  private static final Pattern REQUEST_ID = Pattern.compile("[0-9a-f]{32}");

  private final Socket socket;
  private final byte[] buffer = new byte[ANSWER_BYTES_MAX];
  private int filled;

  private OneConnection(Socket socket) {
    this.socket = socket;
  }

  static OneConnection to(URI endpoint) throws IOException {
    Socket socket = new Socket(endpoint.getHost(), endpoint.getPort());
    socket.setTcpNoDelay(true);
    return new OneConnection(socket);
  }

  /** Microseconds from the first byte sent to the last received. */
  double micros(byte[] request) throws IOException {
    long begun = System.nanoTime();
    socket.getOutputStream().write(request);
    InputStream in = socket.getInputStream();
    filled = 0;
    do {
      int read = in.read(buffer, filled, buffer.length - filled);
      if (read < 0) {
        throw new IOException("the server closed the connection");
      }
      filled += read;
    } while (!isComplete());
    return (System.nanoTime() - begun) / 1e3;
  }

  /** Status and body of the last answer, without the id of the request. */
  String answer() {
    String text = new String(buffer, 0, filled, StandardCharsets.ISO_8859_1);
    String body = text.substring(text.indexOf("\r\n\r\n"));
    return text.substring(0, text.indexOf("\r\n")) + REQUEST_ID.matcher(body).replaceAll("*");
  }

  private boolean isComplete() {
    String text = new String(buffer, 0, filled, StandardCharsets.ISO_8859_1);
    int head = text.indexOf("\r\n\r\n");
    if (head < 0) {
      return false;
    }
    Matcher length = LENGTH.matcher(text.substring(0, head + 2).toLowerCase(Locale.ROOT));
    if (!length.find()) {
      throw new IllegalStateException("an answer without a length: " + text);
    }
    return filled >= head + 4 + Integer.parseInt(length.group(1));
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
