package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.yaoku.server.PlainHttp.Message;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.Http1ServerConfig;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;

/**
 * Bytes of strangers on their way to becoming requests (SECURITY_DESIGN M8, M20): what is taken for
 * a request is one to any reader, however it was cut on its way, and is cleared.
 */
class StrictDecoderFuzz {
  private static final int LINE_MAX = 60;
  private static final int FIELDS_MAX = 200;

  /** What came of the bytes that were tried. */
  private static final Set<String> REACHED = ConcurrentHashMap.newKeySet();

  /** What is replayed in every run is worth it; whoever looks for more runs one target alone. */
  @AfterAll
  static void theTargetComesToItsPoint() {
    if (System.getenv("JAZZER_FUZZ") == null) {
      assertThat(REACHED)
          .containsExactlyInAnyOrder(
              "refused", "nothing yet", "a part", "a request", "a body", "requests in a row");
    }
  }

  @FuzzTest
  void whatIsTakenForARequestIsOneToAnyReader(byte[] bytes) {
    Decoded whole = decoded(List.of(bytes));
    List<byte[]> singly = new ArrayList<>();
    for (byte one : bytes) {
      singly.add(new byte[] {one});
    }
    assertThat(decoded(singly)).as("byte by byte").isEqualTo(whole);
    int cut = bytes.length == 0 ? 0 : Byte.toUnsignedInt(bytes[bytes.length - 1]) % bytes.length;
    List<byte[]> twice =
        List.of(Arrays.copyOf(bytes, cut), Arrays.copyOfRange(bytes, cut, bytes.length));
    assertThat(decoded(twice)).as("cut at %d", cut).isEqualTo(whole);

    List<Message> plain = PlainHttp.read(bytes);
    for (int i = 0; i < whole.messages.size(); i++) {
      Message message = whole.messages.get(i);
      mustKeepLimits(message);
      if (message.fields().stream().anyMatch(field -> field.startsWith(": "))) {
        break; // that is refused by whoever reads heads
      }
      assertThat(plain).hasSizeGreaterThan(i);
      mustBeTheSame(message, plain.get(i));
      if (isTheLast(message)) {
        break;
      }
    }
    remember(whole);
  }

  private static void mustKeepLimits(Message message) {
    assertThat(message.line()).hasSizeLessThanOrEqualTo(LINE_MAX);
    assertThat(String.join("", message.fields())).hasSizeLessThanOrEqualTo(FIELDS_MAX);
  }

  private static void mustBeTheSame(Message message, Message other) {
    assertThat(message.line()).isEqualTo(other.line());
    assertThat(message.fields()).isEqualTo(other.fields());
    if (isTheLast(message)) {
      return;
    }
    if (message.complete()) {
      assertThat(message).isEqualTo(other);
    } else {
      assertThat(other.body()).startsWith(message.body());
    }
  }

  /** Behind such a head the connection ends ({@link HeadReader}), whatever its body is. */
  private static boolean isTheLast(Message head) {
    return head.line().endsWith("HTTP/1.0")
        || head.all("transfer-encoding").stream().anyMatch(v -> !v.equalsIgnoreCase("chunked"))
        || head.all("transfer-encoding").size() > 1
        || !head.all("sec-websocket-key1").isEmpty()
        || !head.all("sec-websocket-key2").isEmpty();
  }

  private static void remember(Decoded decoded) {
    List<Message> messages = decoded.messages;
    if (decoded.refused) {
      REACHED.add("refused");
    } else if (messages.isEmpty()) {
      REACHED.add("nothing yet");
    } else if (!messages.getLast().complete()) {
      REACHED.add("a part");
    } else {
      REACHED.add(messages.size() > 1 ? "requests in a row" : "a request");
    }
    if (messages.stream().anyMatch(m -> m.complete() && !m.body().isEmpty())) {
      REACHED.add("a body");
    }
  }

  /** The requests until the bytes end, or until they are refused. */
  private record Decoded(List<Message> messages, boolean refused) {}

  private static Decoded decoded(List<byte[]> pieces) {
    Requests requests = new Requests();
    EmbeddedChannel channel = new EmbeddedChannel(decoder(), requests);
    List<byte[]> arrived = new ArrayList<>();
    for (byte[] piece : pieces) {
      ByteBuf buffer = Unpooled.buffer(Math.max(piece.length, 1)).writeBytes(piece);
      arrived.add(buffer.array());
      channel.writeInbound(buffer);
    }
    // Whoever goes in the midst of a request made none.
    Decoded decoded = new Decoded(List.copyOf(requests.messages), requests.refused);
    var _ = channel.close();
    assertThat(arrived).allSatisfy(memory -> assertThat(memory).containsOnly(0));
    return decoded;
  }

  private static StrictDecoder decoder() {
    return new StrictDecoder(
        new Http1ServerConfig().setMaxInitialLineLength(LINE_MAX).setMaxHeaderSize(FIELDS_MAX),
        () -> {},
        () -> {},
        new Arrived(new HeapShare(Long.MAX_VALUE), "a client"),
        () -> {});
  }

  /** Puts requests together from what the decoder reads. */
  private static final class Requests extends SimpleChannelInboundHandler<HttpObject> {
    private final List<Message> messages = new ArrayList<>();
    private boolean refused;

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject read) {
      assertThat(refused).as("something behind what was refused").isFalse();
      refused = read.decoderResult().isFailure();
      if (refused) {
        return;
      }
      if (read instanceof HttpRequest head) {
        List<String> fields = new ArrayList<>();
        head.headers()
            .forEach(field ->
                fields.add(field.getKey().toLowerCase(Locale.ROOT) + ": " + field.getValue()));
        String line = head.method().name() + " " + head.uri() + " " + head.protocolVersion().text();
        messages.add(new Message(line, fields, "", false));
      }
      if (read instanceof HttpContent content) {
        Message before = messages.removeLast();
        String body = before.body() + content.content().toString(StandardCharsets.ISO_8859_1);
        messages.add(
            new Message(before.line(), before.fields(), body, read instanceof LastHttpContent));
      }
    }
  }
}
