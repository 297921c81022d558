import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.netty.buffer.ByteBufInputStream;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.json.JsonMapper;

/** The four operations with one key that never changes. One instance a connection, one thread. */
final class BareHandler extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final String KEY_ID = "0d0466b0-e727-4d9c-b35d-f84bb474a37f";
  private static final int IV_BYTES = 12;
  private static final JsonMapper JSON = new JsonMapper();
  private static final SecretKeySpec KEY = new SecretKeySpec(new byte[32], "AES");
  private static final Cipher CIPHER = cipher();
  private static final SecureRandom RANDOM = new SecureRandom();
  private static long messages;

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Request(
      @JsonProperty("key_id") String keyId,
      @JsonProperty("plain_text") String plainText,
      @JsonProperty("cipher_text") String cipherText,
      @JsonProperty("key_spec") String keySpec) {}

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest http)
      throws Exception {
    Request request;
    try (InputStream body = new ByteBufInputStream(http.content())) {
      request = JSON.readValue(body, Request.class);
    }
    String path = http.uri();
    byte[] answer =
        JSON.writeValueAsBytes(answer(path.substring(path.lastIndexOf('/') + 1), request));
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.OK, Unpooled.wrappedBuffer(answer));
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
        .setInt(HttpHeaderNames.CONTENT_LENGTH, answer.length);
    context.write(response, context.voidPromise());
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    context.flush();
  }

  private static Map<String, Object> answer(String call, Request request)
      throws GeneralSecurityException {
    return switch (call) {
      case "create-key" -> Map.of("key_info", Map.of("key_id", KEY_ID));
      case "encrypt-data" -> {
        byte[] sealed = seal(request.plainText().getBytes(UTF_8));
        yield Map.of(
            "key_id", request.keyId(), "cipher_text", Base64.getEncoder().encodeToString(sealed));
      }
      case "decrypt-data" -> {
        byte[] plain = open(Base64.getDecoder().decode(request.cipherText()));
        yield Map.of(
            "key_id",
            KEY_ID,
            "plain_text",
            new String(plain, UTF_8),
            "plain_text_base64",
            Base64.getEncoder().encodeToString(plain));
      }
      case "create-datakey" -> {
        byte[] key = new byte[32];
        RANDOM.nextBytes(key);
        HexFormat hex = HexFormat.of().withUpperCase();
        yield Map.of(
            "key_id", request.keyId(),
            "plain_text", hex.formatHex(key),
            "cipher_text", hex.formatHex(seal(key)));
      }
      case "describe-key" -> Map.of("key_info", details(request.keyId()));
      default -> throw new IllegalArgumentException(call);
    };
  }

  private static Map<String, String> details(String keyId) {
    Map<String, String> details = new LinkedHashMap<>();
    details.put("key_id", keyId);
    details.put("domain_id", "b168fe00ff56492495a7d22974df2d0b");
    details.put("key_alias", "bench");
    details.put("realm", "cn-north-4");
    details.put("key_spec", "AES_256");
    details.put("key_usage", "ENCRYPT_DECRYPT");
    details.put("key_description", "");
    details.put("creation_date", "1500000000000");
    details.put("scheduled_deletion_date", "");
    details.put("key_state", "2");
    details.put("default_key_flag", "0");
    details.put("key_type", "1");
    details.put("expiration_time", "");
    details.put("origin", "kms");
    details.put("key_rotation_enabled", "false");
    details.put("sys_enterprise_project_id", "0");
    details.put("keystore_id", "0");
    return details;
  }

  private static byte[] seal(byte[] plain) throws GeneralSecurityException {
    byte[] iv = ByteBuffer.allocate(IV_BYTES).putLong(4, ++messages).array();
    CIPHER.init(Cipher.ENCRYPT_MODE, KEY, new GCMParameterSpec(128, iv));
    byte[] sealed = new byte[IV_BYTES + CIPHER.getOutputSize(plain.length)];
    System.arraycopy(iv, 0, sealed, 0, IV_BYTES);
    CIPHER.doFinal(plain, 0, plain.length, sealed, IV_BYTES);
    return sealed;
  }

  private static byte[] open(byte[] sealed) throws GeneralSecurityException {
    CIPHER.init(Cipher.DECRYPT_MODE, KEY, new GCMParameterSpec(128, sealed, 0, IV_BYTES));
    return CIPHER.doFinal(sealed, IV_BYTES, sealed.length - IV_BYTES);
  }

  private static Cipher cipher() {
    try {
      return Cipher.getInstance("AES/GCM/NoPadding");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
