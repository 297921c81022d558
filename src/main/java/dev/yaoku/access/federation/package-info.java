/**
 * Trust in what others sign: identity tokens of OpenID Connect providers, the keys that they are
 * checked with, and how a stranger's claims name a user (SECURITY_DESIGN H16).
 */
@org.jspecify.annotations.NullMarked
package dev.yaoku.access.federation;
