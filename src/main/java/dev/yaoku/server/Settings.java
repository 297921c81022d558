package dev.yaoku.server;

import dev.yaoku.server.Kind.File;
import dev.yaoku.server.Kind.OneOf;
import dev.yaoku.server.Kind.Span;
import dev.yaoku.server.Kind.Toggle;
import dev.yaoku.server.Kind.Whole;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every setting there is, once, in the order of the page: read from here, documented from here. */
final class Settings {
  private static final List<Setting> PLACES =
      List.of(
          new Setting("data", new File(), "yaoku-data", "Directory of everything that lasts."),
          new Setting(
              "root-key",
              new File(),
              "",
              "File of the root key. Empty: `root.key` in the data directory; better on another"
                  + " file system, so that no single copy holds both. Its directory must be there;"
                  + " a symbolic link is refused."));

  private static final List<Setting> CRYPTO =
      List.of(
          new Setting(
              "crypto.sm",
              new Toggle(),
              "true",
              "Offer the SM algorithms: SM2, SM3, SM4. Off: no key, pair or wrapping key of these"
                  + " kinds is made (KMS.1110); keys that are there go on working."),
          new Setting(
              "crypto.native",
              new Toggle(),
              "true",
              "Use the native provider for RSA and EC where it is there; Java and Bouncy Castle"
                  + " otherwise."),
          new Setting(
              "crypto.rsa-pairs-ahead",
              new Whole(0, 64),
              "4",
              "RSA pairs of each size (2048, 3072, 4096) that are made ahead and wait in locked"
                  + " memory, so that creating such a key does not wait for primes. 0: none."));

  private static final List<Setting> OPERATION =
      List.of(
          // log
          new Setting("log.requests", new Toggle(), "true", "Write one line a request."),
          new Setting(
              "log.format", OneOf.words("json", "logfmt"), "json", "Form of the request lines."),
          new Setting(
              "log.file",
              new File(),
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
              new Toggle(),
              "false",
              "Published credentials, for tests of clients. The store is temporary unless its place"
                  + " is named (`data`, `store.sqlite.file`, PostgreSQL), and kept then; `--dev`"
                  + " passes over a `data` that is not named by `--data` beside it."),
          new Setting("dev.on-network", new Toggle(), "false", "Let that listen beyond loopback."),
          // shutdown
          new Setting(
              "shutdown.deadline",
              Span.between("0s", "10m"),
              "20s",
              "How long requests under way may take to finish when the server stops."));

  static final List<Setting> ALL =
      Stream.of(
              PLACES,
              ServingSettings.ALL,
              StoreSettings.ALL,
              CRYPTO,
              CallerSettings.ALL,
              KeySettings.ALL,
              OPERATION)
          .flatMap(Collection::stream)
          .toList();

  static final Map<String, Setting> BY_NAME =
      ALL.stream().collect(Collectors.toUnmodifiableMap(Setting::name, Function.identity()));

  private Settings() {}
}
