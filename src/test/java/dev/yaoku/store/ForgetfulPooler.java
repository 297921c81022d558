package dev.yaoku.store;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Stands before PostgreSQL and passes everything on but the settings of a connection, as PgBouncer
 * does with {@code ignore_startup_parameters = options}.
 */
final class ForgetfulPooler implements AutoCloseable {
  private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final int behind;

  ForgetfulPooler(int behind) throws IOException {
    this.behind = behind;
    Thread.startVirtualThread(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        sockets.add(client);
        Socket server = new Socket();
        sockets.add(server);
        server.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), behind));
        passOnTheBegin(client.getInputStream(), server.getOutputStream());
        copy(client, server);
        copy(server, client);
      }
    } catch (IOException closed) {
      // The test is over.
    }
  }

  /** The length with itself, the version of the protocol, then names and values that end in 0. */
  private static void passOnTheBegin(InputStream from, OutputStream to) throws IOException {
    DataInputStream in = new DataInputStream(from);
    int length = in.readInt();
    int version = in.readInt();
    String text = new String(in.readNBytes(length - 8), StandardCharsets.UTF_8);
    List<String> parts = Arrays.asList(text.split("\0", -1));
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    for (int i = 0; i + 1 < parts.size() && !parts.get(i).isEmpty(); i += 2) {
      if (!parts.get(i).equals("options")) {
        kept.writeBytes(
            (parts.get(i) + "\0" + parts.get(i + 1) + "\0").getBytes(StandardCharsets.UTF_8));
      }
    }
    kept.write(0);
    DataOutputStream out = new DataOutputStream(to);
    out.writeInt(8 + kept.size());
    out.writeInt(version);
    out.write(kept.toByteArray());
    out.flush();
  }

  private static void copy(Socket from, Socket to) {
    Thread.startVirtualThread(() -> {
      try (from;
          to) {
        from.getInputStream().transferTo(to.getOutputStream());
      } catch (IOException over) {
        // One of both has gone.
      }
    });
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
