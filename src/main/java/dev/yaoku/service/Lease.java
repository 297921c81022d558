package dev.yaoku.service;

/** Something borrowed from a cache: it is not wiped before it is given back. */
interface Lease<V> extends AutoCloseable {
  /** What is borrowed. */
  V value();

  /** Gives it back. */
  @Override
  void close();
}
