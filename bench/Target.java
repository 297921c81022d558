import dev.yaoku.cli.RequestSigner;
import dev.yaoku.cli.WireClient;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** A server under measurement as its clients see it. The bare one ignores who calls. */
final class Target implements AutoCloseable {
  final String name;
  final ServerProcess process;
  private final RequestSigner signer;
  private final String accessKey;
  private final String project;
  final WireClient client;

  Target(
      String name, ServerProcess process, RequestSigner signer, String accessKey, String project) {
    this.name = name;
    this.process = process;
    this.signer = signer;
    this.accessKey = accessKey;
    this.project = project;
    this.client = new WireClient(process.endpoint(), signer, InstantSource.system());
  }

  URI endpoint() {
    return process.endpoint();
  }

  String path(String call) {
    return "/v1.0/" + project + "/kms/" + call;
  }

  String createKey(String alias) throws IOException {
    return createKey(Map.of("key_alias", alias));
  }

  String createKey(String alias, String spec) throws IOException {
    return createKey(Map.of("key_alias", alias, "key_spec", spec));
  }

  String createKey(String alias, String spec, String usage) throws IOException {
    return createKey(Map.of("key_alias", alias, "key_spec", spec, "key_usage", usage));
  }

  /** One that waits for material. */
  String createExternalKey(String alias) throws IOException {
    return createKey(Map.of("key_alias", alias, "origin", "external"));
  }

  String createExternalKey(String alias, String spec, String usage) throws IOException {
    return createKey(
        Map.of("key_alias", alias, "origin", "external", "key_spec", spec, "key_usage", usage));
  }

  private String createKey(Map<String, ?> order) throws IOException {
    return client.post(path("create-key"), order).at("/key_info/key_id").asString();
  }

  String encrypt(String key, String text) throws IOException {
    return client
        .post(path("encrypt-data"), Map.of("key_id", key, "plain_text", text))
        .get("cipher_text")
        .asString();
  }

  /** A call that is to be made. */
  record Order(String call, String body) {}

  /** Writes signed requests, as they go over the wire, for the load generators. */
  Path write(Path file, String call, List<String> bodies) throws IOException {
    return write(file, call, bodies, List.of(signer));
  }

  /** The same, signed by one after the other. */
  Path write(Path file, String call, List<String> bodies, List<RequestSigner> signers)
      throws IOException {
    return write(file, bodies.stream().map(body -> new Order(call, body)).toList(), signers);
  }

  /** The same of several calls. */
  Path write(Path file, List<Order> orders) throws IOException {
    return write(file, orders, List.of(signer));
  }

  private Path write(Path file, List<Order> orders, List<RequestSigner> signers)
      throws IOException {
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
      for (int i = 0; i < orders.size(); i++) {
        Order order = orders.get(i);
        byte[] request = request(order.call(), order.body(), signers.get(i % signers.size()));
        out.write((request.length + "\n").getBytes(StandardCharsets.US_ASCII));
        out.write(request);
      }
    }
    return file;
  }

  /** One request with its signature, ready to be sent within the next 15 minutes. */
  byte[] request(String call, String body) {
    return request(call, body, signer);
  }

  /** Another caller, or another's wrong key. */
  RequestSigner signer(String accessKey, String secretKey) {
    return new RequestSigner(accessKey, secretKey, project);
  }

  String accessKey() {
    return accessKey;
  }

  byte[] request(String call, String body, RequestSigner signer) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder text = new StringBuilder("POST ").append(path(call)).append(" HTTP/1.1\r\n");
    signer
        .sign("POST", endpoint().getAuthority(), path(call), bytes, Instant.now())
        .forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    text.append("content-type: application/json\r\n");
    text.append("content-length: ").append(bytes.length).append("\r\n\r\n").append(body);
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    client.close();
    process.close();
  }
}
