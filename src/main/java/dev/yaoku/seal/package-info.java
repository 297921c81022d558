/** The root key and the hierarchy under it; the only code that opens key material. */
@org.jspecify.annotations.NullMarked
package dev.yaoku.seal;
