package dev.yaoku.access.federation;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** A line over TCP and TLS 1.2 or 1.3, cut by an alarm clock when its time is over. */
final class TlsLine implements Line {
  private final SSLSocket socket;
  private final ScheduledFuture<?> alarm;

  private TlsLine(SSLSocket socket, ScheduledFuture<?> alarm) {
    this.socket = socket;
    this.alarm = alarm;
  }

  /**
   * Opens lines.
   *
   * @param sockets makes sockets that are not connected yet
   * @param tls whose authorities vouch for the hosts
   * @param alarms cuts lines
   */
  static Dialer dialer(
      SocketFactory sockets, SSLSocketFactory tls, ScheduledExecutorService alarms) {
    return (address, port, host, within) -> {
      Socket plain = sockets.createSocket();
      ScheduledFuture<?> alarm =
          alarms.schedule(() -> cut(plain), within.toMillis(), TimeUnit.MILLISECONDS);
      try {
        plain.connect(new InetSocketAddress(address, port), (int) within.toMillis());
        plain.setSoTimeout((int) within.toMillis());
        return new TlsLine(secured(tls, plain, port, host), alarm);
      } catch (IOException | RuntimeException failed) {
        alarm.cancel(false);
        cut(plain);
        throw failed;
      }
    };
  }

  private static SSLSocket secured(SSLSocketFactory tls, Socket plain, int port, String host)
      throws IOException {
    SSLSocket socket = (SSLSocket) tls.createSocket(plain, host, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    if (!Character.isDigit(host.charAt(host.length() - 1))) { // an address is no server name
      parameters.setServerNames(List.of(new SNIHostName(host)));
    }
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static void cut(Socket socket) {
    try {
      socket.close();
    } catch (IOException _) {
      // it is closed, or as good as
    }
  }

  @Override
  public InputStream in() throws IOException {
    return socket.getInputStream();
  }

  @Override
  public OutputStream out() throws IOException {
    return socket.getOutputStream();
  }

  @Override
  public void close() {
    alarm.cancel(false);
    cut(socket);
  }
}
