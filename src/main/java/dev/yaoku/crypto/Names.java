package dev.yaoku.crypto;

import java.util.Optional;

/** Finds a constant by the name it has on the wire. */
final class Names {
  private Names() {}

  static <E extends Enum<E>> Optional<E> find(E[] constants, String name) {
    for (E constant : constants) {
      if (constant.name().equals(name)) {
        return Optional.of(constant);
      }
    }
    return Optional.empty();
  }
}
