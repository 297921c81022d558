package dev.yaoku.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.Wrapped;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Identities;
import dev.yaoku.store.Rows;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A user of a running server with an access key, who signs what he sends, query included. */
public final class Tenant {
  private static final JsonMapper JSON = new JsonMapper();
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final String LOOPBACK = "127.0.0.1";
  private static final AtomicInteger FOUNDED = new AtomicInteger(10);

  public final String account;
  public final String project;
  public final String user;
  private final LiveServer server;
  private final String host;
  private final String accessKey;
  private final String secretKey;
  private Duration ahead = Duration.ZERO;

  private Tenant(
      LiveServer server,
      String host,
      String account,
      String project,
      String user,
      String accessKey,
      String secretKey) {
    this.server = server;
    this.host = host;
    this.account = account;
    this.project = project;
    this.user = user;
    this.accessKey = accessKey;
    this.secretKey = secretKey;
  }

  /** The administrator whose credentials the server wrote. */
  public static Tenant first(LiveServer server) {
    return new Tenant(
        server,
        LOOPBACK,
        server.known("domain_id"),
        server.known("project_id"),
        server.known("user_id"),
        server.known("ak"),
        server.known("sk"));
  }

  /** The administrator of an account that was just made over HTTP. */
  public static Tenant of(LiveServer server, Reply made) {
    return new Tenant(
        server,
        LOOPBACK,
        made.text("/account/id"),
        made.text("/project/id"),
        made.text("/administrator/id"),
        made.text("/administrator/access"),
        made.text("/administrator/secret"));
  }

  /** The same user with the same access key, at a server that runs now. */
  Tenant at(LiveServer running) {
    return new Tenant(running, host, account, project, user, accessKey, secretKey);
  }

  /** The administrator of another account, with a project of its own. */
  public static Tenant another(LiveServer server) {
    int number = FOUNDED.incrementAndGet();
    String account = "acc" + "0".repeat(27) + number;
    String project = "b0b" + "0".repeat(27) + number;
    server
        .yaoku
        .installation()
        .store()
        .write(tx -> {
          tx.insert(new Rows.Account(account, "tenant-" + number, true, Instant.now(), 1));
          return true;
        });
    found(server, account, project, server.known("region"));
    return user(server, account, project, true);
  }

  private static void found(LiveServer server, String account, String project, String name) {
    Hierarchy.NewProjectKey key = server.yaoku.installation().hierarchy().newProjectKey(project);
    String region = server.known("region");
    Instant now = Instant.now();
    server
        .yaoku
        .installation()
        .store()
        .write(tx -> {
          tx.insert(new Rows.Project(project, account, name, region, true, now, 1));
          tx.insert(
              new Rows.ProjectKey(project, key.version(), key.wrapped(), key.lasting(), now, 1));
          return true;
        });
  }

  /** Dates what this user signs by a clock that is so far ahead. */
  public Tenant dating(Duration howFarAhead) {
    ahead = howFarAhead;
    return this;
  }

  /** The same user, who reaches the server at another of its addresses. */
  public Tenant at(String address) {
    return new Tenant(server, address, account, project, user, accessKey, secretKey);
  }

  /** Another user of the account, by an access key of that user. */
  public Tenant as(String otherUser, String otherKey, String otherSecret) {
    return new Tenant(server, host, account, project, otherUser, otherKey, otherSecret);
  }

  /** The same user in another project. */
  public Tenant in(String other) {
    return new Tenant(server, host, account, other, user, accessKey, secretKey);
  }

  /** The same user in a further project of the account. */
  public Tenant elsewhere() {
    int number = FOUNDED.incrementAndGet();
    String further = "fab" + "0".repeat(27) + number;
    found(server, account, further, "further-" + number);
    return new Tenant(server, host, account, further, user, accessKey, secretKey);
  }

  /**
   * Makes one of this project's keys one of a cloud service, behind the server's back; its name is
   * {@code obs/default} then.
   */
  public String defaultKey() {
    String id = key("becomes-default-" + FOUNDED.incrementAndGet(), "");
    server
        .yaoku
        .installation()
        .store()
        .write(tx -> {
          Key row = tx.lockKey(new KeyId(id)).orElseThrow();
          return tx.update(
              new Key(
                  row.id(),
                  row.account(),
                  row.project(),
                  "obs/default",
                  row.description(),
                  row.spec(),
                  row.usage(),
                  row.origin(),
                  row.state(),
                  row.createdAt(),
                  row.realm(),
                  row.enterpriseProject(),
                  row.keystore(),
                  true,
                  row.currentVersion(),
                  row.rotation(),
                  row.materialExpiresAt(),
                  row.multiRegion(),
                  row.rowVersion()));
        });
    server.yaoku.wiring().keys().keys().changedAll();
    return id;
  }

  /** The public name of what this user signs with. */
  public String accessKey() {
    return accessKey;
  }

  /** A user of this account who is no administrator. */
  public Tenant colleague() {
    return user(server, account, project, false);
  }

