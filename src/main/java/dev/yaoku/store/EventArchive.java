package dev.yaoku.store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The whole log of a store, read behind the back of a server that may be running. Events are in the
 * order in which they became durable, which is that of time but for some milliseconds.
 */
public final class EventArchive implements AutoCloseable {
  private final List<EventSource> sources;
  private final @Nullable AuditRow[] nexts;

  private EventArchive(List<EventSource> sources) {
    this.sources = sources;
    this.nexts = new AuditRow[sources.size()];
    for (int i = 0; i < nexts.length; i++) {
      nexts[i] = sources.get(i).next();
    }
  }

  /**
   * The log of an embedded store.
   *
   * @param path the file of the store
   * @param findings hears a sentence of each file of events that does not end with one
   * @throws StoreException if the store cannot be read
   */
  public static EventArchive ofSqlite(Path path, Consumer<String> findings) {
    List<EventSource> sources = new ArrayList<>();
    try {
      sources.add(new EventTable(SqliteFile.at(path, new Health(), 0).openReader()));
      sources.add(new EventFileReader(EventFiles.of(path), findings));
      return new EventArchive(sources);
    } catch (SQLException | RuntimeException e) {
      sources.forEach(EventSource::close);
      throw Failures.of(e);
    }
  }

  /**
   * The log of a store in PostgreSQL.
   *
   * @throws StoreException if the database cannot be read
   */
  public static EventArchive ofPostgres(PostgresSettings settings) {
    try {
      return new EventArchive(List.of(new EventTable(new PostgresServer(settings).open())));
    } catch (SQLException e) {
      throw Failures.of(e);
    }
  }

  /**
   * The directory in which an embedded store that is gone has left events, as every store that was
   * used does.
   *
   * @param path where the file of the store was
   */
  public static Optional<Path> leftBy(Path path) {
    EventFiles files = EventFiles.of(path);
    return files.hasAny() ? Optional.of(files.directory()) : Optional.empty();
  }

  /** The next event; null when there are no more. */
  public @Nullable AuditRow next() {
    int earliest = 0;
    for (int i = 1; i < nexts.length; i++) {
      if (isEarlier(nexts[i], nexts[earliest])) {
        earliest = i;
      }
    }
    AuditRow next = nexts[earliest];
    if (next != null) {
      nexts[earliest] = sources.get(earliest).next();
    }
    return next;
  }

  /** Whether every file could be read; known at the end. */
  public boolean isComplete() {
    return sources.stream().allMatch(EventSource::isComplete);
  }

  private static boolean isEarlier(@Nullable AuditRow one, @Nullable AuditRow other) {
    return one != null && (other == null || one.atMillis() < other.atMillis());
  }

  @Override
  public void close() {
    sources.forEach(EventSource::close);
  }
}
