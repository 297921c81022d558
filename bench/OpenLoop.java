import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Load at a fixed rate, whether the server keeps up or not: each request has a time at which it is
 * due, and its latency counts from then, so that a stall is seen by all who would have waited. One
 * thread, which sleeps only where nothing is due for some milliseconds: others may want the core.
 *
 * <p>Arguments: endpoint, file of requests, requests a second, seconds. Prints {@code RESULT p50
 * p99} in microseconds.
 */
final class OpenLoop {
  private static final int CONNECTIONS = 64;
  private static final long LONG_NANOS = 2_000_000;
  private static final double SETTLING_SHARE = 0.25; // the first part of a run is not counted

  private final List<ByteBuffer> requests;
  private final long intervalNanos;
  private final long[] latencies;
  private final Selector selector = Selector.open();
  private final ArrayDeque<OpenLoopConnection> idle = new ArrayDeque<>();
  private long begun;
  private int issued;
  private int answered;

  private OpenLoop(List<ByteBuffer> requests, double rate, int seconds) throws IOException {
    this.requests = requests;
    this.intervalNanos = Math.round(1e9 / rate);
    this.latencies = new long[(int) (rate * seconds)];
  }

  public static void main(String[] args) throws IOException {
    URI endpoint = URI.create(args[0]);
    OpenLoop loop =
        new OpenLoop(
            read(Path.of(args[1])), Double.parseDouble(args[2]), Integer.parseInt(args[3]));
    loop.run(new InetSocketAddress(endpoint.getHost(), endpoint.getPort()));
    loop.report();
  }

  private static List<ByteBuffer> read(Path file) throws IOException {
    List<ByteBuffer> requests = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      while (in.available() > 0) {
        StringBuilder length = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
          length.append((char) b);
        }
        byte[] bytes = in.readNBytes(Integer.parseInt(length.toString()));
        requests.add(ByteBuffer.allocateDirect(bytes.length).put(bytes).flip());
      }
    }
    return requests;
  }

  private void run(InetSocketAddress server) throws IOException {
    for (int i = 0; i < CONNECTIONS; i++) {
      idle.add(OpenLoopConnection.to(server, selector));
    }
    begun = System.nanoTime();
    while (answered < latencies.length) {
      send();
      if (nothingIsDueForLong()) {
        selector.select(this::receive, 1);
      } else {
        selector.selectNow(this::receive);
      }
    }
    selector.close();
  }

  private boolean nothingIsDueForLong() {
    return begun + issued * intervalNanos - System.nanoTime() > LONG_NANOS;
  }

  /** What is due goes out, as far as connections are free; the rest is late and stays so. */
  private void send() throws IOException {
    long now = System.nanoTime() - begun;
    while (issued < latencies.length && issued * intervalNanos <= now && !idle.isEmpty()) {
      long due = issued * intervalNanos;
      idle.pop().send(requests.get(issued % requests.size()).duplicate(), due);
      issued++;
    }
  }

  private void receive(SelectionKey key) {
    OpenLoopConnection connection = (OpenLoopConnection) key.attachment();
    if (connection.receivedAll()) {
      latencies[answered++] = System.nanoTime() - begun - connection.due();
      idle.push(connection);
    }
  }

  private void report() {
    long[] counted =
        Arrays.copyOfRange(latencies, (int) (latencies.length * SETTLING_SHARE), latencies.length);
    Arrays.sort(counted);
    System.out.printf(
        "RESULT %.0f %.0f%n", percentile(counted, 0.50) / 1e3, percentile(counted, 0.99) / 1e3);
  }

  private static double percentile(long[] sorted, double share) {
    return sorted[(int) Math.min(sorted.length - 1L, Math.round(sorted.length * share))];
  }
}
