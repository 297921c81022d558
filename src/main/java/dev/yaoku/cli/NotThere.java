package dev.yaoku.cli;

/** There is nothing of the name that was given. */
@SuppressWarnings("serial") // never serialised
final class NotThere extends RuntimeException {
  NotThere(String what, String name) {
    super("There is no " + what + " with the id or name " + name + ".");
  }
}
