/** Other people's clients against a whole server, and the pages that say what passed. */
@org.jspecify.annotations.NullMarked
package dev.yaoku.conformance;
