package dev.yaoku.service;

import dev.yaoku.crypto.Randomness;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.store.Store;
import java.time.InstantSource;
import java.util.List;

/** All that is done to the identities of accounts, put together over one store. */
public record IdentityServices(
    Users users,
    Groups groups,
    AccessKeys accessKeys,
    SubjectTokens subjectTokens,
    Policies policies,
    Attachments attachments,
    Agencies agencies,
    Projects projects,
    Tenants tenants) {

  /**
   * The services over a store.
   *
   * @param identities who is known, to be told of changes
   * @param held who holds which policies, likewise
   * @param logins in whose queue passwords are worked on
   * @param regions what is served, this server's own region first
   */
  public static IdentityServices over(
      Store store,
      Hierarchy hierarchy,
      Identities identities,
      HeldPolicies held,
      Logins logins,
      Randomness randomness,
      InstantSource clock,
      Events events,
      List<String> regions) {
    Directorship directorship = new Directorship(store, identities, held, events, clock);
    return new IdentityServices(
        new Users(directorship, hierarchy, logins, randomness),
        new Groups(directorship, randomness),
        new AccessKeys(directorship, hierarchy, randomness),
        new SubjectTokens(store, identities, events, clock),
        new Policies(directorship, randomness),
        new Attachments(directorship),
        new Agencies(directorship, randomness),
        new Projects(directorship, hierarchy, randomness),
        new Tenants(directorship, hierarchy, logins, events, randomness, regions));
  }
}
