package dev.yaoku.access.federation;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;

/** A connection to a host, encrypted and with the host's name proved. */
public interface Line extends Closeable {
  /** What comes from there. */
  InputStream in() throws IOException;

  /** What goes there. */
  OutputStream out() throws IOException;

  /** Finds the addresses of a host. */
  @FunctionalInterface
  interface Resolver {
    /** All addresses of the host, asked for once. */
    List<InetAddress> resolve(String host) throws IOException;
  }

  /** Opens connections. */
  @FunctionalInterface
  interface Dialer {
    /**
     * Connects to exactly this address.
     *
     * @param host whose certificate must be shown there
     * @param within after how long the line is cut, whatever is on it
     */
    Line dial(InetAddress address, int port, String host, Duration within) throws IOException;
  }
}
