package dev.yaoku.api.huawei;

/**
 * The body of a request, read. Closing it wipes its secret members.
 *
 * @param members the wire record
 * @param secrets what must be wiped
 */
record Incoming<T>(T members, Secrets secrets) implements AutoCloseable {
  @Override
  public void close() {
    secrets.close();
  }
}
