/** The commands of the yaoku script. */
@org.jspecify.annotations.NullMarked
package dev.yaoku.cli;
