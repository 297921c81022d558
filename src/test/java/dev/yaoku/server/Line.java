package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A line to a database that can go dead: what is sent arrives nowhere, nothing is answered, and
 * nobody is told. That is so for connections that read, and for new ones; others go on.
 */
final class Line implements AutoCloseable {
  private static final String READS = "READ ONLY";

  private final int databasePort;
  private final ServerSocket listening;
  private boolean dead;

  /** A line to a port of this machine. */
  Line(int databasePort) throws IOException {
    this.databasePort = databasePort;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::connect);
  }

  int port() {
    return listening.getLocalPort();
  }

  synchronized void goDead() {
    dead = true;
  }

  /** What was held back arrives. */
  synchronized void goOn() {
    dead = false;
    notifyAll();
  }

  /** A client's connection and the one to the database. */
  private final class Pair {
    private volatile boolean held;

    private Pair(boolean held) {
      this.held = held;
    }

    private void carry(Socket from, Socket to) {
      byte[] bytes = new byte[16 * 1024];
      try (from;
          to) {
        int count = from.getInputStream().read(bytes);
        while (count >= 0) {
          if (new String(bytes, 0, count, ISO_8859_1).contains(READS)) {
            held = true;
          }
          awaitLife();
          to.getOutputStream().write(bytes, 0, count);
          count = from.getInputStream().read(bytes);
        }
      } catch (IOException | InterruptedException ended) {
        // The other end hears of it, as both are closed.
      }
    }

    private void awaitLife() throws InterruptedException {
      synchronized (Line.this) {
        while (dead && held) {
          Line.this.wait();
        }
      }
    }
  }

  private void connect() {
    try {
      while (true) {
        Socket client = listening.accept();
        Socket database = new Socket(InetAddress.getLoopbackAddress(), databasePort);
        Pair pair = new Pair(isDead());
        Thread.startVirtualThread(() -> pair.carry(client, database));
        Thread.startVirtualThread(() -> pair.carry(database, client));
      }
    } catch (IOException closed) {
      goOn();
    }
  }

  private synchronized boolean isDead() {
    return dead;
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
