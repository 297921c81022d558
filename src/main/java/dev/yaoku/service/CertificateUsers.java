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
  private record Stands(List<KnownCertificate> known, Set<String> near, Set<String> issuers) {}

  CertificateUsers(
      Store store, InstantSource clock, RevocationLists revoked, int max, Semaphore strangers) {
    this.store = store;
    this.clock = clock;
    this.revoked = revoked;
    this.authorities = new TrustedAuthorities(store, clock);
    this.certificates = new LookUps<>(max, KEPT_FOR, strangers, clock, store::view, _ -> {});
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
    Instant now = clock.instant();
    Instant end = shown.leaf().getNotAfter().toInstant();
    Set<String> users = new LinkedHashSet<>();
    List<Vouching> vouching = new ArrayList<>();
    for (Trusted one : trusted) {
      List<Rights.CertificateUser> named =
          stands(tx, one.row()) ? users(tx, one.row(), shown.names()) : List.of();
      // It does not end with one that says nothing of it, which may be anybody's.
      if (!named.isEmpty() && one.ca().vouchesFor(atHand, now, revoked.lists())) {
        named.forEach(name -> users.add(name.user()));
        vouching.add(new Vouching(one.row(), named));
        end = one.ca().notAfter().isBefore(end) ? one.ca().notAfter() : end;
      }
    }
    if (users.size() != 1) {
      return Optional.empty(); // nobody, or not one person
    }
    Instant until = end;
    String credential = TokenText.credential(shown.sha256());
    boolean first = Operators.account(tx).filter(account::equals).isPresent();
    Acquaintance.Proof proof = new Proof(List.copyOf(vouching), credential, until);
    return proof
        .holder(tx, now)
        .map(who ->
            new KnownCertificate(
                who, until, first, new Acquaintance(proof, new Problem.BadCertificate())));
  }

  /** An authority that vouches for a certificate, and the user's names in that. */
  private record Vouching(Rights.ClientCa authority, List<Rights.CertificateUser> names) {
    boolean stands(Reading tx) {
      return CertificateUsers.stands(tx, authority)
          && usersNow(tx).equals(Set.of(names.getFirst().user()));
    }

    private Set<String> usersNow(Reading tx) {
      return names.stream()
          .flatMap(name ->
              tx
                  .rights()
                  .certificateUser(authority.account(), authority.name(), name.name())
                  .stream())
          .map(Rights.CertificateUser::user)
          .collect(Collectors.toSet());
    }
  }

  /** A certificate that stood for one user, whose signatures need no second look. */
  private record Proof(List<Vouching> vouching, String credential, Instant until)
      implements Acquaintance.Proof {
    @Override
    public Optional<Principal> holder(Reading tx, Instant now) {
      Rights.CertificateUser one = vouching.getFirst().names().getFirst();
      return now.isBefore(until) && vouching.stream().allMatch(each -> each.stands(tx))
          ? Identities.principal(tx, one.account(), one.user(), credential, false, null)
          : Optional.empty();
    }
  }

  /** Names were given to it as it is now: not to an earlier one that went by the same name. */
  private static boolean stands(Reading tx, Rights.ClientCa row) {
    return tx.rights()
        .clientCa(row.account(), row.name())
        .filter(now -> now.enabled() && now.sha256().equals(row.sha256()))
        .isPresent();
  }

  private static List<Rights.CertificateUser> users(
      Reading tx, Rights.ClientCa row, Set<String> names) {
    List<Rights.CertificateUser> users = new ArrayList<>();
    for (String name : names) {
      for (String spelling : CertificateName.spellings(name)) {
        tx.rights().certificateUser(row.account(), row.name(), spelling).ifPresent(users::add);
      }
    }
    return users;
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
