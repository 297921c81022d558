package dev.yaoku.service;

import dev.yaoku.access.federation.AllowedHosts;
import dev.yaoku.access.federation.KeyFetcher;
import dev.yaoku.access.federation.KeyKeeper;
import dev.yaoku.store.Store;
import java.io.IOException;
import java.util.List;

/** The identity providers of a household, for whose keys nobody is asked. */
final class Providers {
  private Providers() {}

  static IdentityProviders of(Household house) {
    KeyKeeper keys = keys(house);
    return of(house, new Federation(house.store, house.throttle, keys, house.clock), keys);
  }

  static IdentityProviders of(Household house, Federation federation, KeyKeeper keys) {
    return of(house, house.store, federation, keys);
  }

  /** The same over something that stands before the store. */
  static IdentityProviders over(Store store, Household house) {
    KeyKeeper keys = keys(house);
    return of(house, store, new Federation(store, house.throttle, keys, house.clock), keys);
  }

  private static IdentityProviders of(
      Household house, Store store, Federation federation, KeyKeeper keys) {
    return new IdentityProviders(
        store,
        federation,
        house.identities,
        house.held,
        keys,
        house.events,
        house.randomness,
        house.clock);
  }

  static KeyKeeper keys(Household house) {
    return new KeyKeeper(
        new KeyFetcher(
            new AllowedHosts(List.of("keys.example.com"), _ -> false),
            _ -> List.of(),
            (_, _, _, _) -> {
              throw new IOException("nothing is fetched here");
            },
            house.clock),
        null,
        Runnable::run,
        house.clock);
  }
}
