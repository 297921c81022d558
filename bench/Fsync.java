import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** What it takes to make a page durable on a disk. */
final class Fsync {
  private static final int TIMES = 500;

  private Fsync() {}

  /** Milliseconds that half of them take at most. */
  static double medianMillis(Path directory) throws IOException {
    return sorted(directory)[TIMES / 2];
  }

  /** Milliseconds that one of a hundred takes longer than. */
  static double p99Millis(Path directory) throws IOException {
    return sorted(directory)[TIMES * 99 / 100];
  }

  private static double[] sorted(Path directory) throws IOException {
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
    return millis;
  }
}
