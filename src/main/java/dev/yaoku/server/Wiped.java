package dev.yaoku.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.ByteToMessageDecoder.Cumulator;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Clears network buffers before they go back to their pool (SECURITY_DESIGN M8). Requests of every
 * route are cleared, as nobody knows yet what is in them.
 */
final class Wiped implements Cumulator {
  /** The buffer that is being read, held by us once more than by its reader. */
  private @Nullable ByteBuf held;

  /** Keeps a buffer that just arrived from going back before it is cleared. */
  void hold(ByteBuf arrived) {
    if (held == null) {
      held = arrived.retain();
    }
  }

  @Override
  public ByteBuf cumulate(ByteBufAllocator allocator, ByteBuf read, ByteBuf arrived) {
    if (!read.isReadable()) {
      // The first buffer of all: the reader's own start is an empty one.
      read.release();
      clearWhatIsRead();
      hold(arrived);
      return arrived;
    }
    ByteBuf joined = allocator.buffer(read.readableBytes() + arrived.readableBytes());
    joined.writeBytes(read).writeBytes(arrived);
    release();
    clearAndRelease(read);
    clearAndRelease(arrived);
    held = joined.retain();
    return joined;
  }

  /** Clears the buffer if its reader is done with it. */
  void clearWhatIsRead() {
    ByteBuf buffer = held;
    if (buffer != null && buffer.refCnt() == 1) {
      held = null;
      clearAndRelease(buffer);
    }
  }

  /** Lets go of the buffer, read or not. */
  void release() {
    ByteBuf buffer = held;
    if (buffer != null) {
      held = null;
      clearAndRelease(buffer);
    }
  }

  /** Clears what nobody will read. */
  static void clearAndRelease(Object message) {
    if (message instanceof ByteBuf buffer) {
      clearAndRelease(buffer);
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private static void clearAndRelease(ByteBuf buffer) {
    if (buffer.refCnt() == 1 && !buffer.isReadOnly()) {
      buffer.setZero(0, buffer.writerIndex());
    }
    buffer.release();
  }

  /** Clears the bytes of answers with secrets once they are written. */
  static final class Answers extends ChannelOutboundHandlerAdapter {
    private boolean secret;

    /** Says whether the next answers carry secrets. */
    void secret(boolean carries) {
      secret = carries;
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      if (secret && message instanceof ByteBuf bytes) {
        bytes.retain();
        ChannelPromise told = promise.unvoid();
        var _ = context.write(message, told);
        told.addListener(_ -> clearAndRelease(bytes));
      } else {
        var _ = context.write(message, promise);
      }
    }
  }
}
