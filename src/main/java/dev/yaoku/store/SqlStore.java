package dev.yaoku.store;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A store in an SQL database. */
public final class SqlStore implements Store {
  /** What room the disk of a database has nobody here can see, only that a commit found none. */
  private static final Duration QUIET = Duration.ofSeconds(10);

  private final GenuineRows genuine;
  private final Health health;
  private final Readers readers;
  private final GroupCommit changes;
  private final GroupCommit events;
  private final BooleanSupplier shortOfSpace;

  /** Of the embedded store only. */
  private final @Nullable Checkpoints checkpoints;

  private final @Nullable EventSpace eventSpace;

  /** Of a database that servers share only. */
  private final @Nullable Looks looks;

  /** How many entries about changed keys were looked at; none before the first look. */
  private long keysSeen = -1;

  /**
   * How this server looks for changes of others.
   *
   * @param reader reads nothing else
   * @param ours what need not be read anew
   * @param recency how long what was read counts
   */
  private record Looks(
      ImpatientReader reader, OwnChanges ours, Recency recency, LongSupplier nanos) {}

  private SqlStore(
      GenuineRows genuine,
      Health health,
      Readers readers,
      GroupCommit changes,
      GroupCommit events,
      BooleanSupplier shortOfSpace,
      @Nullable Checkpoints checkpoints,
      @Nullable EventSpace eventSpace,
      @Nullable Looks looks) {
    this.genuine = genuine;
    this.health = health;
    this.readers = readers;
    this.changes = changes;
    this.events = events;
    this.shortOfSpace = shortOfSpace;
    this.checkpoints = checkpoints;
    this.eventSpace = eventSpace;
    this.looks = looks;
  }

  /**
   * Opens the embedded store, and creates it where there is none. Events that belong to no change
   * go to files in a directory beside it, whose name is its own and {@code -events}.
   *
   * @param path the file, in a directory that this process alone holds while the store is open
   * @param settings how it runs
   * @param notGenuine hears of every row that is refused because this installation did not write it
   * @param before asked before an earlier schema is changed
   * @throws StoreException with a sentence that says what to do; nothing is changed then
   */
  public static SqlStore openSqlite(
      Path path,
      SqliteSettings settings,
      Consumer<Problem.RowNotGenuine> notGenuine,
      BeforeMigration before) {
    GenuineRows genuine = new GenuineRows(notGenuine);
    Health health = new Health();
    SqliteFile file = SqliteFile.at(path, health, settings.reserveBytes());
    file.mustBeSound();
    Migrations.run(file.source(), SqlDialect.SQLITE, true, before);
    EventFiles files = EventFiles.of(path);
    files.makeReady();
    Checkpoints checkpoints =
        new Checkpoints(file::openForCheckpoints, file.openBesideSqlite(), health);
    GroupCommit writer =
        new GroupCommit(
            "store-writer",
            settings.limits(),
            () -> WriteSession.ofSqlite(file.openWriter(), genuine, health, checkpoints),
            health,
            file,
            watchOfSqlite());
    EventSpace space = new EventSpace(files, file::hasRoomFor);
    EventLog log = new EventLog(files, space);
    GroupCommit events =
        new GroupCommit(
            "store-events", settings.limits(), () -> log, health, file, watchOfSqlite());
    Readers readers = new SqliteReaders(file, genuine, health, settings);
    return new SqlStore(
        genuine, health, readers, writer, events, file::wasShortOfSpace, checkpoints, space, null);
  }

  /** Its guard measures the room of the disk, so that no time has to pass. */
  private static CommitWatch watchOfSqlite() {
    return new CommitWatch(Duration.ZERO, System::nanoTime);
  }

  /**
   * Opens a store in PostgreSQL, which several servers may share. Each has one connection that
   * changes rows and one that appends events, so that neither waits for the other, and one that
   * looks for changes of other servers.
   *
   * @param settings where it is and how it runs
   * @param notGenuine hears of every row that is refused because this installation did not write it
   * @param before asked before an earlier schema is changed
   * @param nanos monotonic time, nanoseconds
   * @throws StoreException with a sentence that says what to do; nothing is changed then
   */
  public static SqlStore openPostgres(
      PostgresSettings settings,
      Consumer<Problem.RowNotGenuine> notGenuine,
      BeforeMigration before,
      LongSupplier nanos) {
    GenuineRows genuine = new GenuineRows(notGenuine);
    Health health = new Health();
    OwnChanges ours = new OwnChanges();
    PostgresServer server = new PostgresServer(settings);
    server.mustHoldEveryText();
    Migrations.run(server.migrations(), SqlDialect.POSTGRES, settings.migrate(), before);
    GroupCommit.Opener opener = () -> WriteSession.ofPostgres(server.open(), genuine, health, ours);
    return new SqlStore(
        genuine,
        health,
        new PostgresReaders(server, genuine, health, settings),
        new GroupCommit(
            "store-writer",
            settings.limits(),
            opener,
            health,
            Guard.NONE,
            new CommitWatch(QUIET, nanos)),
        new GroupCommit(
            "store-events",
            settings.limits(),
            opener,
            health,
            Guard.NONE,
            new CommitWatch(QUIET, nanos)),
        () -> false,
        null,
        null,
        new Looks(
            new ImpatientReader(server, genuine, health, Recency.COUNTS_FOR),
            ours,
            new Recency(nanos),
            nanos));
  }

