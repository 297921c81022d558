import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.concurrent.locks.LockSupport;

/** What it takes to make a page durable on a disk. */
final class Fsync {
  private static final int TIMES = 500;

  private Fsync() {}

  /** Milliseconds that half of them take at most. */
  static double medianMillis(Path directory) throws IOException {
    Path file = Files.createTempFile(directory, "fsync", "");
    double[] millis = new double[TIMES];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int i = 0; i < TIMES; i++) {
        channel.write(ByteBuffer.allocate(4096));
        long begun = System.nanoTime();
        channel.force(false);
        millis[i] = (System.nanoTime() - begun) / 1e6;
      }
    } finally {
      Files.delete(file);
    }
    Arrays.sort(millis);
    return millis[TIMES / 2];
  }

  /**
   * Microseconds from when a page was due to when it was durable, that one of a hundred takes
   * longer than: what a server can do at best whose answers wait for that.
   *
   * @param rate pages a second
   */
  static double pacedP99Micros(Path directory, double rate, int seconds) throws IOException {
    Path file = Files.createTempFile(directory, "fsync", "");
    double[] micros = new double[(int) (rate * seconds)];
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      long begun = System.nanoTime();
      for (int i = 0; i < micros.length; i++) {
        long due = begun + Math.round(i * 1e9 / rate);
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        channel.write(ByteBuffer.allocate(4096));
        channel.force(false);
        micros[i] = (System.nanoTime() - due) / 1e3;
      }
    } finally {
      Files.delete(file);
    }
    Arrays.sort(micros);
    return micros[micros.length * 99 / 100];
  }
}
