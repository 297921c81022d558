/** Tests of the store, each on every engine. */
@org.jspecify.annotations.NullMarked
package dev.yaoku.store;