  @Override
  public <T> T read(Function<? super Reading, T> work) {
    Waiting.mustBeAllowed();
    StoreThread.mustNotBeCurrent();
    return readers.read(work);
  }

  @Override
  public <T> T write(Function<? super Writing, T> work) {
    return write(work, false);
  }

  @Override
  public <T> T writeFromReserve(Function<? super Writing, T> work) {
    return write(work, true);
  }

  private <T> T write(Function<? super Writing, T> work, boolean fromReserve) {
    Waiting.mustBeAllowed();
    StoreThread.mustNotBeCurrent();
    Task.Change<T> change = new Task.Change<>(inTime(work), fromReserve);
    changes.submit(change);
    return Results.await(change.result());
  }

  /**
   * The work; what a caller asked for is refused if its turn comes so late that what permitted it
   * may be out of date.
   */
  private <T> Function<? super Writing, T> inTime(Function<? super Writing, T> work) {
    return looks != null && OnBehalf.isOfCaller() ? looks.recency().inTime(work) : work;
  }

  @Override
  public void append(List<AuditRow> rows, AppendListener whose) {
    events.append(rows, whose);
  }

  @Override
  public void lookElsewhere(Consumer<? super Elsewhere> forget) {
    if (looks != null) {
      Waiting.mustBeAllowed();
      StoreThread.mustNotBeCurrent();
      long began = looks.nanos().getAsLong();
      forget.accept(changedElsewhere(looks));
      looks.recency().looked(began);
    }
  }

  @Override
  public boolean isShared() {
    return looks != null;
  }

  @Override
  public long view() {
    return looks == null ? 0 : looks.recency().view();
  }

  private synchronized Elsewhere changedElsewhere(Looks at) {
    Seen seen =
        at.reader()
            .read(tx ->
                new Seen(
                    ((SqlReading) tx).schemaVersion(), tx.changeSequence(), ChangedKeys.in(tx)));
    if (seen.schema() > Migrations.NEWEST) {
      health.refuse(Migrations.changedByNewer(seen.schema()));
      health.mustBeUsable();
    }
    boolean foreign = at.ours().hasForeign(seen.change());
    // Who edits the list makes the servers forget, once, and what is changed afterwards counts.
    boolean spoilt = keysSeen >= 0 && seen.keys().count() < keysSeen;
    Elsewhere found = foreign || spoilt ? seen.keys().since(foreign, keysSeen) : Elsewhere.NOTHING;
    keysSeen = seen.keys().count();
    return found;
  }

  /** What one look at the database saw. */
  private record Seen(int schema, long change, ChangedKeys keys) {}

  @Override
  public int backlog() {
    return events.backlog();
  }

  @Override
  public boolean writable() {
    return health.usable()
        && !changes.isFailing()
        && !events.isFailing()
        && !shortOfSpace.getAsBoolean();
  }

  @Override
  public boolean readable() {
    try {
      return read(tx -> tx.changeSequence() >= 0);
    } catch (StoreException failed) {
      return false;
    }
  }

  @Override
  public void authenticateRowsWith(RowMac rowMac) {
    genuine.authenticateWith(rowMac);
    try {
      read(reading -> {
        ((SqlReading) reading).verifyBoot();
        return true;
      });
    } catch (KmsException | StoreException e) {
      genuine.authenticateWith(null);
      throw e;
    }
  }

  @Override
  public void tell(CommitListener listener) {
    changes.tell(listener);
    events.tell(listener);
  }

  @Override
  public long rowsRefused() {
    return genuine.refused();
  }

  @Override
  public void close() {
    // The writer last: only a connection that may write can fold the log into the file.
    readers.close();
    if (looks != null) {
      looks.reader().close();
    }
    if (checkpoints != null) {
      checkpoints.end();
    }
    events.close();
    changes.close();
    if (eventSpace != null) {
      eventSpace.close();
    }
    if (checkpoints != null) {
      checkpoints.close();
    }
  }
}
