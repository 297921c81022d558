package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.CAROL;
import static dev.yaoku.service.Household.PROJECT;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.crypto.Cryptography;
import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.GrantOperation;
import dev.yaoku.key.Key;
import dev.yaoku.key.OpeningPolicy;
import dev.yaoku.key.Tag;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import java.util.List;
import java.util.Set;

/** The keys of a household's first project, and what its people change of them. */
final class HouseholdKeys implements AutoCloseable {
  private static final String SPACE = "space";

  final KeyServices services;
  private final PrivateKeyWork work = new PrivateKeyWork(1, () -> {}, () -> {});
  private int made;

  /**
   * No keys yet.
   *
   * @param store the household's, or one in front of it
   */
  HouseholdKeys(Household house, Store store) {
    Hierarchy.NewProjectKey opening = house.hierarchy.newProjectKey(PROJECT);
    house.store.write(tx -> {
      tx.insert(
          new Rows.ProjectKey(
              PROJECT, opening.version(), opening.wrapped(), opening.lasting(), house.now, 1));
      return true;
    });
    services =
        KeyServices.over(
            store,
            house.hierarchy,
            new Cryptography(house.randomness, false),
            work,
            house.randomness,
            house.clock,
            () -> 1,
            house.events,
            KeyWorld.roomy());
    services.clocks().start();
  }

  Key create(Caller caller) {
    return services.creation().create(caller, KeyWorld.order("key-" + next()));
  }

  /** Gives somebody else a right; returns the grant's id. */
  String grant(Caller caller, Key key) {
    Grants.Order order =
        new Grants.Order(
            CAROL, false, Set.of(GrantOperation.DECRYPT_DATA), null, "grant-" + next());
    return services.grants().create(caller, KeyWorld.ref(key), order);
  }

  void tag(Caller caller, Key key) {
    services
        .tags()
        .put(caller, Action.CREATE_TAG, KeyWorld.ref(key), List.of(new Tag("stage", "live")));
  }

  /** Makes a key policy; returns its id. */
  String keyPolicy(Caller caller) {
    return services.keyPolicies().create(caller, SPACE, "policy-" + next(), nobody(), "").id();
  }

  static OpeningPolicy nobody() {
    return new OpeningPolicy("1.0", null, List.of(), null);
  }

  /** Makes an access point; returns its id. */
  String accessPoint(Caller caller, AccessPoint.Kind kind) {
    AccessPoints.Order order =
        new AccessPoints.Order(SPACE, "point-" + next(), kind, ACCOUNT, "", "");
    return services.accessPoints().create(caller, order).id();
  }

  /** Makes a keystore; returns its id. */
  String keystore(Caller caller) {
    String name = "keystore-" + next();
    return services.keystores().create(caller, name, "DHSM", name).id();
  }

  private int next() {
    return ++made;
  }

  @Override
  public void close() {
    work.close();
  }
}
