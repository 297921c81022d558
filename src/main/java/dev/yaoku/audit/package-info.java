/** What happened: events, and the log that keeps them. */
@org.jspecify.annotations.NullMarked
package dev.yaoku.audit;
