package dev.yaoku.access;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/** Keeps the requests that clients send, to the byte, and answers each with an empty object. */
final class WireRecorder implements AutoCloseable {
  private static final byte[] ANSWER =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
          .getBytes(ISO_8859_1);

  private final ServerSocket listening;
  private final List<TestRequest> requests = new ArrayList<>();

  WireRecorder() throws IOException {
    listening = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    Thread.startVirtualThread(this::listen);
  }

  String endpoint() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  /** All that was answered, in the order in which it came. */
  List<TestRequest> requests() {
    synchronized (requests) {
      return List.copyOf(requests);
    }
  }

  private void listen() {
    while (true) {
      try {
        Socket client = listening.accept();
        Thread.startVirtualThread(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      while (true) {
        TestRequest request = read(in);
        synchronized (requests) {
          requests.add(request);
        }
        client.getOutputStream().write(ANSWER);
      }
    } catch (IOException ended) {
      // The client has no more to say, or is gone; who misses a request says so.
    }
  }

  private static TestRequest read(InputStream in) throws IOException {
    String[] start = line(in).split(" ", -1);
    TestRequest request = TestRequest.bare(start[0], start[1]);
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      request.header(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    int length =
        request.headers.stream()
            .filter(header -> header.name().equals("content-length"))
            .mapToInt(header -> Integer.parseInt(header.value()))
            .sum();
    request.body = in.readNBytes(length);
    return request;
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException();
      }
      line.write(b);
    }
    String text = line.toString(ISO_8859_1);
    return text.substring(0, text.length() - 1);
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
