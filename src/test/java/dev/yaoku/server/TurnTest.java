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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What connections read and write in one turn of their event loop, and in which order. */
class TurnTest {
  private static final int MANY_BYTES = 200 << 10;

  private final List<String> seen = new ArrayList<>();
  private final DefaultEventLoop events = new DefaultEventLoop();
  private final List<Runnable> started = new CopyOnWriteArrayList<>();
  private final Turn turn = new Turn(events, started::add);
  private int depth;
  private int deepest;

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

  /** Fails at each read, and tells its pipeline from the front, as a decoder's caller does. */
  private final class Failing extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ((ByteBuf) message).release();
      deepest = Math.max(deepest, ++depth);
      context.pipeline().fireExceptionCaught(new IllegalStateException("no chunk"));
      depth--;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      seen.add("failed");
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
  void connectionsThatFailWhileTheyReadDoNotPileUp() throws Exception {
    int many = 3_000;
    onLoop(() -> {
      for (int i = 0; i < many; i++) {
        EmbeddedChannel failing = new EmbeddedChannel(new TurnHandler(turn), new Failing());
        failing.pipeline().fireChannelRead(bytes(1));
        failing.pipeline().fireChannelRead(bytes(1));
      }
      reads(connection("good"), 2);
    });
    onLoop(() -> {
      assertThat(seen.stream().filter("failed"::equals)).hasSize(2 * many);
      assertThat(seen).endsWith("good read 2", "good has read");
      assertThat(deepest).isEqualTo(1);
    });
  }

  @Test
  void aConnectionThatIsCutIsClosedForEverybodyWhoWaitsForIt() throws Exception {
    onLoop(() -> {
      EmbeddedChannel a = connection("a");
      a.pipeline().get(TurnHandler.class).cut();
      a.runPendingTasks();

      assertThat(a.closeFuture().isDone()).isTrue();
      assertThat(seen).containsExactly("a closed");
    });
  }

  @Test
  void whatCannotBeHandedOnIsNobodyElses() throws Exception {
    onLoop(() -> {
      EmbeddedChannel broken = connection("broken");
      ByteBuf gone = bytes(1);
      gone.release();
      broken.pipeline().fireChannelRead(gone);
      TurnHandler handler = broken.pipeline().get(TurnHandler.class);
      reads(connection("good"), 2);
      broken.pipeline().remove(handler);
    });
    onLoop(() -> assertThat(seen).endsWith("good read 2", "good has read"));
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
  void answersOfManyDoNotWaitForAll() throws Exception {
    onLoop(() -> {
      List<EmbeddedChannel> many = new ArrayList<>();
      for (int i = 0; i < 1_000; i++) {
        many.add(connection("c" + i));
      }
      turn.answer(() -> {
        for (EmbeddedChannel one : many) {
          var _ = one.writeAndFlush(bytes(1));
        }
        assertThat(many.stream().filter(one -> one.outboundMessages().isEmpty()))
            .hasSizeLessThan(200);
      });
      assertThat(many).allSatisfy(one -> assertThat(one.outboundMessages()).hasSize(1));
      many.forEach(EmbeddedChannel::finishAndReleaseAll);
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

  @Test
  void whatATurnSendsBesideItStartsByOneThreadWhenItHasEnded() throws Exception {
    onLoop(() -> {
      turn.startBeside(() -> seen.add("first"));
      turn.startBeside(() -> seen.add("second"));

      assertThat(started).isEmpty();
    });
    onLoop(() -> assertThat(started).hasSize(1));

    started.getFirst().run();
    assertThat(started).hasSize(3);
    started.subList(1, 3).forEach(Runnable::run);
    assertThat(seen).containsExactly("first", "second");
  }

  @Test
  void whatATurnAloneSendsBesideItTakesOneThread() throws Exception {
    onLoop(() -> turn.startBeside(() -> seen.add("alone")));
    onLoop(() -> assertThat(started).hasSize(1));

    started.getFirst().run();
    assertThat(started).hasSize(1);
    assertThat(seen).containsExactly("alone");
  }

  @Test
  void whatIsSentBesideByOthersThanTheLoopStartsAtOnce() {
    turn.startBeside(() -> seen.add("other"));

    assertThat(started).hasSize(1);
  }

  @Test
  void whatFindsNoThreadStartsWhenThereIsOne() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    CountDownLatch ran = new CountDownLatch(3);
    Turn poor =
        new Turn(
            events,
            work -> {
              if (refused.getAndIncrement() % 2 == 0) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              work.run();
            });
    onLoop(() -> {
      for (int i = 0; i < 3; i++) {
        poor.startBeside(ran::countDown);
      }
    });

    assertThat(ran.await(10, TimeUnit.SECONDS)).isTrue();
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
