package dev.yaoku.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.impl.http1.VertxHttpRequestDecoder;
import java.util.List;

/**
 * Reads HTTP/1.1 so strictly that a proxy in front of the server cannot have read the same bytes
 * otherwise: a message with both a Content-Length and a Transfer-Encoding, with a folded header or
 * with blanks in its request line that need not be there is malformed and not repaired
 * (SECURITY_DESIGN M20). It tells when the first byte of a request arrives, and clears what it has
 * read (M8). What is sent around the chunks of a body, such as their sizes and extensions, has a
 * limit of its own: it means nothing to anybody, and is no part of the body that counts against the
 * route's limit.
 */
final class StrictDecoder extends VertxHttpRequestDecoder {
  private static final byte LF = '\n';

  /**
   * So many bytes may be sent around the chunks of a body. A body of 64 KiB in chunks of one byte
   * has 320 KiB of them.
   */
  private static final long AROUND_BYTES_MAX = 512 << 10;

  private final Runnable firstByte;
  private final Runnable tooMuchAround;
  private final Arrived arrived;
  private final Runnable noRoom;
  private final Wiped received = new Wiped();

  private boolean inBody;
  private boolean inHead;
  private boolean broken;
  private long around;
  private boolean ignoring;

  /**
   * A decoder.
   *
   * @param firstByte called when a request begins to arrive, and while its head does
   * @param tooMuchAround called when a body has more around it than anybody needs
   * @param arrived counts what arrives
   * @param noRoom called when there is no room for what arrived, which is dropped
   */
  StrictDecoder(
      Http1ServerConfig limits,
      Runnable firstByte,
      Runnable tooMuchAround,
      Arrived arrived,
      Runnable noRoom) {
    super(limits);
    this.firstByte = firstByte;
    this.tooMuchAround = tooMuchAround;
    this.arrived = arrived;
    this.noRoom = noRoom;
    setCumulator(received);
  }

  /** Where it is read that a message is malformed in a way that the base class would repair. */
  private static final class Malformed extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    Malformed(String why) {
      super(why);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
    if (message instanceof ByteBuf bytes) {
      received.hold(bytes);
      if (!ignoring && !arrived.more(bytes.readableBytes())) {
        ignoring = true;
        noRoom.run();
      }
      try {
        super.channelRead(context, message);
      } finally {
        received.clearWhatIsRead();
      }
      if (ignoring) {
        context.channel().config().setAutoRead(false);
      }
    } else {
      super.channelRead(context, message);
    }
  }

  /** From now on what arrives is dropped. */
  void ignoreTheRest() {
    ignoring = true;
  }

  /** The base class would ask for more where what came meant nothing. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) throws Exception {
    if (ignoring) {
      context.fireChannelReadComplete();
    } else {
      super.channelReadComplete(context);
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    if (broken || ignoring) {
      in.skipBytes(in.readableBytes());
      return;
    }
    int from = in.readerIndex();
    int line = inBody || inHead ? from : firstLine(in);
    if (!inBody) {
      firstByte.run();
      if (folded(in) || (!inHead && spaced(in, line))) {
        refuse(in, out);
        return;
      }
    }
    int before = out.size();
    super.decode(context, in, out);
    if (inBody) {
      countAround(in.readerIndex() - from, out.subList(before, out.size()));
    }
    if (out.size() > before) {
      inHead = false;
      Object last = out.getLast();
      inBody = !(last instanceof LastHttpContent);
      around = inBody ? around : 0;
      broken |= last instanceof HttpObject read && read.decoderResult().isFailure();
    } else if (!inBody) {
      inHead |= in.readerIndex() > line;
    }
  }

  private void countAround(int read, List<Object> messages) {
    around += read;
    for (Object message : messages) {
      if (message instanceof HttpContent content) {
        around -= content.content().readableBytes();
      }
    }
    if (around > AROUND_BYTES_MAX) {
      broken = true;
      tooMuchAround.run();
    }
  }

  private void refuse(ByteBuf in, List<Object> out) {
    broken = true;
    in.skipBytes(in.readableBytes());
    HttpMessage message = createInvalidMessage();
    message.setDecoderResult(DecoderResult.failure(new Malformed("blanks")));
    out.add(message);
  }

  /** Whether a line of the head that is there begins with a blank. */
  private boolean folded(ByteBuf in) {
    int at = in.readerIndex();
    int end = in.writerIndex();
    if (inHead && at < end && isBlank(in.getByte(at))) {
      return true;
    }
    while (true) {
      int lf = in.indexOf(at, end, LF);
      if (lf < 0 || lf + 1 >= end) {
        return false;
      }
      byte next = in.getByte(lf + 1);
      if (isBlank(next)) {
        return true;
      }
      if (at != in.readerIndex() && (next == '\r' || next == LF)) {
        return false;
      }
      at = lf + 1;
    }
  }

  /** Where the request line begins, or will: empty lines before it mean nothing. */
  private static int firstLine(ByteBuf in) {
    int at = in.readerIndex();
    while (at < in.writerIndex() && (in.getByte(at) == '\r' || in.getByte(at) == LF)) {
      at++;
    }
    return at;
  }

  /**
   * Whether the three words of the request line stand apart by anything but one space: who reads
   * less strictly finds other words in it (RFC 9112, section 3).
   */
  private static boolean spaced(ByteBuf in, int line) {
    int lf = in.indexOf(line, in.writerIndex(), LF);
    int end = lf > line && in.getByte(lf - 1) == '\r' ? lf - 1 : lf;
    int spaces = 0;
    for (int at = line; at < end; at++) {
      byte character = in.getByte(at);
      if (character >= 0 && character < ' ') {
        return true;
      }
      spaces += character == ' ' ? 1 : 0;
    }
    return lf >= 0 && spaces != 2;
  }

  private static boolean isBlank(byte character) {
    return character == ' ' || character == '\t';
  }

  @Override
  protected HttpMessage createMessage(String[] line) {
    String version = line[2];
    if (!version.equals("HTTP/1.1") && !version.equals("HTTP/1.0")) {
      throw new Malformed("protocol");
    }
    return super.createMessage(line);
  }

  @Override
  protected HttpMessage createInvalidMessage() {
    return new DefaultFullHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");
  }

  @Override
  protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
    throw new Malformed("both framings");
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext context) throws Exception {
    super.handlerRemoved0(context);
    received.release();
  }
}
