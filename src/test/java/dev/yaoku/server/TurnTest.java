package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What connections read and write in one turn of their event loop, and in which order. */
class TurnTest {
  private static final int MANY_BYTES = 200 << 10;

  private final List<String> seen = new ArrayList<>();
  private final DefaultEventLoop events = new DefaultEventLoop();
  private final Turn turn = new Turn(events);

  /** Notes what reaches the decoder's place. */
  private final class Noting extends ChannelInboundHandlerAdapter {
    private final String name;

    Noting(String name) {
      this.name = name;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      seen.add(name + " read " + bytes.readableBytes());
      bytes.release();
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      seen.add(name + " has read");
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      seen.add(name + " closed");
    }
  }

  @AfterEach
  void end() {
    var _ = events.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  @Test
  void whatConnectionsReadIsWorkedOnWhenAllHaveRead() throws Exception {
    onLoop(() -> {
      reads(connection("a"), 1);
      reads(connection("b"), 2);

      assertThat(seen).isEmpty();
    });
    onLoop(
        () -> assertThat(seen).containsExactly("a read 1", "a has read", "b read 2", "b has read"));
  }

  @Test
  void severalReadsOfOneConnectionAreOne() throws Exception {
    onLoop(() -> {
      EmbeddedChannel a = connection("a");
      a.pipeline().fireChannelRead(bytes(1));
      a.pipeline().fireChannelRead(bytes(2));
      a.pipeline().fireChannelReadComplete();
    });
    onLoop(() -> assertThat(seen).containsExactly("a read 1", "a read 2", "a has read"));
  }

  @Test
  void whatHappenedAfterAReadIsHeardOfAfterIt() throws Exception {
    onLoop(() -> {
      EmbeddedChannel a = connection("a");
      reads(a, 1);
      var _ = a.close();

      assertThat(seen).containsExactly("a read 1", "a has read", "a closed");
    });
  }

  @Test
  void whatIsTooMuchToHoldIsNotHeld() throws Exception {
    onLoop(() -> {
      EmbeddedChannel a = connection("a");
      reads(a, MANY_BYTES);
      assertThat(seen).isEmpty();

      reads(a, MANY_BYTES);
      assertThat(seen).startsWith("a read " + MANY_BYTES, "a read " + MANY_BYTES);
    });
  }

  @Test
  void answersLeaveWhenAllOfThemAreWritten() throws Exception {
    onLoop(() -> {
      EmbeddedChannel a = connection("a");
      EmbeddedChannel b = connection("b");
      turn.answer(() -> {
        var _ = a.writeAndFlush(bytes(1));
        var _ = b.writeAndFlush(bytes(2));

        assertThat(a.outboundMessages()).isEmpty();
        assertThat(b.outboundMessages()).isEmpty();
      });
      assertThat(a.outboundMessages()).hasSize(1);
      assertThat(b.outboundMessages()).hasSize(1);

      var _ = a.writeAndFlush(bytes(3));
      assertThat(a.outboundMessages()).hasSize(2);
      a.finishAndReleaseAll();
      b.finishAndReleaseAll();
    });
  }

  @Test
  void answersLeaveAlsoWhereWorkFails() throws Exception {
    onLoop(() -> {
      EmbeddedChannel a = connection("a");
      try {
        turn.answer(() -> {
          var _ = a.writeAndFlush(bytes(1));
          throw new IllegalStateException("a defect");
        });
      } catch (IllegalStateException defect) {
        seen.add("failed");
      }
      assertThat(seen).containsExactly("failed");
      assertThat(a.outboundMessages()).hasSize(1);
      a.finishAndReleaseAll();
    });
  }

  @Test
  void anAnswerLeavesBeforeItsConnectionEnds() throws Exception {
    onLoop(() -> {
      EmbeddedChannel a = connection("a");
      turn.answer(() -> {
        var _ = a.writeAndFlush(bytes(1));
        var _ = a.close();
      });
      assertThat(a.outboundMessages()).hasSize(1);
      a.finishAndReleaseAll();
    });
  }

  @Test
  void whatAConnectionThatIsCutWroteIsForgotten() throws Exception {
    onLoop(() -> {
      EmbeddedChannel a = connection("a");
      turn.answer(() -> {
        var _ = a.writeAndFlush(bytes(1));
        a.unsafe().close(a.unsafe().voidPromise());
      });
      assertThat(a.outboundMessages()).isEmpty();
    });
  }

  private EmbeddedChannel connection(String name) {
    return new EmbeddedChannel(new TurnHandler(turn), new Noting(name));
  }

  private static void reads(EmbeddedChannel connection, int bytes) {
    connection.pipeline().fireChannelRead(bytes(bytes));
    connection.pipeline().fireChannelReadComplete();
  }

  private static ByteBuf bytes(int count) {
    return Unpooled.wrappedBuffer(new byte[count]);
  }

  /** Runs on the loop, and comes back when it ran. */
  private void onLoop(Runnable work) throws Exception {
    events.submit(work).get(10, TimeUnit.SECONDS);
  }
}
