/**
 * What a key is: its identity, states and transitions, and every way in which a request can be
 * refused. Pure: no clock, no input or output.
 */
@org.jspecify.annotations.NullMarked
package dev.yaoku.key;
