package dev.yaoku.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yaoku.access.CertificateName;
import dev.yaoku.access.ClientCertificate;
import dev.yaoku.access.Directory.KnownCertificate;
import dev.yaoku.access.Principal;
import dev.yaoku.access.TokenText;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.RevocationLists;
import dev.yaoku.key.Problem;
import dev.yaoku.service.TrustedAuthorities.Trusted;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Store;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import javax.security.auth.x500.X500Principal;

/**
 * For whom client certificates stand. An authority belongs to one account and vouches only for that
 * account's users, by exactly the names that the account wrote down (SECURITY_DESIGN H16).
 */
final class CertificateUsers {
  private static final Duration KEPT_FOR = Duration.ofSeconds(10);

  private final Store store;
  private final InstantSource clock;
  private final RevocationLists revoked;
  private final IdleLists idle = new IdleLists();
  private final TrustedAuthorities authorities;
  private final LookUps<Stands> certificates;

  /**
   * For whom a certificate stands, in each account that trusts its authority.
   *
   * @param near the accounts that were asked
   * @param issuers SHA-256 of the names of those who issued it, and what leads up from it: an
   *     authority of such a name may have a say in it, whatever account it is of. The names
   *     themselves are as long as the client likes
   */
  private record Stands(List<KnownCertificate> known, Set<String> near, Set<String> issuers) {
    void leave() {
      known.forEach(one -> Acquaintance.forget(one.standing()));
    }
  }

  CertificateUsers(
      Store store, InstantSource clock, RevocationLists revoked, int max, Semaphore strangers) {
    this.store = store;
    this.clock = clock;
    this.revoked = revoked;
    this.authorities = new TrustedAuthorities(store, clock);
    this.certificates = new LookUps<>(max, KEPT_FOR, strangers, clock, store::view, Stands::leave);
  }

  /** For whom it stands; one user at most of each account. */
  List<KnownCertificate> of(ClientCertificate certificate) {
    return certificates
        .find(certificate.sha256(), _ -> load(certificate))
        .map(Stands::known)
        .orElse(List.of());
  }

  private Optional<Stands> load(ClientCertificate shown) {
    Optional<ClientCertificate> read = shown.read().filter(c -> !c.names().isEmpty());
    Map<String, List<Trusted>> near = read.map(c -> authorities.near(c.chain())).orElse(Map.of());
    if (near.isEmpty()) {
      return Optional.empty();
    }
    List<KnownCertificate> known =
        store.read(tx ->
            near.entrySet().stream()
                .flatMap(one -> stands(tx, one.getKey(), one.getValue(), read.get()).stream())
                .toList());
    Set<String> issuers =
        read.get().chain().stream()
            .map(issued -> sha256(issued.getIssuerX500Principal()))
            .collect(Collectors.toUnmodifiableSet());
    return known.isEmpty()
        ? Optional.empty()
        : Optional.of(new Stands(known, Set.copyOf(near.keySet()), issuers));
  }

  /** Of names that are equal, the same. */
  private static String sha256(X500Principal name) {
    byte[] canonical = name.getName(X500Principal.CANONICAL).getBytes(UTF_8);
    return HexFormat.of().formatHex(Hashes.sha256(canonical));
  }

  /**
   * For whom it stands in an account. All authorities of the account that vouch for it are asked.
   *
   * <p>Say that an account trusts a root and also an intermediate that the root issued. A
   * certificate of the intermediate leads to the root too, but only through the intermediate's own
   * certificate, which the client may send or leave out. So the certificates of the account's
   * authorities are always at hand as links: else the client would choose, by what it sends,
   * whether the root has a say in who it is.
   */
  private Optional<KnownCertificate> stands(
      Reading tx, String account, List<Trusted> trusted, ClientCertificate shown) {
    List<X509Certificate> atHand = new ArrayList<>(shown.chain());
    trusted.forEach(one -> atHand.add(one.ca().certificate()));
    List<X509CRL> lists = revoked.lists();
    Naming naming = Naming.of(tx, account, shown);
    Instant now = clock.instant();
    Instant end = shown.leaf().getNotAfter().toInstant();
    Set<String> users = new LinkedHashSet<>();
    for (Trusted one : trusted) {
      Set<String> named = naming.usersBy(one.row());
      // It does not end with one that says nothing of it, which may be anybody's.
      if (!named.isEmpty() && one.ca().vouchesFor(atHand, now, lists)) {
        users.addAll(named);
        end = one.ca().notAfter().isBefore(end) ? one.ca().notAfter() : end;
      }
    }
    if (users.size() != 1) {
      return Optional.empty(); // nobody, or not one person
    }
    Instant until = end;
    String user = users.iterator().next();
    String credential = TokenText.credential(shown.sha256());
    boolean first = Operators.account(tx).filter(account::equals).isPresent();
    Acquaintance.Proof proof = new Proof(naming, user, credential, until, revoked, lists);
    return proof
        .holder(tx, now)
        .map(who ->
            new KnownCertificate(
                who, until, first, new Acquaintance(proof, new Problem.BadCertificate())));
  }

