package dev.yaoku.service;

import dev.yaoku.access.ClientCertificate;
import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Wish;
import java.time.Instant;
import java.util.List;

/** Whose authorities a household's accounts trust, and for whom certificates stand then. */
record TrustedCertificates(Household household, ClientAuthorities authorities) {
  static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  static final Instant UNTIL = Instant.parse("2026-01-10T00:00:00Z");

  static TrustedCertificates of(Household household) {
    return new TrustedCertificates(household, household.clientAuthorities());
  }

  /** A certificate for these names, good for as long as the authorities are. */
  static ClientCertificate certificate(TestPki pki, String... names) {
    return ClientCertificate.of(pki.issue(Wish.client(FROM, UNTIL, names)).chain()).orElseThrow();
  }

  /** An account trusts an authority, which it calls {@code ca}, and gives a user a name in it. */
  void trust(String admin, TestPki pki, String name, String user) {
    authorities.put(household.caller(admin), "ca", pki.pem(), null);
    authorities.map(household.caller(admin), "ca", name, user);
  }

  /** The users for whom it stands, one of each account at most. */
  List<String> usersOf(ClientCertificate certificate) {
    return household.identities.certificate(certificate).stream()
        .map(known -> known.principal().user())
        .toList();
  }
}
