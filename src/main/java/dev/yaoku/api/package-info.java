/** What every dialect shares: routes, exchanges and answers as values. */
@org.jspecify.annotations.NullMarked
package dev.yaoku.api;
