package dev.yaoku.conformance;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.huaweicloud.sdk.core.HttpListener;
import com.huaweicloud.sdk.core.auth.BasicCredentials;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.core.http.HttpConfig;
import com.huaweicloud.sdk.kms.v2.KmsClient;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequest;
import com.huaweicloud.sdk.kms.v2.model.CreateKeyRequestBody;
import com.huaweicloud.sdk.kms.v2.model.KeyDetails;
import com.huaweicloud.sdk.kms.v2.model.ListKeyDetailRequest;
import com.huaweicloud.sdk.kms.v2.model.OperateKeyRequestBody;
import dev.yaoku.server.LiveServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** The official SDK for Java, unmodified, and a whole server that it talks to over HTTP. */
final class Sdk implements AutoCloseable {
  static {
    // It writes a line for every request.
    System.setProperty("org.slf4j.simpleLogger.log.HuaweiCloud-SDK-Access", "warn");
  }

  /** A second region that the server serves. */
  static final String FAR_REGION = "cn-south-1";

  final LiveServer server;
  final KmsClient kms;

  /** For what this version of the SDK does not have. */
  final ForeignClient overHttp;

  private final Routes routes;
  private final Path folder;
  private final Set<String> succeeded = ConcurrentHashMap.newKeySet();
  private final AtomicInteger names = new AtomicInteger();

  private Sdk(Path folder) throws IOException {
    this.folder = folder;
    this.server =
        new LiveServer(
            folder.resolve("data"), Map.of("quotas.keys", "10000", "regions.others", FAR_REGION));
    HttpConfig http = HttpConfig.getDefaultHttpConfig();
    http.addHttpListener(HttpListener.forResponseListener(this::note));
    this.kms =
        KmsClient.newBuilder()
            .withHttpConfig(http)
            .withCredential(
                new BasicCredentials()
                    .withAk(server.known("ak"))
                    .withSk(server.known("sk"))
                    .withProjectId(server.known("project_id")))
            .withEndpoints(List.of(server.endpoint()))
            .build();
    this.overHttp = new ForeignClient(server, Style.PYTHON_SDK);
    this.routes = Routes.of(server);
  }

  static Sdk start() {
    try {
      return new Sdk(Files.createTempDirectory("yaoku-sdk"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void note(HttpListener.ResponseListener response) {
    if (response.statusCode() < 300) {
      succeeded.add(response.exchange().getApiReference().getName());
    }
  }

  /** Names of the operations that were answered with success since {@link #forget}. */
  Set<String> succeeded() {
    return Set.copyOf(succeeded);
  }

  /** The same for {@link #overHttp}. */
  Set<String> succeededOverHttp() {
    return overHttp.succeeded().stream().map(routes::operation).collect(Collectors.toSet());
  }

  void forget() {
    succeeded.clear();
    overHttp.forget();
  }

  /** The refusal of a call. */
  static ServiceResponseException refusal(ThrowingCallable call) {
    return catchThrowableOfType(ServiceResponseException.class, call);
  }

  String name() {
    return "sdk-" + names.incrementAndGet();
  }

  /** A new key of the usual kind. */
  String key() {
    return key(new CreateKeyRequestBody());
  }

  String key(String spec, String usage) {
    return key(
        new CreateKeyRequestBody()
            .withKeySpec(CreateKeyRequestBody.KeySpecEnum.fromValue(spec))
            .withKeyUsage(CreateKeyRequestBody.KeyUsageEnum.fromValue(usage)));
  }

  String key(CreateKeyRequestBody body) {
    return kms.createKey(new CreateKeyRequest().withBody(body.withKeyAlias(name())))
        .getKeyInfo()
        .getKeyId();
  }

  static OperateKeyRequestBody about(String key) {
    return new OperateKeyRequestBody().withKeyId(key);
  }

  KeyDetails details(String key) {
    return kms.listKeyDetail(new ListKeyDetailRequest().withBody(about(key))).getKeyInfo();
  }

  static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  static byte[] bytes(String base64) {
    return Base64.getDecoder().decode(base64);
  }

  @Override
  public void close() throws IOException {
    server.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
