/** Who calls, and what they may do: signatures, tokens, users, access keys, permissions. */
@org.jspecify.annotations.NullMarked
package dev.yaoku.access;
