package dev.yaoku.server;

import dev.yaoku.crypto.CryptoFault;
import dev.yaoku.crypto.Cryptography;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KmsException;
import dev.yaoku.seal.RootKey;
import dev.yaoku.secret.PrivateFiles;
import dev.yaoku.service.Clocks;
import dev.yaoku.service.Events;
import dev.yaoku.service.Founding;
import dev.yaoku.store.BeforeMigration;
import dev.yaoku.store.NotTried;
import dev.yaoku.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A whole server: data directory, store, keys, listener. Starts in that order, stops in reverse.
 */
public final class Yaoku implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Yaoku.class);

  private final DataDirectory directory;
  private final Store store;
  private final Installation installation;
  private final Wiring wiring;
  private final Config config;

  private Yaoku(
      Config config,
      DataDirectory directory,
      Store store,
      Installation installation,
      Wiring wiring) {
    this.config = config;
    this.directory = directory;
    this.store = store;
    this.installation = installation;
    this.wiring = wiring;
  }

  /**
   * Opens the data directory, founds an installation in it if it is empty, and serves.
   *
   * @param tell where sentences for the person who starts the server go; never secrets
   * @throws ConfigException if files that the configuration names cannot be used; nothing is made
   *     then
   * @throws StartRefused with what is wrong and what to do; nothing is left half done
   */
  public static Yaoku start(Config config, Surroundings machine, Consumer<String> tell) {
    StartFiles.check(config);
    OpenFiles.mustSuffice();
    if (!config.dev().enabled()) {
      return start(config, machine, Addition.none(machine.clock()), tell);
    }
    DevTime time = new DevTime(machine);
    return start(config, time.surroundings(), time, tell);
  }

  private static Yaoku start(
      Config config, Surroundings surroundings, Addition addition, Consumer<String> tell) {
    Cryptography cryptography =
        tried(surroundings.algorithms().apply(config.crypto().nativeProvider()));
    try (Opening opening = new Opening()) {
      DataDirectory directory = opening.keep(DataDirectory.take(config.data()));
      Stores.take(config, directory);
      Forgeries forgeries = new Forgeries(surroundings.clock());
      Path rootKeyFile = config.rootKey();
      CredentialsFile credentials = new CredentialsFile(directory);
      Stores.mustNotBeLost(config, credentials);
      Store store =
          opening.keep(
              Stores.open(
                  config,
                  forgeries,
                  before -> mustBeOurs(rootKeyFile, credentials, before, surroundings.randomness()),
                  surroundings.nanos()));
      Events events = Wiring.events(surroundings);
      forgeries.recordIn(store, events);
      boolean first = !Installation.exists(store);
      boolean unannounced = first || credentials.isAside();
      Installation installation =
          opening.keep(
              first
                  ? found(config, surroundings, store, events, rootKeyFile, credentials)
                  : open(surroundings, store, rootKeyFile));
      installation.mustSuit(config.dev());
      Clocks.counted(store).ifPresent(addition::goOnFrom);
      new RegionProjects(
              installation, events, surroundings.randomness(), surroundings.clock().instant())
          .complete(Choices.regions(config));
      Wiring wiring =
          opening.keep(
              new Wiring(config, surroundings, addition, cryptography, installation, events));
      wiring.start();
      Yaoku started = new Yaoku(config, directory, store, installation, wiring);
      credentials.publish(started.url());
      if (unannounced) {
        tellFirst(tell, rootKeyFile, credentials);
      }
      warn(config.store(), rootKeyFile, credentials, surroundings);
      OpenFiles.warnIfFewerThan(config.limits().connections());
      if (!installation.hierarchy().isLocked()) {
        LOG.warn(
            "The system refuses to lock keys in memory, so they can be swapped out. Raise the limit"
                + " (LimitMEMLOCK=16M in the unit, ulimit -l 16384), or turn swap off or encrypt"
                + " it.");
      }
      opening.done();
      return started;
    } catch (KmsException e) {
      throw Installation.refusalOf(e);
    } catch (NoSuchFileException e) {
      throw new StartRefused("The server cannot start: there is no file " + e.getFile() + ".");
    } catch (IOException | NotTried e) {
      throw new StartRefused("The server cannot start: " + e.getMessage());
    }
  }

  /** Nothing is read, opened or sealed by algorithms that do not compute rightly. */
  private static Cryptography tried(Cryptography cryptography) {
    try {
      cryptography.tryAtStart();
      return cryptography;
    } catch (CryptoFault e) {
      throw new StartRefused(
          "The server cannot start: "
              + e.getMessage()
              + ". This machine or this installation computes wrongly. Nothing was changed.");
    }
  }

  /**
   * Nothing is changed where the store was sealed with another key, or that of an installation is
   * gone, as far as its credentials show.
   */
  private static void mustBeOurs(
      Path rootKeyFile,
      CredentialsFile credentials,
      BeforeMigration.Found store,
      Randomness randomness) {
    if (store.setting(Installation.ID).isEmpty()) {
      credentials.mustNotBeOfALostStore();
    }
    Installation.mustOpen(store, rootKeyFile, randomness);
  }

  private static Installation open(Surroundings surroundings, Store store, Path rootKeyFile) {
    try (RootKey root = Installation.rootKey(rootKeyFile)) {
      return Installation.open(store, root, surroundings.randomness());
    }
  }

  private static Installation found(
      Config config,
      Surroundings surroundings,
      Store store,
      Events events,
      Path rootKeyFile,
      CredentialsFile credentials)
      throws IOException {
    boolean dev = config.dev().enabled();
    credentials.mustNotBeOfALostStore();
    if (Files.exists(rootKeyFile) && !credentials.isAside()) {
      LOG.warn(
          "There was a root key, {}, but no store: a new installation is made. If there was one"
              + " before, stop this server, take its files away, and bring the store back.",
          rootKeyFile);
    }
    try (RootKey root = rootKey(rootKeyFile, surroundings);
        Founding founding =
            dev
                ? Founders.published(config.region())
                : Founders.random(surroundings.randomness(), config.region())) {
      credentials.prepare(founding, url(config));
      return new FirstStart(store, surroundings.randomness(), surroundings.clock().instant())
          .found(root, founding, events, dev);
    } catch (StartRefused e) {
      credentials.discard();
      throw e;
    }
  }

  /**
   * A root key without a store is left from a first start that was cut short, or was made before.
   */
  private static RootKey rootKey(Path file, Surroundings surroundings) throws IOException {
    if (Files.exists(file)) {
      return Installation.rootKey(file);
    }
    try {
      return RootKey.create(file, surroundings.randomness());
    } catch (PrivateFiles.NotPrivate e) {
      throw new StartRefused("The root key cannot be made here: " + e.getMessage() + ".");
    }
  }

  private static void tellFirst(
      Consumer<String> tell, Path rootKeyFile, CredentialsFile credentials) {
    tell.accept("A new installation was made.");
    tell.accept("Its first credentials are in " + credentials.path().toAbsolutePath());
    tell.accept(
        "Its root key is in "
            + rootKeyFile.toAbsolutePath()
            + ". It protects the keys from everyone who has the database but not this file,"
            + " and from nobody who has both: back the two up apart.");
  }

  private static void warn(
      Config.Store store,
      Path rootKeyFile,
      CredentialsFile credentials,
      Surroundings surroundings) {
    // Where PostgreSQL keeps its files, nobody here knows.
    if (!store.postgres() && DataDirectory.shareFileSystem(rootKeyFile, store.sqliteFile())) {
      LOG.warn(
          "The root key {} and the store share a file system, so one copy takes both. Stop the"
              + " server, move the file to another disk, and start with --root-key FILE.",
          rootKeyFile);
    }
    if (credentials.isOld(surroundings.clock().instant())) {
      LOG.warn(
          "{} is still there after a day. Keep its content in a safe place and delete it.",
          credentials.path());
    }
  }

  /** The port that clients are served on. */
  public int port() {
    return wiring.server().port();
  }

  /** The port of the operator's listener; -1 if there is none. */
  public int adminPort() {
    return wiring.server().adminPort();
  }

  /** Where clients reach the server. */
  public String url() {
    return url(config, port());
  }

  /** Where clients will reach a server of this configuration. */
  static String url(Config config) {
    return url(config, config.listen().address().port());
  }

  private static String url(Config config, int port) {
    return new Config.Address(config.listen().address().host(), port)
        .url(config.tls().on() ? "https" : "http");
  }

  /** The directory that holds everything of this installation. */
  public Path data() {
    return directory.path();
  }

  /** The rooms of the running server, for tests that look behind the wire. */
  Wiring wiring() {
    return wiring;
  }

  /** What is open behind the running server, for tests that look there. */
  Installation installation() {
    return installation;
  }

  /** Finishes what is under way, then stops. */
  @Override
  public void close() {
    wiring.close();
    installation.close();
    store.close();
    directory.close();
  }
}
