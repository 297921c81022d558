package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.secret.SecretBytes;

/** Random bytes for callers, read from the kernel on every call (SECURITY_DESIGN L9). */
public final class Randoms {
  private final Randomness randomness;

  Randoms(Randomness randomness) {
    this.randomness = randomness;
  }

  /** This many bytes; whoever takes them closes them. */
  public SecretBytes random(Caller caller, int bytes) {
    caller.mustBeAllowed(Action.CREATE_RANDOM);
    return randomness.secret(bytes);
  }
}
