package dev.yaoku.server;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.SyncFailedException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line a request, written by a thread of its own. Never a body, a header, a query or a secret:
 * a line holds what its record holds.
 */
final class RequestLog implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);
  private static final long NAP_MIN_NANOS = 5_000_000;
  private static final long NAP_MAX_NANOS = 50_000_000;
  private static final int CHUNK_CHARS = 32 * 1024;
  private static final int SYNC_BYTES = 1 << 20;

  private final LogRing<Line> ring;
  private final boolean json;
  private final OutputStream out;
  private final boolean ownsOut;
  private final LogRoom room;
  private final Thread writer;
  private final AtomicLong droppedInAll = new AtomicLong();
  private final Time time = new Time();
  private final Complaint complaint = new Complaint(LOG, "Writing request lines");
  private int lines;
  private long unsynced;
  private volatile boolean stopping;

  /**
   * A request that was answered.
   *
   * @param atMillis when it came, milliseconds since the epoch
   * @param caller user id, or empty
   * @param key the key's id, or empty
   * @param status of the answer
   * @param code error code, or empty
   * @param micros how long it took
   */
  record Line(
      long atMillis,
      String requestId,
      String source,
      String operation,
      String caller,
      String credential,
      String key,
      int status,
      String code,
      String lane,
      long micros) {}

  RequestLog(Config config) throws IOException {
    this(
        config.log(),
        outputOf(config.log().file()),
        !config.log().file().toString().isEmpty(),
        LogRoom.of(config));
  }

  RequestLog(Config.Log config, OutputStream out, boolean ownsOut, LogRoom room) {
    this.ring = new LogRing<>(config.ring());
    this.json = config.json();
    this.out = out;
    this.ownsOut = ownsOut;
    this.room = room;
    this.writer = Thread.ofPlatform().daemon().name("yaoku-request-log").unstarted(this::write);
    writer.start();
  }

  private static OutputStream outputOf(Path file) throws IOException {
    return file.toString().isEmpty() ? new FileOutputStream(FileDescriptor.out) : new LogFile(file);
  }

  /** Hands a line over. Never blocks. */
  void write(Line line) {
    ring.offer(line);
  }

  /** Lines that were dropped because the ring was full. */
  long dropped() {
    return droppedInAll.get();
  }

  private void write() {
    StringBuilder text = new StringBuilder(CHUNK_CHARS + 1024);
    long nap = NAP_MIN_NANOS;
    while (true) {
      boolean last = stopping;
      Line line = ring.poll();
      while (line != null && text.length() < CHUNK_CHARS) {
        append(text, line);
        line = ring.poll();
      }
      if (line != null) {
        append(text, line);
      }
      tellDropped(text);
      if (!text.isEmpty()) {
        flush(text);
        nap = NAP_MIN_NANOS;
      } else if (last) {
        return;
      } else {
        LockSupport.parkNanos(this, nap);
        nap = Math.min(NAP_MAX_NANOS, nap * 2);
      }
    }
  }

  private void tellDropped(StringBuilder text) {
    long dropped = ring.droppedSince();
    if (dropped > 0) {
      droppedInAll.addAndGet(dropped);
      text.append(json ? "{\"dropped\":" : "dropped=").append(dropped).append(json ? "}\n" : "\n");
    }
  }

  private void flush(StringBuilder text) {
    complaint.around(() -> {
      try {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        room.take(bytes.length);
        out.write(bytes);
        toTheDisk(bytes.length);
      } catch (IOException failed) {
        droppedInAll.addAndGet(lines);
        throw new UncheckedIOException(failed);
      }
    });
    text.setLength(0);
    lines = 0;
  }

  /**
   * Sends lines to the disk as they come. Left to itself, Linux keeps them for half a minute and
   * then writes hundreds of megabytes at once, behind which commits of the store wait.
   */
  private void toTheDisk(int written) throws IOException {
    unsynced += written;
    if (unsynced < SYNC_BYTES) {
      return;
    }
    unsynced = 0;
    if (out instanceof LogFile file) {
      file.sync();
    } else if (out instanceof FileOutputStream output) {
      syncIfAFile(output);
    }
  }

  private static void syncIfAFile(FileOutputStream output) throws IOException {
    try {
      output.getFD().sync();
    } catch (SyncFailedException e) {
      LOG.debug("request lines go to a pipe or a terminal", e);
    }
  }

  private void append(StringBuilder text, Line line) {
    lines++;
    Form form = json ? Form.JSON : Form.LOGFMT;
    text.append(form.open).append("time").append(form.equals).append(time.of(line.atMillis()));
    form.put(text, "id", line.requestId());
    form.put(text, "source", line.source());
    form.put(text, "operation", line.operation());
    form.put(text, "caller", line.caller());
    form.put(text, "credential", line.credential());
    form.put(text, "key", line.key());
    form.put(text, "outcome", outcome(line.status()));
    form.put(text, "status", Integer.toString(line.status()));
    form.put(text, "code", line.code());
    form.put(text, "lane", line.lane());
    form.put(text, "us", Long.toString(line.micros()));
    text.append(form.close);
  }

  private static String outcome(int status) {
    if (status < 400) {
      return "ok";
    }
    return status < 500 ? "refused" : "failed";
  }

  /** The time as text; within one second only its end is written anew. */
  private static final class Time {
    private long second = Long.MIN_VALUE;
    private String start = "";

    String of(long millis) {
      long now = Math.floorDiv(millis, 1000L);
      if (now != second) {
        second = now;
        String whole = Instant.ofEpochSecond(now).toString();
        start = whole.substring(0, whole.length() - 1);
      }
      int rest = (int) Math.floorMod(millis, 1000L);
      return start + (rest < 10 ? ".00" : rest < 100 ? ".0" : ".") + rest + "Z";
    }
  }

  /** The punctuation of one format. */
  private enum Form {
    JSON("{\"", "\":\"", "\",\"", "\"}\n"),
    LOGFMT("", "=", " ", "\n");

    final String open;
    final String equals;
    final String comma;
    final String close;

    Form(String open, String equals, String comma, String close) {
      this.open = open;
      this.equals = equals;
      this.comma = comma;
      this.close = close;
    }

    void put(StringBuilder text, String name, String value) {
      if (!value.isEmpty()) {
        text.append(comma).append(name).append(equals);
        plain(text, value);
      }
    }

    /** Anything but plain characters becomes a question mark: no value can begin a line. */
    private static void plain(StringBuilder text, String value) {
      int start = text.length();
      text.append(value);
      for (int i = 0; i < value.length(); i++) {
        char c = value.charAt(i);
        if (c <= ' ' || c >= 127 || c == '"' || c == '\\' || c == '=') {
          text.setCharAt(start + i, '?');
        }
      }
    }
  }

  @Override
  public void close() {
    stopping = true;
    LockSupport.unpark(writer);
    try {
      writer.join(5_000);
      if (ownsOut) {
        out.close();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } catch (IOException failed) {
      LOG.warn("the request log cannot be closed: {}", failed.getMessage());
    }
  }
}
