package dev.yaoku.seal;

/**
 * A secret under the system key.
 *
 * @param keyVersion which version of the system key
 * @param bytes the wrap
 */
@SuppressWarnings("ArrayRecordComponent") // opaque bytes on their way to a column
public record Wrapped(int keyVersion, byte[] bytes) {}
