import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Somebody who means no good: sends requests from an address of loopback, at a rate if the server
 * lets him, and counts what he is told.
 *
 * <p>Arguments: endpoint, seconds, then for each stream of requests its file, rate a second (0 for
 * as fast as answers come) and source address. Prints {@code RESULT} and the answers by status.
 */
final class Hostile {
  private static final int PATIENCE_MILLIS = 5_000;
  private static final int PIECE_BYTES = 64 << 10;

  private final URI endpoint;
  private final long end;
  private final Map<String, Integer> answers = new TreeMap<>();

  private Hostile(URI endpoint, int seconds) {
    this.endpoint = endpoint;
    this.end = System.nanoTime() + seconds * 1_000_000_000L;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    Hostile hostile = new Hostile(URI.create(args[0]), Integer.parseInt(args[1]));
    List<Thread> streams = new ArrayList<>();
    for (int at = 2; at < args.length; at += 3) {
      List<byte[]> requests = read(Path.of(args[at]));
      double rate = Double.parseDouble(args[at + 1]);
      InetAddress source = InetAddress.getByName(args[at + 2]);
      streams.add(Thread.ofPlatform().start(() -> hostile.send(requests, rate, source)));
    }
    for (Thread stream : streams) {
      stream.join();
    }
    StringBuilder line = new StringBuilder("RESULT");
    hostile.answers.forEach(
        (status, count) -> line.append(' ').append(status).append('=').append(count));
    System.out.println(line);
  }

  private static List<byte[]> read(Path file) throws IOException {
    List<byte[]> requests = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      while (in.available() > 0) {
        StringBuilder length = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
          length.append((char) b);
        }
        requests.add(in.readNBytes(Integer.parseInt(length.toString())));
      }
    }
    return requests;
  }

  private void send(List<byte[]> requests, double rate, InetAddress source) {
    long interval = rate > 0 ? Math.round(1e9 / rate) : 0;
    long begun = System.nanoTime();
    Socket socket = null;
    for (int sent = 0; System.nanoTime() < end; sent++) {
      long early = begun + sent * interval - System.nanoTime();
      if (early > 0) {
        java.util.concurrent.locks.LockSupport.parkNanos(early);
      }
      try {
        if (socket == null) {
          socket = new Socket(endpoint.getHost(), endpoint.getPort(), source, 0);
          socket.setTcpNoDelay(true);
          socket.setSoTimeout(PATIENCE_MILLIS);
        }
        write(socket, requests.get(sent % requests.size()));
        String head = head(socket.getInputStream());
        count(head.substring(9, 12));
        if (head.contains("connection: close")) {
          socket.close();
          socket = null;
        }
      } catch (IOException cut) {
        count("cut");
        socket = null; // a server may cut what it no longer wants to hear
      }
    }
  }

  /** Writes in pieces, and no more once there is an answer. */
  private static void write(Socket socket, byte[] request) throws IOException {
    OutputStream out = socket.getOutputStream();
    InputStream in = socket.getInputStream();
    for (int at = 0; at < request.length && in.available() == 0; at += PIECE_BYTES) {
      out.write(request, at, Math.min(PIECE_BYTES, request.length - at));
    }
  }

  private synchronized void count(String status) {
    answers.merge(status, 1, Integer::sum);
  }

  /** Reads one answer and gives its head. */
  private static String head(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("closed");
      }
      text.append((char) next);
    }
    String head = text.toString().toLowerCase(Locale.ROOT);
    int length = head.indexOf("content-length:");
    if (length >= 0) {
      int begin = length + "content-length:".length();
      in.skipNBytes(Integer.parseInt(head.substring(begin, head.indexOf("\r\n", begin)).strip()));
    }
    return head;
  }

  /** Writes requests as {@link #main} reads them. */
  static Path write(Path file, List<byte[]> requests) throws IOException {
    try (OutputStream out = Files.newOutputStream(file)) {
      for (byte[] request : requests) {
        out.write((request.length + "\n").getBytes(StandardCharsets.US_ASCII));
        out.write(request);
      }
    }
    return file;
  }
}
