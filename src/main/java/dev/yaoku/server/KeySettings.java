package dev.yaoku.server;

import dev.yaoku.server.Kind.Name;
import dev.yaoku.server.Kind.Names;
import dev.yaoku.server.Kind.OneOf;
import dev.yaoku.server.Kind.Size;
import dev.yaoku.server.Kind.Span;
import dev.yaoku.server.Kind.Toggle;
import dev.yaoku.server.Kind.Uuids;
import dev.yaoku.server.Kind.Whole;
import java.util.List;

/** Settings of what keys there may be, and how the API treats them. */
final class KeySettings {
  static final List<Setting> ALL =
      List.of(
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
              new Toggle(),
              "false",
              "Let a grant that a grantee gave count only while his own grant is there, and end it"
                  + " with that. The cloud lets it stay."),
          // keys
          new Setting(
              "keys.purge-grace",
              Span.between("0s", "365d"),
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
              Span.between("1s", "1d"),
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
              new Toggle(),
              "false",
              "Repeat the error's code and message at the top of the body, for the Node SDK."),
          new Setting(
              "contract.import-oaep-sha1",
              new Toggle(),
              "false",
              "Take RSAES_OAEP_SHA_1 as wrapping algorithm for imports, as older documents do, and"
                  + " as destination_encryption_algorithm of re-encrypt."),
          new Setting(
              "contract.free-alias-moves",
              new Toggle(),
              "false",
              "Let an alias move to a key with imported material, whose bytes somebody outside"
                  + " knows; KMS.0308 otherwise."),
          new Setting(
              "contract.lock-out",
              new Toggle(),
              "false",
              "Lock an access key for five minutes after more than five failed signatures in a row,"
                  + " as the cloud does. Whoever knows its public name can then stop its owner;"
                  + " without this, failures slow their own source only."),
          // regions
          new Setting(
              "regions.name",
              new Name(),
              "cn-north-4",
              "The region of this server: one name. Projects are named after it."),
          new Setting(
              "regions.others",
              new Names(),
              "",
              "Further regions that this server serves. Each account has a project in each region,"
                  + " made at start where it is missing; keys can be replicated between them."),
          // keyspaces
          new Setting(
              "keyspaces.allowed",
              new Uuids(),
              "",
              "Ids of the key spaces there are; another one is refused with KMS.0308. Empty: every"
                  + " id is a key space, private to the project that uses it."),
          new Setting(
              "keyspaces.private-key-once",
              new Toggle(),
              "false",
              "Hand the private key of a custom access point out once only; KMS.0306 after that."));

  private KeySettings() {}
}