  private static Tenant user(
      LiveServer server, String account, String project, boolean administrator) {
    int number = FOUNDED.incrementAndGet();
    String user = "abe" + "0".repeat(27) + number;
    String accessKey = "YKTENANT0000000000" + number;
    String secretKey = "secret-of-a-tenant-of-a-test-server-00" + number;
    Hierarchy hierarchy = server.yaoku.installation().hierarchy();
    try (SecretBytes secret = SecretBytes.take(secretKey.getBytes(UTF_8));
        SecretBytes password = SecretBytes.take("never used".getBytes(UTF_8))) {
      Wrapped wrapped =
          hierarchy.wrapSecretAccessKey(account, user, accessKey, Identities.PERMANENT, secret);
      Wrapped sealed = hierarchy.wrapPassword(account, user, password);
      Instant now = Instant.now();
      server
          .yaoku
          .installation()
          .store()
          .write(tx -> {
            tx.insert(
                new Rows.User(
                    user,
                    account,
                    "user-" + number,
                    sealed.bytes(),
                    sealed.keyVersion(),
                    administrator,
                    true,
                    now,
                    1));
            tx.insert(
                new Rows.AccessKey(
                    accessKey, account, user, wrapped.bytes(), wrapped.keyVersion(), true, now, 1));
            return true;
          });
    }
    return new Tenant(server, LOOPBACK, account, project, user, accessKey, secretKey);
  }

  /** What came back. */
  public record Reply(int status, HttpResponse<String> raw) {
    public JsonNode json() {
      return JSON.readTree(raw.body());
    }

    public JsonNode at(String pointer) {
      return json().at(pointer);
    }

    public String text(String pointer) {
      assertThat(at(pointer).isString()).as(pointer + " is text in " + raw.body()).isTrue();
      return at(pointer).stringValue();
    }

    /** The error code, nested or flat; the status where there is none. */
    public String code() {
      if (status < 300) {
        return Integer.toString(status);
      }
      return at("/error/error_code").asString(at("/error_code").asString(""));
    }

    public Reply is(int expected) {
      assertThat(status).as(raw.body()).isEqualTo(expected);
      return this;
    }
  }

  /** Posts to {@code …/kms/…} of the own project; apostrophes in the body stand for quotes. */
  public Reply kms(String operation, String body) {
    return call("POST", "/kms/" + operation, body);
  }

  /** The same, where only success goes on. */
  public Reply ok(String operation, String body) {
    Reply reply = kms(operation, body);
    assertThat(reply.status()).as(operation + " " + reply.raw().body()).isLessThan(300);
    return reply;
  }

  /** A new key with these members besides its name. */
  public String key(String name, String more) {
    String members = "{'key_alias':'" + name + "'" + (more.isEmpty() ? "" : "," + more) + "}";
    return ok("create-key", members).text("/key_info/key_id");
  }

  /** Calls something below the own project. */
  public Reply call(String method, String path, String body) {
    return send(method, "/v1.0/" + project + path, body);
  }

  /** Sends a signed request. */
  public Reply send(String method, String target, String body) {
    return send(method, target, body, Map.of());
  }

  /** Sends a signed request with more headers. */
  public Reply send(String method, String target, String body, Map<String, String> unsigned) {
    byte[] bytes = body.replace('\'', '"').getBytes(UTF_8);
    URI uri = URI.create("http://" + authority() + target);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri).header("content-type", "application/json");
    unsigned.forEach(request::header);
    headers(method, target, bytes)
        .forEach((name, value) -> {
          if (!name.equals("host")) {
            request.header(name, value);
          }
        });
    HttpResponse<String> answer =
        server.send(request.method(method, HttpRequest.BodyPublishers.ofByteArray(bytes)));
    return new Reply(answer.statusCode(), answer);
  }

  private String authority() {
    return host + ":" + server.yaoku.port();
  }

  private Map<String, String> headers(String method, String target, byte[] body) {
    int mark = target.indexOf('?');
    String path = mark < 0 ? target : target.substring(0, mark);
    String[] query = mark < 0 ? new String[0] : target.substring(mark + 1).split("&", -1);
    Arrays.sort(query);
    Map<String, String> headers = new TreeMap<>();
    headers.put("host", authority());
    headers.put("x-sdk-date", DATE.format(Instant.now().plus(ahead)));
    StringBuilder canonical = new StringBuilder(method + "\n" + path);
    canonical.append(path.endsWith("/") ? "\n" : "/\n").append(String.join("&", query));
    canonical.append('\n');
    headers.forEach((name, value) -> canonical.append(name).append(':').append(value).append('\n'));
    String names = String.join(";", headers.keySet());
    canonical.append('\n').append(names).append('\n').append(sha256(body));
    String toSign =
        "SDK-HMAC-SHA256\n"
            + headers.get("x-sdk-date")
            + "\n"
            + sha256(canonical.toString().getBytes(UTF_8));
    Map<String, String> all = new HashMap<>(headers);
    all.put(
        "authorization",
        "SDK-HMAC-SHA256 Access=%s, SignedHeaders=%s, Signature=%s"
            .formatted(accessKey, names, hmac(toSign)));
    return all;
  }

  private String hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secretKey.getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
