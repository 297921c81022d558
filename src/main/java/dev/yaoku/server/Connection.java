package dev.yaoku.server;

import dev.yaoku.access.ClientCertificate;
import dev.yaoku.api.Answer;
import dev.yaoku.key.Problem;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPipeline;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.http1.Http1ServerConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** One connection: who is at its end, and how long it has been in each of its phases. */
final class Connection {
  private static final String DECODER = "httpDecoder";

  /** How long a client that is not listened to any more has to read its answer. */
  private static final long FAREWELL_NANOS = 1_000_000_000;

  final Loop loop;
  final Peer peer;
  final Gate.@Nullable Excess excess;
  private final Http1ServerConnection http;
  private final Channel channel;
  private final Wiped.Answers answers = new Wiped.Answers();
  private final Arrived arrived;
  private final long requestNanos;
  private final long answerNanos;
  private final long idleNanos;

  private @Nullable Passage current;

  /** Since when a request arrives; meaningful while {@link #receiving}. */
  private long receivingSince;

  private boolean receiving;
  private long idleSince = System.nanoTime();

  /** Since when bytes wait for the client to read them; meaningful while {@link #sending}. */
  private long sendingSince;

  private boolean sending;

  /** Whether nothing that still comes is listened to. */
  private boolean last;

  /** Since when nothing is read that still comes; meaningful while {@link #deaf}. */
  private long deafSince;

  private boolean deaf;

  /** Whether the request that still arrives is answered already. */
  private boolean answeredEarly;

  private @Nullable StrictDecoder decoder;

  private Connection(Loop loop, Http1ServerConnection http) {
    Config config = loop.shared.parts().config();
    this.loop = loop;
    this.http = http;
    this.channel = http.channel();
    this.peer = peerOf(channel, http, config.listen());
    this.excess = Gate.excess(channel);
    this.arrived =
        new Arrived(loop.shared.requests(), peer.proxy() ? HeapShare.MANY : peer.source());
    this.requestNanos = config.limits().requestDeadline().toNanos();
    this.answerNanos = config.limits().answerDeadline().toNanos();
    this.idleNanos = config.limits().idleDeadline().toNanos();
  }

  /** Takes over a connection that the listener accepted. */
  static void open(Loop loop, HttpConnection accepted, Http1ServerConfig limits) {
    Http1ServerConnection http = (Http1ServerConnection) accepted;
    Connection connection = new Connection(loop, http);
    http.handler(connection::request);
    http.invalidRequestHandler(connection::malformed);
    ChannelPipeline pipeline = http.channelHandlerContext().pipeline();
    StrictDecoder decoder =
        new StrictDecoder(
            limits,
            connection::firstByte,
            connection::close,
            connection.arrived,
            connection::noRoom);
    connection.decoder = decoder;
    pipeline.replace(DECODER, DECODER, decoder);
    pipeline.addBefore(DECODER, "turn", new TurnHandler(loop.turn));
    pipeline.addBefore(DECODER, "wipedAnswers", connection.answers);
    loop.opened(connection);
    accepted.closeHandler(_ -> connection.closed());
  }

  private static Peer peerOf(Channel channel, Http1ServerConnection http, Config.Listen listen) {
    if (channel.remoteAddress() instanceof InetSocketAddress socket) {
      InetAddress address = socket.getAddress();
      boolean proxy = listen.trusts(address);
      return new Peer(
          address.getHostAddress(),
          proxy,
          http.isSsl(),
          http.isSsl() || proxy || address.isLoopbackAddress() || listen.insecureLab(),
          proxy ? null : certificateOf(http));
    }
    return new Peer("", false, false, true, null);
  }

  /** A proxy's certificate is the proxy's, and says nothing of those behind it. */
  private static @Nullable ClientCertificate certificateOf(Http1ServerConnection http) {
    if (!http.isSsl()) {
      return null;
    }
    try {
      return ClientCertificate.of(List.of(http.sslSession().getPeerCertificates())).orElse(null);
    } catch (SSLPeerUnverifiedException _) {
      return null;
    }
  }

  private void firstByte() {
    if (!receiving && current == null) {
      receiving = true;
      receivingSince = System.nanoTime();
    }
  }

