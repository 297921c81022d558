package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.vertx.core.http.Http1ServerConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** SECURITY_DESIGN M8: network buffers are cleared before they go back to their pool. */
class WipedTest {
  private static final String REQUEST =
      "POST /x HTTP/1.1\r\nHost: a\r\nX-Auth-Token: hunter2\r\nContent-Length: 9\r\n\r\nplaintext";

  private final StringBuilder body = new StringBuilder();
  private final EmbeddedChannel reading =
      new EmbeddedChannel(
          new StrictDecoder(
              new Http1ServerConfig(),
              () -> {},
              () -> {},
              new Arrived(new HeapShare(Long.MAX_VALUE), "a client"),
              () -> {}),
          new SimpleChannelInboundHandler<HttpObject>() {
            @Override
            protected void channelRead0(ChannelHandlerContext context, HttpObject read) {
              if (read instanceof HttpContent content) {
                body.append(content.content().toString(StandardCharsets.US_ASCII));
              }
            }
          });

  private List<byte[]> arrive(String... parts) {
    List<byte[]> memory = new ArrayList<>();
    for (String part : parts) {
      ByteBuf arrived = Unpooled.buffer().writeBytes(part.getBytes(StandardCharsets.US_ASCII));
      memory.add(arrived.array());
      reading.writeInbound(arrived);
    }
    return memory;
  }

  @Test
  void aRequestIsClearedOnceItIsRead() {
    List<byte[]> memory = arrive(REQUEST, REQUEST);

    assertThat(body).hasToString("plaintextplaintext");
    assertThat(memory).allSatisfy(bytes -> assertThat(bytes).containsOnly(0));
  }

  @Test
  void aRequestInPiecesIsClearedPieceByPiece() {
    for (int cut = 1; cut < REQUEST.length() - 1; cut++) {
      body.setLength(0);
      List<byte[]> memory =
          arrive(
              REQUEST.substring(0, cut),
              REQUEST.substring(cut, cut + 1),
              REQUEST.substring(cut + 1));

      assertThat(body).as("cut at " + cut).hasToString("plaintext");
      assertThat(memory).allSatisfy(bytes -> assertThat(bytes).containsOnly(0));
    }
  }

  @Test
  void whatWasNotReadIsClearedWhenTheConnectionEnds() {
    List<byte[]> memory = arrive(REQUEST.substring(0, 60));
    var _ = reading.close();

    assertThat(memory).allSatisfy(bytes -> assertThat(bytes).containsOnly(0));
  }

  @Test
  void aSecretAnswerIsClearedOnceItIsWritten() {
    Wiped.Answers answers = new Wiped.Answers();
    EmbeddedChannel writing = new EmbeddedChannel(new Socket(), answers);

    byte[] secret = written(writing, answers, true);
    byte[] plain = written(writing, answers, false);

    assertThat(secret).containsOnly(0);
    assertThat(new String(plain, StandardCharsets.US_ASCII)).startsWith("answer");
  }

  private static byte[] written(EmbeddedChannel channel, Wiped.Answers answers, boolean secret) {
    ByteBuf answer = Unpooled.buffer().writeBytes("answer".getBytes(StandardCharsets.US_ASCII));
    byte[] memory = answer.array();
    answers.secret(secret);
    var _ = channel.writeOneOutbound(answer);
    return memory;
  }

  /** Lets go of what is written, as a socket does, and then says so. */
  private static final class Socket extends ChannelOutboundHandlerAdapter {
    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
      ((ByteBuf) message).release();
      promise.setSuccess();
    }
  }
}
