package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;

import dev.yaoku.access.Caller;
import dev.yaoku.crypto.EncryptionAlgorithm;
import dev.yaoku.crypto.Oaep;
import dev.yaoku.key.Key;
import dev.yaoku.key.Origin;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Somebody who brings material of his own, with what the JDK has. */
final class Customer {
  private final KeyWorld world;
  private final Supplier<Caller> caller;
  private final AtomicInteger names = new AtomicInteger();

  /**
   * A customer.
   *
   * @param caller as whom each request is made
   */
  Customer(KeyWorld world, Supplier<Caller> caller) {
    this.world = world;
    this.caller = caller;
  }

  /** A new key that waits for material. */
  Key key() {
    KeyCreation.Order order =
        KeyWorld.order("brought-" + names.incrementAndGet(), Origin.EXTERNAL, "0");
    return world.services().creation().create(caller.get(), order);
  }

  /** Asks for a token and its wrapping key. */
  Imports.Parameters parameters(Key key) {
    return world
        .services()
        .imports()
        .parameters(caller.get(), ref(key), EncryptionAlgorithm.RSAES_OAEP_SHA_256);
  }

  /** Brings material that expires, or does not. */
  void bring(Key key, @Nullable Instant expiresAt) {
    send(key, right(parameters(key), expiresAt));
  }

  /** Brings other material than that. */
  void bringOther(Key key) {
    bringOther(key, null);
  }

  /** The same where it expires, or does not. */
  void bringOther(Key key, @Nullable Instant expiresAt) {
    Imports.Parameters parameters = parameters(key);
    byte[] other = new byte[32];
    other[0] = 1;
    send(
        key,
        new Imports.Delivery(
            parameters.token(), Oaep.encrypted(parameters.publicKey(), other), null, expiresAt));
  }

  void send(Key key, Imports.Delivery delivery) {
    world.services().imports().take(caller.get(), ref(key), delivery);
  }

  /** Material as it should be. */
  static Imports.Delivery right(Imports.Parameters parameters, @Nullable Instant expiresAt) {
    return new Imports.Delivery(
        parameters.token(), Oaep.encrypted(parameters.publicKey(), new byte[32]), null, expiresAt);
  }

  /** What does not open. */
  static Imports.Delivery wrong(Imports.Parameters parameters) {
    return new Imports.Delivery(parameters.token(), new byte[256], null, null);
  }
}
