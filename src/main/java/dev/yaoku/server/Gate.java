package dev.yaoku.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.util.AttributeKey;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.spi.transport.Transport;
import java.net.InetSocketAddress;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Counts connections from the moment they are accepted, before any handshake, in all and by source.
 * A few more than allowed come in, to be told so; beyond these they are closed at once.
 */
final class Gate {
  /** How many connections beyond the limits are let in to get an answer. */
  private static final int TOLD_MAX = 64;

  private static final AttributeKey<Excess> EXCESS = AttributeKey.valueOf("yaoku.excess");

  private final Config.Limits limits;
  private final Config.Listen listen;
  private final AtomicInteger open = new AtomicInteger();
  private final ConcurrentMap<String, AtomicInteger> bySource = new ConcurrentHashMap<>();

  Gate(Config config) {
    limits = config.limits();
    listen = config.listen();
  }

  /** Why a connection that was let in is not served. */
  enum Excess {
    /** Too many connections in all. */
    IN_ALL,
    /** Too many connections from this source. */
    OF_SOURCE
  }

  /** Open connections. */
  int open() {
    return open.get();
  }

  /** Why a connection that was let in is not served; null if it is. */
  static @Nullable Excess excess(Channel channel) {
    return channel.attr(EXCESS).get();
  }

  /** Counts a connection as it is accepted; whether it may come in. */
  private boolean enter(Channel channel) {
    if (!(channel.remoteAddress() instanceof InetSocketAddress peer)) {
      return true;
    }
    String source = peer.getAddress().getHostAddress();
    int all = open.incrementAndGet();
    int mine = bySource.compute(source, Gate::oneMore).get();
    channel.closeFuture().addListener(_ -> leave(source));
    if (all > limits.connections()) {
      channel.attr(EXCESS).set(Excess.IN_ALL);
      return all <= limits.connections() + TOLD_MAX;
    }
    if (mine > limits.connectionsPerSource() && !listen.trusts(peer.getAddress())) {
      channel.attr(EXCESS).set(Excess.OF_SOURCE);
      return mine <= limits.connectionsPerSource() + TOLD_MAX;
    }
    return true;
  }

  private static AtomicInteger oneMore(String source, @Nullable AtomicInteger count) {
    AtomicInteger counted = count == null ? new AtomicInteger() : count;
    counted.incrementAndGet();
    return counted;
  }

  private void leave(String source) {
    open.decrementAndGet();
    bySource.computeIfPresent(source, (_, count) -> count.decrementAndGet() <= 0 ? null : count);
  }

  /** Stands in front of what accepts connections. */
  @ChannelHandler.Sharable
  private final class Doorman extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof Channel accepted && !enter(accepted)) {
        accepted.unsafe().closeForcibly();
      } else {
        context.fireChannelRead(message);
      }
    }
  }

  /** A transport whose servers have the gate in front. */
  io.vertx.core.transport.Transport inFrontOf(io.vertx.core.transport.Transport transport) {
    Transport gated = new Gated(transport.implementation());
    return new io.vertx.core.transport.Transport() {
      @Override
      public String name() {
        return transport.name();
      }

      @Override
      public boolean available() {
        return transport.available();
      }

      @Override
      public @Nullable Throwable unavailabilityCause() {
        return transport.unavailabilityCause();
      }

      @Override
      public Transport implementation() {
        return gated;
      }
    };
  }

  private final class Gated implements Transport {
    private final Transport inner;

    Gated(Transport inner) {
      this.inner = inner;
    }

    @Override
    public boolean supportsDomainSockets() {
      return inner.supportsDomainSockets();
    }

    @Override
    public boolean supportFileRegion() {
      return inner.supportFileRegion();
    }

    @Override
    public boolean isAvailable() {
      return inner.isAvailable();
    }

    @Override
    public @Nullable Throwable unavailabilityCause() {
      return inner.unavailabilityCause();
    }

    @Override
    public java.net.SocketAddress convert(io.vertx.core.net.SocketAddress address) {
      return inner.convert(address);
    }

    @Override
    public io.vertx.core.net.SocketAddress convert(java.net.SocketAddress address) {
      return inner.convert(address);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
      return inner.ioHandlerFactory();
    }

    @Override
    @SuppressWarnings("deprecation") // the interface asks for it
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
      return inner.datagramChannel(family);
    }

    @Override
    public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
      return inner.datagramChannelFactory();
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
      return inner.channelFactory(domainSocket);
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
      return inner.serverChannelFactory(domainSocket);
    }

    @Override
    public void configure(DatagramChannel channel, DatagramSocketOptions options) {
      inner.configure(channel, options);
    }

    @Override
    public void configure(
        TcpConfig config, boolean domainSocket, io.netty.bootstrap.Bootstrap bootstrap) {
      inner.configure(config, domainSocket, bootstrap);
    }

    @Override
    public void configure(TcpConfig config, boolean domainSocket, ServerBootstrap bootstrap) {
      inner.configure(config, domainSocket, bootstrap);
      bootstrap.handler(new Doorman());
    }
  }
}
