import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What {@code openssl speed} says, operations a second. */
final class OpenSsl {
  private static final int GCM_BYTES = 4096;

  private final int core;
  private final int seconds;

  OpenSsl(int core, int seconds) {
    this.core = core;
    this.seconds = seconds;
  }

  /** Which openssl this is. */
  static String version() throws IOException {
    return lines(List.of("openssl", "version")).getFirst();
  }

  /** One run of everything, by names such as {@code rsa2048 sign}. */
  Map<String, Double> run() throws IOException {
    Map<String, Double> rates = new HashMap<>();
    for (String line : speed("rsa2048", "ecdsap256", "ecdsap384", "sm2")) {
      read(line.split(":", -1), rates);
    }
    for (String line : speed("-bytes", Integer.toString(GCM_BYTES), "-evp", "aes-256-gcm")) {
      String[] fields = line.split(":", -1);
      if (fields[0].equals("+F")) {
        rates.put("aes-256-gcm 4 KiB", Double.parseDouble(fields[fields.length - 1]) / GCM_BYTES);
      }
    }
    return rates;
  }

  private List<String> speed(String... what) throws IOException {
    List<String> command =
        new java.util.ArrayList<>(
            List.of("openssl", "speed", "-mr", "-elapsed", "-seconds", Integer.toString(seconds)));
    command.addAll(List.of(what));
    return lines(ServerProcess.pinned(core, command));
  }

  /** Lines such as {@code +F2:2:2048:sign a second:verify a second}. */
  private static void read(String[] fields, Map<String, Double> rates) {
    String name =
        switch (fields[0]) {
          case "+F2" -> "rsa" + fields[2];
          case "+F4" -> "p" + fields[2];
          case "+F7" -> "sm2";
          default -> "";
        };
    if (!name.isEmpty()) {
      rates.put(name + " sign", Double.parseDouble(fields[fields.length - 2]));
      rates.put(name + " verify", Double.parseDouble(fields[fields.length - 1]));
    }
  }

  private static List<String> lines(List<String> command) throws IOException {
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    return process.inputReader().lines().toList();
  }
}
