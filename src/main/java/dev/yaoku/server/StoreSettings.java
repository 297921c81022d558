package dev.yaoku.server;

import dev.yaoku.server.Kind.File;
import dev.yaoku.server.Kind.OneOf;
import dev.yaoku.server.Kind.Reference;
import dev.yaoku.server.Kind.Size;
import dev.yaoku.server.Kind.Text;
import dev.yaoku.server.Kind.Whole;
import java.util.List;

/** Settings of where keys and events are kept. */
final class StoreSettings {
  static final List<Setting> ALL =
      List.of(
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
              new File(),
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
          new Setting("store.postgres.host", new Text(), "127.0.0.1", "Host name or address."),
          new Setting("store.postgres.port", new Whole(1, 65_535), "5432", "Port."),
          new Setting(
              "store.postgres.database",
              new Text(),
              "yaoku",
              "Database, which keeps text in UTF8: a start refuses any other."),
          new Setting(
              "store.postgres.user", new Text(), "yaoku", "Role; needs no DDL after migration."),
          new Setting("store.postgres.password", new Reference(), "", "The role's password."),
          new Setting(
              "store.postgres.tls",
              OneOf.words("remote", "verify-full", "off"),
              "remote",
              "TLS with the full check of the server's certificate. `remote`: but not to"
                  + " `localhost`, 127.0.0.1 and ::1; `verify-full`: to these, too; `off` is taken"
                  + " only for these."),
          new Setting(
              "store.postgres.root-certificate",
              new File(),
              "",
              "PEM file of the authority that vouches for the database. Empty: Java's own list."),
          new Setting(
              "store.postgres.connections",
              new Whole(2, 500),
              "16",
              "Connections of this node that read; three more write, append events and look for"
                  + " what others changed."));

  private StoreSettings() {}
}
