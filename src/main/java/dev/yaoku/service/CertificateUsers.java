package dev.yaoku.service;

import dev.yaoku.access.ClientCertificate;
import dev.yaoku.access.Directory.KnownCertificate;
import dev.yaoku.access.Principal;
import dev.yaoku.crypto.CertificateAuthority;
import dev.yaoku.crypto.RevocationLists;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;

/**
 * For whom client certificates stand. An authority belongs to one account and vouches only for that
 * account's users, by exactly the names that the account wrote down (SECURITY_DESIGN H16).
 */
final class CertificateUsers {
  private static final Duration KEPT_FOR = Duration.ofSeconds(10);
  private static final int CREDENTIAL_DIGITS = 8;

  private final Store store;
  private final InstantSource clock;
  private final RevocationLists revoked;
  private final LookUps<Stands> certificates;

  /** For whom a certificate stands, in each account that trusts its authority. */
  private record Stands(List<KnownCertificate> known) {}

  CertificateUsers(
      Store store, InstantSource clock, RevocationLists revoked, int max, Semaphore strangers) {
    this.store = store;
    this.clock = clock;
    this.revoked = revoked;
    this.certificates = new LookUps<>(max, KEPT_FOR, strangers, clock, store::view, _ -> {});
  }

  /** For whom it stands; one user at most of each account. */
  List<KnownCertificate> of(ClientCertificate certificate) {
    return certificates
        .find(certificate.sha256(), _ -> store.read(tx -> load(tx, certificate)))
        .map(Stands::known)
        .orElse(List.of());
  }

  private Optional<Stands> load(Reading tx, ClientCertificate certificate) {
    List<KnownCertificate> known = new ArrayList<>();
    Instant now = clock.instant();
    Set<String> names = certificate.names();
    for (Rights.ClientCa row : tx.rights().clientCas()) {
      if (row.enabled() && !names.isEmpty()) {
        CertificateAuthority.read(row.pem())
            .filter(ca -> ca.isNamedIn(certificate.chain()))
            .filter(ca -> ca.vouchesFor(certificate.chain(), now, revoked.lists()))
            .flatMap(ca -> stands(tx, row, ca, certificate, names))
            .ifPresent(known::add);
      }
    }
    return known.isEmpty() ? Optional.empty() : Optional.of(new Stands(List.copyOf(known)));
  }

  private static Optional<KnownCertificate> stands(
      Reading tx,
      Rights.ClientCa row,
      CertificateAuthority ca,
      ClientCertificate certificate,
      Set<String> names) {
    Set<String> users = new LinkedHashSet<>();
    for (String name : names) {
      tx.rights()
          .certificateUser(row.account(), row.name(), name)
          .ifPresent(found -> users.add(found.user()));
    }
    if (users.size() != 1) {
      return Optional.empty(); // nobody, or not one person
    }
    Optional<Principal> who =
        Identities.principal(
            tx,
            row.account(),
            users.iterator().next(),
            certificate.sha256().substring(0, CREDENTIAL_DIGITS),
            false,
            null);
    return who.map(principal -> new KnownCertificate(principal, end(ca, certificate)));
  }

  private static Instant end(CertificateAuthority ca, ClientCertificate certificate) {
    Instant leaf = certificate.leaf().getNotAfter().toInstant();
    return ca.notAfter().isBefore(leaf) ? ca.notAfter() : leaf;
  }

  void everythingChanged() {
    certificates.forgetAll();
  }

  void usersChanged(Set<String> ids) {
    certificates.forgetIf(
        s -> s.known().stream().anyMatch(k -> ids.contains(k.principal().user())));
  }

  void accountChanged(String id) {
    certificates.forgetIf(
        s -> s.known().stream().anyMatch(k -> k.principal().account().equals(id)));
  }

  void sweep() {
    certificates.sweep();
  }
}
