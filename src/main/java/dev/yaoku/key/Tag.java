package dev.yaoku.key;

/**
 * A label on a key. A key has at most one value for each tag key.
 *
 * @param key at most 128 characters, never empty
 * @param value at most 255 characters, may be empty
 */
public record Tag(String key, String value) {}
