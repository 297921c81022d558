package dev.yaoku.server;

import dev.yaoku.server.Kind.Address;
import dev.yaoku.server.Kind.File;
import dev.yaoku.server.Kind.Networks;
import dev.yaoku.server.Kind.OneOf;
import dev.yaoku.server.Kind.Size;
import dev.yaoku.server.Kind.Span;
import dev.yaoku.server.Kind.Toggle;
import dev.yaoku.server.Kind.Whole;
import java.util.List;

/** Settings of how clients are served, and how much of the server each may take. */
final class ServingSettings {
  static final List<Setting> ALL =
      List.of(
          // listen
          new Setting(
              "listen.address",
              new Address(false),
              "127.0.0.1:7300",
              "Where clients are served. With port 0 the first credentials name the port that the"
                  + " first start was given; at a later start, tell commands by `--endpoint` which"
                  + " one it became."),
          new Setting(
              "listen.plain-http",
              OneOf.words("loopback", "insecure-lab"),
              "loopback",
              "Where plain HTTP is served. `loopback`: on loopback addresses only; once"
                  + " `trusted-proxies` names a proxy, on any address and to everyone, but secrets,"
                  + " such as passwords, tokens and data keys, are taken and given over loopback"
                  + " and by way of that proxy only. `insecure-lab`: everywhere; secrets then"
                  + " travel readable."),
          new Setting(
              "listen.trusted-proxies",
              new Networks(),
              "",
              "Proxies whose `X-Forwarded-For` is believed and that end TLS for us. Links in"
                  + " answers, and the catalog, then begin with https. Where `X-Forwarded-Proto`"
                  + " says http they do not, and no secret is taken or given, as over any readable"
                  + " connection."),
          new Setting(
              "listen.native-transport",
              new Toggle(),
              "true",
              "Use epoll where it is there; Java's own transport otherwise."),
          new Setting(
              "listen.event-loops",
              new Whole(0, 256),
              "0",
              "How many event loops serve clients; 0 for one per core."),
          new Setting(
              "listen.backlog",
              new Whole(1, 65_535),
              "1024",
              "How many connections the kernel keeps waiting."),
          // admin
          new Setting(
              "admin.address",
              new Address(true),
              "127.0.0.1:7301",
              "Where `/metrics` and `/health/*` are served to the operator, without"
                  + " authentication: loopback addresses only."),
          // tls
          new Setting(
              "tls.certificate",
              new File(),
              "",
              "PEM file of the certificate chain, leaf first. Its key is RSA of 2048 bits or more,"
                  + " P-256, P-384 or P-521. Empty: no TLS."),
          new Setting(
              "tls.key",
              new File(),
              "",
              "PEM file of the private key, PKCS#8, not encrypted. Its mode is 600, or 640 where a"
                  + " group of this user may read it."),
          new Setting(
              "tls.reload-every",
              Span.between("100ms", "1d"),
              "10s",
              "How often the two files are looked at; a changed pair is taken without a restart."),
          new Setting(
              "tls.handshake-deadline",
              Span.between("100ms", "1m"),
              "10s",
              "How long a handshake may take."),
          new Setting(
              "tls.client-revocation-lists",
              new File(),
              "",
              "Folder of lists of revoked client certificates (`*.crl`, `*.pem`), read again every"
                  + " 10 s. The folder must be there when the server starts, and each of these"
                  + " files one list or several, with nothing behind the last. An issuer without a"
                  + " complete list that is in its time has all its certificates refused, if it has"
                  + " any list. Empty: none is revoked by a list."),
          // limits
          new Setting(
              "limits.uri-bytes",
              new Size(256, 65_536),
              "8KiB",
              "Longest request line; 414 beyond."),
          new Setting(
              "limits.header-bytes",
              new Size(512, 1 << 20),
              "16KiB",
              "All headers of a request together; 414 beyond."),
          new Setting(
              "limits.header-count",
              new Whole(8, 1000),
              "64",
              "Header lines of a request; 414 beyond."),
          new Setting(
              "limits.body-bytes",
              new Size(1024, 1 << 20),
              "64KiB",
              "Longest body of an operation that names no shorter one; 413 beyond."),
          new Setting(
              "limits.json-depth", new Whole(4, 500), "32", "Deepest nesting of a JSON body."),
          new Setting(
              "limits.request-deadline",
              Span.between("100ms", "10m"),
              "30s",
              "From a request's first byte to its last; the connection is cut after that."),
          new Setting(
              "limits.answer-deadline",
              Span.between("100ms", "10m"),
              "30s",
              "How long a client may take to read an answer."),
          new Setting(
              "limits.idle-deadline",
              Span.between("100ms", "1d"),
              "2m",
              "How long a connection may stay open between requests."),
          new Setting(
              "limits.connections",
              new Whole(1, 1_000_000),
              "10000",
              "Open connections in all; 503 and close beyond."),
          new Setting(
              "limits.connections-per-source",
              new Whole(1, 1_000_000),
              "2000",
              "Open connections from one address, trusted proxies excepted; 429 and close beyond."),
          new Setting(
              "limits.requests-per-user",
              new Whole(0, 1_000_000),
              "0",
              "Requests of one user in a second on this node, a second's worth at once; 429"
                  + " APIGW.0308 with `Retry-After` beyond. 0: no limit."),
          new Setting(
              "limits.requests-per-project",
              new Whole(0, 1_000_000),
              "0",
              "The same for all requests in one project."),
          new Setting(
              "limits.unanswered-bytes",
              new Size(0, 1L << 40),
              "0",
              "What requests longer than 2 KiB may take together from their first byte until they"
                  + " are answered, half of it those from one address, trusted proxies excepted;"
                  + " 503 beyond. 0: an eighth of the heap."),
          new Setting(
              "limits.unread-bytes",
              new Size(0, 1L << 40),
              "0",
              "What answers longer than 16 KiB may take together until their clients have read"
                  + " them, half of it those of one project; 503 beyond. 0: an eighth of the"
                  + " heap."),
          // lanes
          new Setting(
              "lanes.fast-in-flight",
              new Whole(1, 1_000_000),
              "20000",
              "Requests under way in all, those included whose event waits for the disk; 503"
                  + " beyond."),
          new Setting(
              "lanes.slow-running",
              new Whole(1, 10_000),
              "128",
              "Requests of proved callers that run in the slow lane at once, three quarters of them"
                  + " those of one project."),
          new Setting(
              "lanes.slow-waiting",
              new Whole(1, 1_000_000),
              "4096",
              "Requests that wait for the slow lane in all; 503 beyond."),
          new Setting(
              "lanes.slow-waiting-per-project",
              new Whole(1, 1_000_000),
              "512",
              "Requests of one project that wait for the slow lane; 429 beyond."),
          new Setting(
              "lanes.unproved-running",
              new Whole(1, 1000),
              "32",
              "Look-ups and log-ins of callers not yet known that run at once."),
          new Setting(
              "lanes.unproved-waiting",
              new Whole(1, 100_000),
              "256",
              "Those that wait; 503 beyond, and 429 for an address with more than a quarter of"
                  + " them."));

  private ServingSettings() {}
}
