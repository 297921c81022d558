import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** A connection that carries one request at a time and knows when the answer is complete. */
final class OpenLoopConnection {
  private static final int ANSWER_BYTES_MAX = 64 * 1024;
  private static final String LENGTH = "content-length:";

  private final SocketChannel channel;
  private final ByteBuffer answer = ByteBuffer.allocate(ANSWER_BYTES_MAX);
  private long due;

  private OpenLoopConnection(SocketChannel channel) {
    this.channel = channel;
  }

  static OpenLoopConnection to(InetSocketAddress server, Selector selector) throws IOException {
    SocketChannel channel = SocketChannel.open(server);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    OpenLoopConnection connection = new OpenLoopConnection(channel);
    channel.register(selector, SelectionKey.OP_READ, connection);
    return connection;
  }

  /** Sends a request, which is far smaller than the socket's buffer. */
  void send(ByteBuffer request, long dueAt) throws IOException {
    due = dueAt;
    answer.clear();
    if (channel.write(request) == 0 || request.hasRemaining()) {
      throw new IOException("a request did not fit into the socket's buffer");
    }
  }

  /** When the request should have left, nanoseconds since the begin of the run. */
  long due() {
    return due;
  }

  /** Reads what is there; says whether that was the last of the answer. */
  boolean receivedAll() {
    try {
      if (channel.read(answer) < 0) {
        throw new IOException("the server closed a connection");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    String text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
    int head = text.indexOf("\r\n\r\n");
    return head >= 0 && text.length() >= head + 4 + bodyLength(text, head);
  }

  private static int bodyLength(String text, int head) {
    if (!text.startsWith("HTTP/1.1 200 ")) {
      throw new IllegalStateException("not a success: " + text);
    }
    String headers = text.substring(0, head).toLowerCase(Locale.ROOT);
    int at = headers.indexOf(LENGTH) + LENGTH.length();
    int end = headers.indexOf("\r\n", at);
    return Integer.parseInt(headers.substring(at, end < 0 ? headers.length() : end).strip());
  }
}
