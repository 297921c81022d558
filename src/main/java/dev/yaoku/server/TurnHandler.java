package dev.yaoku.server;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection waits for the others of its turn: what it read, until all have read, and what
 * it wrote, until all have written. In front of the decoder, so behind TLS.
 */
final class TurnHandler extends ChannelDuplexHandler {
  private final Turn turn;
  private @Nullable ChannelHandlerContext place;

  /** How many messages are held back. */
  private int held;

  TurnHandler(Turn turn) {
    this.turn = turn;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext added) {
    place = added;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    held++;
    turn.read(this, message, message instanceof ByteBuf bytes ? bytes.capacity() : 0);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (held == 0) {
      context.fireChannelReadComplete();
    }
  }

  /** Hands on what was held back. */
  void deliver(Object message) {
    held--;
    ChannelHandlerContext there = place;
    if (there == null) {
      Wiped.clearAndRelease(message);
      return;
    }
    there.fireChannelRead(message);
    if (held == 0) {
      there.fireChannelReadComplete();
    }
  }

  // What happened after a read is heard of after it.

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    deliverAll();
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    deliverAll();
    context.fireExceptionCaught(cause);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    deliverAll();
    context.fireUserEventTriggered(event);
  }

  private void deliverAll() {
    if (held > 0) {
      turn.deliver();
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext removed) {
    place = null;
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    if (!turn.sendsLater(this)) {
      context.flush();
    }
  }

  /** What was written leaves before the connection ends. */
  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    context.flush();
    var _ = context.close(promise);
  }

  /** Ends the connection without a word. */
  void cut() {
    ChannelHandlerContext there = place;
    if (there != null) {
      there.channel().unsafe().close(there.channel().unsafe().voidPromise());
    }
  }

  /** Sends what was written. */
  void send() {
    ChannelHandlerContext there = place;
    if (there != null) {
      there.flush();
    }
  }
}
