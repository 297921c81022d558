package dev.yaoku.api.huawei;

import dev.yaoku.secret.SecretBytes;
import java.util.ArrayList;
import java.util.List;

/** The secret members of one body: where they are read from, and what must be wiped afterwards. */
final class Secrets implements AutoCloseable {
  private final byte[] body;
  private final List<SecretBytes> taken = new ArrayList<>(1);

  Secrets(byte[] body) {
    this.body = body;
  }

  /** The raw body. */
  byte[] body() {
    return body;
  }

  SecretBytes keep(SecretBytes secret) {
    taken.add(secret);
    return secret;
  }

  @Override
  public void close() {
    taken.forEach(SecretBytes::close);
  }
}
