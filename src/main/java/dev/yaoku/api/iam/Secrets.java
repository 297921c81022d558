package dev.yaoku.api.iam;

import dev.yaoku.secret.SecretBytes;
import java.util.ArrayList;
import java.util.List;

/** The secrets of one body, to be wiped together. */
final class Secrets implements AutoCloseable {
  private final List<SecretBytes> taken = new ArrayList<>(1);

  SecretBytes keep(SecretBytes secret) {
    taken.add(secret);
    return secret;
  }

  @Override
  public void close() {
    taken.forEach(SecretBytes::close);
  }
}