  /**
   * Whose the names of a certificate are in an account, by those of its authorities that count.
   *
   * @param names of the certificate, in all their spellings
   */
  private record Naming(String account, Set<String> names, Set<Named> users) {
    /**
     * A name and whose it is. It was given to the authority as it is now: not to an earlier one
     * that went by the same name.
     *
     * @param sha256 of the authority's certificate
     */
    private record Named(String authority, String sha256, String name, String user) {}

    static Naming of(Reading tx, String account, ClientCertificate shown) {
      Set<String> names =
          shown.names().stream()
              .flatMap(name -> CertificateName.spellings(name).stream())
              .collect(Collectors.toUnmodifiableSet());
      return new Naming(account, names, users(tx, account, names));
    }

    private static Set<Named> users(Reading tx, String account, Set<String> names) {
      Map<String, List<Rights.CertificateUser>> byAuthority =
          tx.rights().certificateUsers(account, names).stream()
              .collect(Collectors.groupingBy(Rights.CertificateUser::ca));
      Set<Named> users = new HashSet<>();
      byAuthority.forEach((authority, given) ->
          tx.rights()
              .clientCa(account, authority)
              .filter(Rights.ClientCa::enabled)
              .ifPresent(ca ->
                  given.forEach(one ->
                      users.add(new Named(authority, ca.sha256(), one.name(), one.user())))));
      return users;
    }

    Set<String> usersBy(Rights.ClientCa row) {
      return users.stream()
          .filter(one -> one.authority().equals(row.name()) && one.sha256().equals(row.sha256()))
          .map(Named::user)
          .collect(Collectors.toSet());
    }

    boolean stands(Reading tx) {
      return users(tx, account, names).equals(users);
    }
  }

  /**
   * A certificate that stood for one user. Its signatures need no second look as long as all is as
   * it was that was looked at.
   */
  private record Proof(
      Naming naming,
      String user,
      String credential,
      Instant until,
      RevocationLists revoked,
      List<X509CRL> lists)
      implements Acquaintance.Proof {
    @Override
    @SuppressWarnings("ReferenceEquality") // where any list is another, they are others
    public Optional<Principal> holder(Reading tx, Instant now) {
      return now.isBefore(until) && revoked.lists() == lists && naming.stands(tx)
          ? Identities.principal(tx, naming.account(), user, credential, false, null)
          : Optional.empty();
    }
  }

  /** Tells of lists of revoked certificates that keep nobody out. */
  void lookAtLists() {
    List<X509CRL> lists = revoked.lists();
    if (!lists.isEmpty()) {
      idle.look(lists, authorities.all());
    }
  }

  void everythingChanged() {
    authorities.changed(); // first: the certificates are looked up with them
    certificates.forgetAll();
  }

  /** Forgets what a change of names in an account's authorities may have made untrue. */
  void namesChanged(String account) {
    certificates.forgetIf(s -> s.near().contains(account));
  }

  /**
   * The same of a change of an authority: what others' have to do with stays.
   *
   * @param name the authority's from now on; of what it was before, the account was asked
   */
  void authorityChanged(String account, X500Principal name) {
    authorities.changed(); // first: the certificates are looked up with them
    String issuer = sha256(name);
    certificates.forgetIf(s -> s.near().contains(account) || s.issuers().contains(issuer));
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