  private void request(HttpServerRequest request) {
    if (!last) {
      Turn.guarded(begin(request), Passage::begin);
    }
  }

  private void malformed(HttpServerRequest request) {
    if (!last) {
      Turn.guarded(begin(request), Passage::malformed);
    }
  }

  private Passage begin(HttpServerRequest request) {
    Passage passage = new Passage(this, request);
    current = passage;
    firstByte();
    if (!receiving || answeredEarly) {
      answeredEarly = false;
      receiving = true;
      receivingSince = System.nanoTime();
    }
    return passage;
  }

  /** What arrived of a request that is answered already is not kept. */
  void discarded() {
    arrived.forget();
  }

  /** The last byte of the request is here. */
  void received() {
    receiving = false;
    answeredEarly = false;
  }

  /**
   * The answer is about to be written; secret ones are cleared when they are out. Behind the last
   * one nothing is listened to, not even what is here already.
   */
  void answering(boolean close, boolean secret) {
    answers.secret(secret);
    arrived.forget();
    answeredEarly = receiving;
    last |= close;
    current = null;
    idleSince = System.nanoTime();
  }

  /** Cuts the connection: a polite close would wait for what the client does not read. */
  void close() {
    channel.unsafe().close(channel.unsafe().voidPromise());
  }

  /** Closes when everything written is out. */
  void closeWhenSent() {
    last = true;
    channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /**
   * Reads nothing any more and closes in a while. Closed at once, the system would tell the client
   * that what it sends is lost, and clients then do not look for an answer.
   */
  void listenNoMore() {
    if (!deaf) {
      deaf = true;
      deafSince = System.nanoTime();
      last = true;
    }
    if (decoder != null) {
      decoder.ignoreTheRest();
    }
    channel.config().setAutoRead(false); // each time: who empties queues turns it on again
  }

  boolean isDeaf() {
    return deaf;
  }

  private void closed() {
    loop.closed(this);
    arrived.forget();
    if (current != null) {
      current.abandoned();
      current = null;
    }
  }

  /** Cuts the connection if it has been too long in its phase. */
  void checkDeadlines(long now) {
    ChannelOutboundBuffer unsent = channel.unsafe().outboundBuffer();
    boolean pending = unsent != null && unsent.totalPendingWriteBytes() > 0;
    if (pending && !sending) {
      sendingSince = now;
    }
    sending = pending;
    if (deaf) {
      if (now - deafSince > FAREWELL_NANOS) {
        close();
      }
    } else if (sending && now - sendingSince > answerNanos) {
      close();
    } else if (receiving && now - receivingSince > requestNanos) {
      tooSlow();
    } else if (!receiving && current == null && now - idleSince > idleNanos) {
      close();
    }
  }

  private void tooSlow() {
    receiving = false;
    Passage passage = current;
    if (passage == null && answeredEarly) {
      close();
    } else if (passage == null) {
      refuseUnread(new Problem.TooSlow(), "Too Slow").addListener(ChannelFutureListener.CLOSE);
    } else if (!passage.tooSlow()) {
      close();
    }
  }

  /** All clients together send more than there is room for. What else comes is dropped. */
  private void noRoom() {
    Passage passage = current;
    if (passage == null && !answeredEarly) {
      var _ = refuseUnread(new Problem.Overloaded(), "Overloaded");
      listenNoMore();
    } else if (passage != null && passage.noRoom()) {
      listenNoMore();
    } else {
      close();
    }
  }

  /** Answers a request whose head never became complete. */
  private ChannelFuture refuseUnread(Problem problem, String reason) {
    String id = loop.ids.next();
    Answer answer = loop.shared.parts().gateway().refusal(problem, id);
    loop.shared.noise().count(answer.code(), peer.source());
    String head =
        "HTTP/1.1 "
            + answer.status()
            + " "
            + reason
            + "\r\nContent-Type: application/json\r\nX-Request-Id: "
            + id
            + "\r\nConnection: close\r\nContent-Length: "
            + answer.body().length
            + "\r\n\r\n";
    return http.channelHandlerContext()
        .pipeline()
        .context(DECODER)
        .writeAndFlush(
            Unpooled.wrappedBuffer(head.getBytes(StandardCharsets.US_ASCII), answer.body()));
  }
}
