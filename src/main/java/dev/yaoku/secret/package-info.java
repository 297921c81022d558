/** Bytes that must not print and must not outlive their use. */
@org.jspecify.annotations.NullMarked
package dev.yaoku.secret;
