package dev.yaoku.server;

import dev.yaoku.server.Kind.File;
import dev.yaoku.server.Kind.Hosts;
import dev.yaoku.server.Kind.Networks;
import dev.yaoku.server.Kind.OneOf;
import dev.yaoku.server.Kind.Span;
import dev.yaoku.server.Kind.Whole;
import java.util.List;

/** Settings of how callers prove who they are. */
final class CallerSettings {
  static final List<Setting> ALL =
      List.of(
          // auth
          new Setting(
              "auth.clock-window",
              Span.between("1m", "15m"),
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
          new Setting("auth.token-life", Span.between("1m", "1d"), "1d", "How long a token works."),
          new Setting(
              "auth.token-expired-status",
              OneOf.words("403", "401"),
              "403",
              "Status for an expired token: 403 with KMS.0303 as the cloud, or 401 with APIGW.0307"
                  + " for clients that log in again only on 401."),
          // federation
          new Setting(
              "federation.hosts",
              new Hosts(),
              "",
              "Hosts from which keys of identity providers may be fetched, over HTTPS: exact names,"
                  + " with `:PORT` unless that is 443. Empty: none."),
          new Setting(
              "federation.networks",
              new Networks(),
              "",
              "Networks that those hosts may be in besides the public internet. Loopback,"
                  + " link-local and private addresses are called only if they are named here."),
          new Setting(
              "federation.root-certificates",
              new File(),
              "",
              "PEM file of the authorities that vouch for those hosts. Empty: Java's own list."),
          new Setting(
              "federation.key-files",
              new File(),
              "",
              "Folder of key sets (JWKS) that identity providers may name instead of a URL, read"
                  + " again every 10 s. Empty: none."),
          new Setting(
              "federation.token-life",
              Span.between("1m", "1d"),
              "1h",
              "How long a token works that somebody got for an identity token; never longer than"
                  + " `auth.token-life`."));

  private CallerSettings() {}
}
