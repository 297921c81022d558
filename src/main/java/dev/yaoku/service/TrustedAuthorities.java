package dev.yaoku.service;

import dev.yaoku.crypto.CertificateAuthority;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Store;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

  /** What was read last; a certificate that is still there is not read again. */
  private volatile Index last = new Index(Map.of(), Map.of());

  /** An authority of an account, as it is kept and read. */
  record Trusted(Rights.ClientCa row, CertificateAuthority ca) {}

  /** All of each account, and the accounts where one of a name counts. */
  private record Index(
      Map<String, List<Trusted>> byAccount, Map<X500Principal, Set<String>> accountsByName) {
    private List<Trusted> counting(String account) {
      return byAccount.getOrDefault(account, List.of()).stream()
          .filter(one -> one.row.enabled())
          .toList();
    }
  }

  TrustedAuthorities(Store store, InstantSource clock) {
    this.store = store;
    Semaphore always = new Semaphore(Integer.MAX_VALUE); // whoever asks was counted before
    this.kept = new LookUps<>(1, KEPT_FOR, always, clock, store::view, _ -> {});
  }

  /**
   * Those that count, by account, of each account of which one has the name of somebody who issued
   * one of these certificates. No signature is checked.
   */
  Map<String, List<Trusted>> near(List<X509Certificate> certificates) {
    Index index = index();
    Set<String> accounts = new LinkedHashSet<>();
    for (X509Certificate one : certificates) {
      accounts.addAll(index.accountsByName.getOrDefault(one.getIssuerX500Principal(), Set.of()));
    }
    Map<String, List<Trusted>> near = new LinkedHashMap<>();
    for (String account : accounts) {
      near.put(account, index.counting(account));
    }
    return near;
  }

  /** All there are, also those that do not count now. */
  List<CertificateAuthority> all() {
    return index().byAccount.values().stream().flatMap(List::stream).map(Trusted::ca).toList();
  }

  void changed() {
    kept.forgetAll();
  }

  private Index index() {
    return kept.find(ALL, _ -> Optional.of(read())).orElseThrow();
  }

  private Index read() {
    Map<String, CertificateAuthority> before = new HashMap<>();
    last.byAccount.values().forEach(all -> all.forEach(t -> before.put(t.row.sha256(), t.ca)));
    Map<String, List<Trusted>> byAccount = new LinkedHashMap<>();
    Map<X500Principal, Set<String>> accountsByName = new HashMap<>();
    for (Rights.ClientCa row : store.read(tx -> tx.rights().clientCas())) {
      Optional<CertificateAuthority> ca =
          Optional.ofNullable(before.get(row.sha256()))
              .or(() -> CertificateAuthority.read(row.pem()));
      if (ca.isEmpty()) {
        continue;
      }
      byAccount
          .computeIfAbsent(row.account(), _ -> new ArrayList<>())
          .add(new Trusted(row, ca.get()));
      if (row.enabled()) {
        X500Principal name = ca.get().certificate().getSubjectX500Principal();
        accountsByName.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(row.account());
      }
    }
    Index read = new Index(byAccount, accountsByName);
    last = read;
    return read;
  }
}
