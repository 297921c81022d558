package dev.yaoku.store;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads files of events in their order, also while a server writes the last of them. One that
 * cannot be read keeps nobody from the others.
 */
final class EventFileReader implements EventSource {
  private static final int BUFFER_BYTES = 256 << 10;

  private final Iterator<Path> files;
  private final Consumer<String> findings;
  private @Nullable Path file;
  private @Nullable InputStream from;
  private boolean unreadable;

  /** The number of the file that comes next, if none was taken away. */
  private long expected = 1;

  /**
   * Finds the files; those that come later are not read.
   *
   * @param findings hears a sentence of each file that does not end with an event, or cannot be
   *     read, and of those that are not there
   */
  EventFileReader(EventFiles files, Consumer<String> findings) {
    try {
      this.files = files.list().iterator();
    } catch (IOException e) {
      throw new StoreException("The files of events cannot be read: " + e.getMessage() + ".", e);
    }
    this.findings = findings;
  }

  @Override
  public @Nullable AuditRow next() {
    while (from != null || files.hasNext()) {
      try {
        AuditRow event = EventFormat.read(from == null ? begin() : from);
        if (event != null) {
          return event;
        }
      } catch (EventFormat.Broken e) {
        findings.accept(
            file
                + " has something that is no event, and nothing after it was read: it was cut off"
                + " when the server was, or damaged, or is written now.");
      } catch (IOException e) {
        unreadable = true;
        findings.accept(file + " cannot be read (" + e + "): its events are missing here.");
      }
      close();
    }
    return null;
  }

  private InputStream begin() throws IOException {
    Path next = files.next();
    file = next;
    noteMissing(next);
    InputStream begun = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES);
    from = begun;
    EventFormat.readHead(begun);
    return begun;
  }

  /** Archives take files away, and what is read without them is not the whole log. */
  private void noteMissing(Path next) {
    long number = EventFiles.number(next);
    if (number > expected) {
      findings.accept(
          "Of the files of events %s to %s are not here: their events are missing."
              .formatted(EventFiles.name(expected), EventFiles.name(number - 1)));
    }
    expected = number + 1;
  }

  @Override
  public boolean isComplete() {
    return !unreadable;
  }

  @Override
  public void close() {
    InputStream open = from;
    from = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new StoreException("The file " + file + " did not close.", e);
      }
    }
  }
}
