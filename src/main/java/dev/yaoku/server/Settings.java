package dev.yaoku.server;

import dev.yaoku.server.Kind.OneOf;
import dev.yaoku.server.Kind.Size;
import dev.yaoku.server.Kind.Span;
import dev.yaoku.server.Kind.Toggle;
import dev.yaoku.server.Kind.Whole;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Every setting there is, once: read from here, documented from here. */
final class Settings {
  private static final Kind TEXT = new Kind.Text();
  private static final Kind TOGGLE = new Toggle();
  private static final Kind FILE = new Kind.File();
  private static final Kind NETWORKS = new Kind.Networks();

  static final List<Setting> ALL =
      List.of(
          new Setting("data", FILE, "yaoku-data", "Directory of everything that lasts."),
          new Setting(
              "root-key",
              FILE,
              "",
              "File of the root key. Empty: `root.key` in the data directory; better on another"
                  + " file system, so that no single copy holds both. Its directory must be there;"
                  + " a symbolic link is refused."),
          // listen
          new Setting(
              "listen.address",
              new Kind.Address(false),
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
              NETWORKS,
              "",
              "Proxies whose `X-Forwarded-For` is believed and that end TLS for us. Links in"
                  + " answers, and the catalog, then begin with https. Where `X-Forwarded-Proto`"
                  + " says http they do not, and no secret is taken or given, as over any readable"
                  + " connection."),
          new Setting(
              "listen.native-transport",
              TOGGLE,
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
              new Kind.Address(true),
              "127.0.0.1:7301",
              "Where `/metrics` and `/health/*` are served to the operator, without"
                  + " authentication: loopback addresses only."),
          // tls
          new Setting(
              "tls.certificate",
              FILE,
              "",
              "PEM file of the certificate chain, leaf first. Its key is RSA of 2048 bits or more,"
                  + " P-256, P-384 or P-521. Empty: no TLS."),
          new Setting(
              "tls.key",
              FILE,
              "",
              "PEM file of the private key, PKCS#8, not encrypted. Its mode is 600, or 640 where a"
                  + " group of this user may read it."),
          new Setting(
              "tls.reload-every",
              span("100ms", "1d"),
              "10s",
              "How often the two files are looked at; a changed pair is taken without a restart."),
          new Setting(
              "tls.handshake-deadline",
              span("100ms", "1m"),
              "10s",
              "How long a handshake may take."),
          new Setting(
              "tls.client-revocation-lists",
              FILE,
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
              span("100ms", "10m"),
              "30s",
              "From a request's first byte to its last; the connection is cut after that."),
          new Setting(
              "limits.answer-deadline",
              span("100ms", "10m"),
              "30s",
              "How long a client may take to read an answer."),
          new Setting(
              "limits.idle-deadline",
              span("100ms", "1d"),
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
                  + " them."),
          // audit
          new Setting(
              "audit.refusals-in-full",
              new Whole(1, 10_000),
              "10",
              "Refusals of one proved caller in a second that are recorded one by one; further ones"
                  + " are counted in a summary."),
          // store
          new Setting(
              "store.engine",
              OneOf.words("sqlite", "postgres"),
              "sqlite",
              "Where keys are kept: one file of this machine, or a database for several nodes."),
          new Setting(
              "store.sqlite.file",
              FILE,
              "",
              "The database file. Empty: `yaoku.db` in the data directory. Its directory must be"
                  + " there; a symbolic link is refused."),
          new Setting(
              "store.sqlite.readers",
              new Whole(1, 64),
              "4",
              "Connections that read beside the one that writes, each with 8 MiB of memory."),
          new Setting(
              "store.sqlite.reserve",
              new Size(1 << 20, 1L << 50),
              "32MiB",
              "When the disk has less than this left, and what the log of changes may still grow"
                  + " (32 MiB at most), only changes that take rights away are"
                  + " made, such as disabling a key or revoking a grant; all else is 503. With"
                  + " PostgreSQL the database watches over its own disk."),
          new Setting("store.postgres.host", TEXT, "127.0.0.1", "Host name or address."),
          new Setting("store.postgres.port", new Whole(1, 65_535), "5432", "Port."),
          new Setting(
              "store.postgres.database",
              TEXT,
              "yaoku",
              "Database, which keeps text in UTF8: a start refuses any other."),
          new Setting("store.postgres.user", TEXT, "yaoku", "Role; needs no DDL after migration."),
          new Setting("store.postgres.password", new Kind.Reference(), "", "The role's password."),
          new Setting(
              "store.postgres.tls",
              OneOf.words("remote", "verify-full", "off"),
              "remote",
              "TLS with the full check of the server's certificate. `remote`: but not to"
                  + " `localhost`, 127.0.0.1 and ::1; `verify-full`: to these, too; `off` is taken"
                  + " only for these."),
          new Setting(
              "store.postgres.root-certificate",
              FILE,
              "",
              "PEM file of the authority that vouches for the database. Empty: Java's own list."),
          new Setting(
              "store.postgres.connections",
              new Whole(2, 500),
              "16",
              "Connections of this node that read; three more write, append events and look for"
                  + " what others changed."),
          // crypto
          new Setting(
              "crypto.sm",
              TOGGLE,
              "true",
              "Offer the SM algorithms: SM2, SM3, SM4. Off: no key, pair or wrapping key of these"
                  + " kinds is made (KMS.1110); keys that are there go on working."),
          new Setting(
              "crypto.native",
              TOGGLE,
              "true",
              "Use the native provider for RSA and EC where it is there; Java and Bouncy Castle"
                  + " otherwise."),
          new Setting(
              "crypto.rsa-pairs-ahead",
              new Whole(0, 64),
              "4",
              "RSA pairs of each size (2048, 3072, 4096) that are made ahead and wait in locked"
                  + " memory, so that creating such a key does not wait for primes. 0: none."),
          // auth
          new Setting(
              "auth.clock-window",
              span("1m", "15m"),
              "15m",
              "How far a signature's date may be from this server's clock, either way."),
          new Setting(
              "auth.failures-per-source",
              new Whole(0, 1_000_000),
              "2000",
              "Failed proofs that an address may pile up, a tenth of it forgiven each second; 429"
                  + " beyond, but never for a credential that was proved from there. 0: no limit."),
          new Setting(
              "auth.failures-per-credential",
              new Whole(0, 1_000_000),
              "500",
              "The same for one credential from one address."),
          new Setting(
              "auth.replay",
              OneOf.words("allow", "refuse-changes"),
              "allow",
              "`refuse-changes`: a signed request that changes something works once. Clients that"
                  + " send a request again after a lost answer then get 401."),
          new Setting(
              "auth.unsigned-bodies",
              OneOf.words("refuse", "over-tls"),
              "refuse",
              "`over-tls`: a signature may leave out the body (`X-Sdk-Content-Sha256:"
                  + " UNSIGNED-PAYLOAD`), as all of the SDK for PHP do, where nobody can read the"
                  + " request on its way: over TLS, or from this machine. Whoever gets hold of one"
                  + " can send other bodies with it until `auth.clock-window` is over."),
          new Setting("auth.token-life", span("1m", "1d"), "1d", "How long a token works."),
          new Setting(
              "auth.token-expired-status",
              OneOf.words("403", "401"),
              "403",
              "Status for an expired token: 403 with KMS.0303 as the cloud, or 401 with APIGW.0307"
                  + " for clients that log in again only on 401."),
          // federation
          new Setting(
              "federation.hosts",
              new Kind.Hosts(),
              "",
              "Hosts from which keys of identity providers may be fetched, over HTTPS: exact names,"
                  + " with `:PORT` unless that is 443. Empty: none."),
          new Setting(
              "federation.networks",
              NETWORKS,
              "",
              "Networks that those hosts may be in besides the public internet. Loopback,"
                  + " link-local and private addresses are called only if they are named here."),
          new Setting(
              "federation.root-certificates",
              FILE,
              "",
              "PEM file of the authorities that vouch for those hosts. Empty: Java's own list."),
          new Setting(
              "federation.key-files",
              FILE,
              "",
              "Folder of key sets (JWKS) that identity providers may name instead of a URL, read"
                  + " again every 10 s. Empty: none."),
          new Setting(
              "federation.token-life",
              span("1m", "1d"),
              "1h",
              "How long a token works that somebody got for an identity token; never longer than"
                  + " `auth.token-life`."),
          // quotas
          new Setting(
              "quotas.keys",
              new Whole(1, 10_000_000),
              "100",
              "Keys of a project; KMS.1105 beyond."),
          new Setting("quotas.tags", new Whole(1, 1000), "20", "Tags of a key; KMS.0409 beyond."),
          new Setting(
              "quotas.aliases", new Whole(1, 1000), "50", "Aliases of a key; KMS.1105 beyond."),
          new Setting(
              "quotas.grants", new Whole(1, 10_000), "100", "Grants on a key; KMS.2404 beyond."),
          new Setting(
              "quotas.access-points",
              new Whole(1, 100_000),
              "1000",
              "Access points of a project, in all its key spaces, and as many key policies;"
                  + " KMS.1105 beyond."),
          // grants
          new Setting(
              "grants.cascade",
              TOGGLE,
              "false",
              "Let a grant that a grantee gave count only while his own grant is there, and end it"
                  + " with that. The cloud lets it stay."),
          // keys
          new Setting(
              "keys.purge-grace",
              span("0s", "365d"),
              "7d",
              "How long material outlives the deletion date of its key, or its own expiry, out of"
                  + " reach."),
          new Setting(
              "keys.cache-count",
              new Whole(100, 10_000_000),
              "10000",
              "How many keys are kept in memory."),
          new Setting(
              "keys.cache-bytes",
              new Size(1 << 16, 1L << 32),
              "32MiB",
              "Most memory for opened key material."),
          new Setting(
              "keys.cache-time",
              span("1s", "1d"),
              "5m",
              "How long opened key material counts, used or not, before it is opened anew; shorter"
                  + " until the server has run for half as long. It leaves memory some 30 s"
                  + " later."),
          // contract
          new Setting(
              "contract.alias-list",
              OneOf.words("by-user-agent", "array", "object"),
              "by-user-agent",
              "Shape of the alias list: the SDKs read an array, Terraform reads an object."),
          new Setting(
              "contract.duplicate-names",
              OneOf.words("refuse", "refuse-also-deleted", "return-deleted", "allow"),
              "refuse",
              "Two keys of one name. `refuse`: KMS.1104, keys that wait for deletion not counted;"
                  + " `refuse-also-deleted`: they are; `return-deleted`: the waiting key's id is"
                  + " returned with 200; `allow`: no check."),
          new Setting(
              "contract.list-without-spec",
              OneOf.words("all", "AES_256"),
              "all",
              "What list-keys shows without `key_spec`; the documents say AES_256, the clients need"
                  + " all."),
          new Setting(
              "contract.flat-errors-too",
              TOGGLE,
              "false",
              "Repeat the error's code and message at the top of the body, for the Node SDK."),
          new Setting(
              "contract.import-oaep-sha1",
              TOGGLE,
              "false",
              "Take RSAES_OAEP_SHA_1 as wrapping algorithm for imports, as older documents do, and"
                  + " as destination_encryption_algorithm of re-encrypt."),
          new Setting(
              "contract.free-alias-moves",
              TOGGLE,
              "false",
              "Let an alias move to a key with imported material, whose bytes somebody outside"
                  + " knows; KMS.0308 otherwise."),
          new Setting(
              "contract.lock-out",
              TOGGLE,
              "false",
              "Lock an access key for five minutes after more than five failed signatures in a row,"
                  + " as the cloud does. Whoever knows its public name can then stop its owner;"
                  + " without this, failures slow their own source only."),
          // regions
          new Setting(
              "regions.name",
              new Kind.Name(),
              "cn-north-4",
              "The region of this server: one name. Projects are named after it."),
          new Setting(
              "regions.others",
              new Kind.Names(),
              "",
              "Further regions that this server serves. Each account has a project in each region,"
                  + " made at start where it is missing; keys can be replicated between them."),
          // keyspaces
          new Setting(
              "keyspaces.allowed",
              new Kind.Uuids(),
              "",
              "Ids of the key spaces there are; another one is refused with KMS.0308. Empty: every"
                  + " id is a key space, private to the project that uses it."),
          new Setting(
              "keyspaces.private-key-once",
              TOGGLE,
              "false",
              "Hand the private key of a custom access point out once only; KMS.0306 after that."),
          // log
          new Setting("log.requests", TOGGLE, "true", "Write one line a request."),
          new Setting(
              "log.format", OneOf.words("json", "logfmt"), "json", "Form of the request lines."),
          new Setting(
              "log.file",
              FILE,
              "",
              "File of the request lines; when it is moved away, a new one is begun. Empty:"
                  + " standard output. Lines are dropped where the disk of the file has 64 MiB"
                  + " left; on the disk of the embedded store, 64 MiB more than that needs"
                  + " (`store.sqlite.reserve` and 32 MiB)."),
          new Setting(
              "log.ring",
              new Whole(64, 1 << 20),
              "16384",
              "Request lines that may wait for the writer; further ones are dropped and counted."),
          new Setting(
              "log.level",
              OneOf.words("error", "warn", "info", "debug"),
              "info",
              "How much the server says of itself."),
          // dev
          new Setting(
              "dev.enabled",
              TOGGLE,
              "false",
              "Published credentials, for tests of clients. The store is temporary unless its place"
                  + " is named (`data`, `store.sqlite.file`, PostgreSQL), and kept then; `--dev`"
                  + " passes over a `data` that is not named by `--data` beside it."),
          new Setting("dev.on-network", TOGGLE, "false", "Let that listen beyond loopback."),
          // shutdown
          new Setting(
              "shutdown.deadline",
              span("0s", "10m"),
              "20s",
              "How long requests under way may take to finish when the server stops."));

  static final Map<String, Setting> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Setting::name, Function.identity()));

  private Settings() {}

  private static Kind span(String min, String max) {
    Span any = new Span(Duration.ZERO, Duration.ofDays(100_000));
    return new Span((Duration) any.read(min), (Duration) any.read(max));
  }
}
