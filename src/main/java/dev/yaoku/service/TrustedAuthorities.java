package dev.yaoku.service;

import dev.yaoku.crypto.CertificateAuthority;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Store;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import javax.security.auth.x500.X500Principal;

/**
 * The authorities of all accounts, found by the names in certificates. Anybody may show a
 * certificate: what that costs must not grow with the number of accounts.
 */
final class TrustedAuthorities {
  private static final Duration KEPT_FOR = Duration.ofSeconds(10);
  private static final String ALL = "all";

  private final Store store;
  private final LookUps<Index> kept;
  private final IdleAuthorities idle = new IdleAuthorities();

  /** What was read last; a certificate that is still there is not read again. */
  private volatile Index last = new Index(Map.of(), Map.of());

  /** All authorities by their fingerprints, and the accounts where one of a name counts. */
  private record Index(
      Map<String, CertificateAuthority> bySha256, Map<X500Principal, Set<String>> accountsByName) {}

  TrustedAuthorities(Store store, InstantSource clock) {
    this.store = store;
    Semaphore always = new Semaphore(Integer.MAX_VALUE); // whoever asks was counted before
    this.kept = new LookUps<>(1, KEPT_FOR, always, clock, store::view, _ -> {});
  }

  /**
   * The accounts of which an authority that counts has the name of somebody who issued one of these
   * certificates. No signature is checked.
   */
  Set<String> near(List<X509Certificate> certificates) {
    Index index = index();
    Set<String> accounts = new LinkedHashSet<>();
    for (X509Certificate one : certificates) {
      accounts.addAll(index.accountsByName.getOrDefault(one.getIssuerX500Principal(), Set.of()));
    }
    return accounts;
  }

  /**
   * Those of an account that count, as a transaction sees them: there are few. The administrators'
   * come first.
   */
  static List<Rights.ClientCa> counting(Reading tx, String account) {
    return tx.rights().clientCas(account).stream()
        .filter(Rights.ClientCa::enabled)
        .sorted(Comparator.comparing(Rights.ClientCa::byAdministrators).reversed())
        .toList();
  }

  /** The authority of a row; nothing if it cannot be read, and so vouches for nobody. */
  Optional<CertificateAuthority> authority(Rights.ClientCa row) {
    return Optional.ofNullable(last.bySha256.get(row.sha256()))
        .or(() -> CertificateAuthority.read(row.pem()));
  }

  /** All there are, also those that do not count now. */
  List<CertificateAuthority> all() {
    return List.copyOf(index().bySha256.values());
  }

  void changed() {
    kept.forgetAll();
  }

  private Index index() {
    return kept.find(ALL, _ -> Optional.of(read())).orElseThrow();
  }

  private Index read() {
    Map<String, CertificateAuthority> bySha256 = new HashMap<>();
    Map<X500Principal, Set<String>> accountsByName = new HashMap<>();
    List<Rights.ClientCa> unreadable = new ArrayList<>();
    for (Rights.ClientCa row : store.read(tx -> tx.rights().clientCas())) {
      Optional<CertificateAuthority> authority = authority(row);
      authority.ifPresent(ca -> bySha256.put(row.sha256(), ca));
      if (row.enabled()) {
        authority
            .map(ca -> ca.certificate().getSubjectX500Principal())
            .map(name -> accountsByName.computeIfAbsent(name, _ -> new LinkedHashSet<>()))
            .ifPresentOrElse(of -> of.add(row.account()), () -> unreadable.add(row));
      }
    }
    idle.unreadable(unreadable);
    Index read = new Index(bySha256, accountsByName);
    last = read;
    return read;
  }
}
