package dev.yaoku.service;

import dev.yaoku.crypto.Cryptography;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.store.Store;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/** All operations on keys, put together over one store. */
public record KeyServices(
    Keys keys,
    KeyCreation creation,
    KeyLifecycle lifecycle,
    Queries queries,
    EnterpriseProjects enterpriseProjects,
    Encryption encryption,
    DataKeys dataKeys,
    DataKeyPairs pairs,
    ReEncryption reEncryption,
    Signing signing,
    Macs macs,
    Agreement agreement,
    Randoms randoms,
    Tags tags,
    Aliases aliases,
    Grants grants,
    Keystores keystores,
    KeyPolicies keyPolicies,
    AccessPoints accessPoints,
    Capsules capsules,
    Pins pins,
    Clocks clocks,
    Deletions deletions,
    KeyRotation rotation,
    DueRotations dueRotations,
    Imports imports,
    Expiries expiries,
    Replication replication,
    RsaPairs rsaPairs,
    StoppedKeys stopped) {

  /**
   * The operations over a store.
   *
   * @param work where private keys are used for long
   * @param nanos monotonic time, such as {@link System#nanoTime}
   */
  public static KeyServices over(
      Store store,
      Hierarchy hierarchy,
      Cryptography cryptography,
      PrivateKeyWork work,
      Randomness randomness,
      InstantSource clock,
      LongSupplier nanos,
      Events events,
      Rules rules) {
    Engine engine = new Engine(cryptography, work, rules.rsaPairsAhead());
    ProjectKeys projectKeys = new ProjectKeys(store, hierarchy, rules.cachedFor(), nanos);
    Materials materials = new Materials(projectKeys, engine, randomness);
    Keys keys = new Keys(store, materials, projectKeys, clock, nanos, rules);
    KeyChanges changes = new KeyChanges(store, keys, events, clock);
    Followers followers = new Followers(materials, events, clock);
    KeyRotation rotation = new KeyRotation(keys, changes, materials, followers, randomness, clock);
    KeyCreation creation = new KeyCreation(store, materials, randomness, clock, events, rules);
    Replication replication =
        new Replication(keys, changes, creation, followers, randomness, clock, rules);
    Restoration restoration = new Restoration(replication, rules);
    Clocks clocks = new Clocks(store, clock, nanos, events, new Operators(store));
    Places places = new Places(nanos);
    return new KeyServices(
        keys,
        creation,
        new KeyLifecycle(changes, followers, restoration, clocks, clock, rules),
        new Queries(store, keys, places, clock, rules, HeapRoom.quarter()),
        new EnterpriseProjects(store, changes, places, clock),
        new Encryption(keys, engine),
        new DataKeys(keys, randomness),
        new DataKeyPairs(keys, engine, rules),
        new ReEncryption(keys, engine),
        new Signing(keys, engine),
        new Macs(keys),
        new Agreement(keys, engine),
        new Randoms(randomness),
        new Tags(store, keys, changes, clock, rules),
        new Aliases(store, keys, changes, places, clock, events, rules),
        new Grants(store, keys, changes, places, randomness, clock, events, rules),
        new Keystores(store, keys, places, randomness, clock, events),
        new KeyPolicies(store, randomness, clock, events, rules.keySpaces()),
        new AccessPoints(store, projectKeys, engine, randomness, clock, events, rules.keySpaces()),
        new Capsules(store, keys, engine, randomness, clock, events),
        new Pins(store, projectKeys, randomness),
        clocks,
        new Deletions(store, keys, clocks, clock, followers, restoration, events, rules),
        rotation,
        new DueRotations(store, keys, materials, rotation, events, clock),
        new Imports(
            store, keys, changes, materials, followers, engine, randomness, events, clock, rules),
        new Expiries(store, keys, clocks, events, rules),
        replication,
        engine.rsaPairs(),
        engine.stopped());
  }
}
