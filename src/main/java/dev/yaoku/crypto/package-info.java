/**
 * Algorithms only: which key can do what, and which provider does it. Knows no tenant, no file, no
 * request.
 */
@org.jspecify.annotations.NullMarked
package dev.yaoku.crypto;
