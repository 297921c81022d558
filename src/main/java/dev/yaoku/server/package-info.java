/** The listener: lanes, limits, TLS, health, metrics, and the wiring of all rooms on one page. */
@org.jspecify.annotations.NullMarked
package dev.yaoku.server;
