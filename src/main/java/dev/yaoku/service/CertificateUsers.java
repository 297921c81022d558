package dev.yaoku.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.yaoku.access.CertificateName;
import dev.yaoku.access.ClientCertificate;
import dev.yaoku.access.Directory.KnownCertificate;
import dev.yaoku.access.Principal;
import dev.yaoku.access.TokenText;
import dev.yaoku.crypto.CertificateAuthority;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.RevocationLists;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Store;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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

  /** Whether {@link #lookAtAuthorities} has told the operator. */
  private volatile boolean told;

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
    Set<String> near = read.map(c -> authorities.near(c.chain())).orElse(Set.of());
    if (near.isEmpty()) {
      return Optional.empty();
    }
    Validity validity = new Validity(store);
    List<KnownCertificate> known =
        store.read(tx ->
            near.stream()
                // A damaged row of one account is nothing to the others.
                .flatMap(account ->
                    IfGenuine.read(() -> stands(tx, account, read.get(), validity)).stream())
                .flatMap(Optional::stream)
                .toList());
    Set<String> issuers =
        read.get().chain().stream()
            .map(issued -> sha256(issued.getIssuerX500Principal()))
            .collect(Collectors.toUnmodifiableSet());
    return known.isEmpty()
        ? Optional.empty()
        : Optional.of(new Stands(known, Set.copyOf(near), issuers));
  }

  private List<X509Certificate> links(Stream<Rights.ClientCa> rows) {
    return rows.flatMap(row -> authorities.authority(row).stream())
        .map(CertificateAuthority::certificate)
        .toList();
  }

  /** Of names that are equal, the same. */
  private static String sha256(X500Principal name) {
    byte[] canonical = name.getName(X500Principal.CANONICAL).getBytes(UTF_8);
    return HexFormat.of().formatHex(Hashes.sha256(canonical));
  }

  /**
   * For whom it stands in an account. All authorities of the account that vouch for it are asked;
   * where some that only administrators changed vouch for it, these alone (ADR 31).
   *
   * <p>Say that an account trusts a root and also an intermediate that the root issued. A
   * certificate of the intermediate leads to the root too, but only through the intermediate's own
   * certificate, which the client may send or leave out. So the certificates of the account's
   * authorities are always at hand as links: else the client would choose, by what it sends,
   * whether the root has a say in who it is. Only those of administrators lead to theirs: nobody
   * else opens a way on which a name is another's (ADR 31).
   */
  private Optional<KnownCertificate> stands(
      Reading tx, String account, ClientCertificate shown, Validity validity) {
    List<Rights.ClientCa> counting = TrustedAuthorities.counting(tx, account);
    List<X509Certificate> ofAll = links(counting.stream());
    List<X509Certificate> ofAdministrators =
        links(counting.stream().filter(Rights.ClientCa::byAdministrators));
    List<X509CRL> lists = revoked.lists();
    Names names = Names.of(account, shown);
    Instant now = clock.instant();
    Instant end = shown.leaf().getNotAfter().toInstant();
    Set<Named> seen = new HashSet<>();
    Set<Named> vouched = new HashSet<>();
    boolean byAdministrators = false;
    for (Rights.ClientCa row : counting) {
      if (byAdministrators && !row.byAdministrators()) {
        break; // nobody else's word stands beside theirs
      }
      Set<Named> named = names.in(tx, row);
      seen.addAll(named);
      // It does not end with one that says nothing of it, which may be anybody's.
      Optional<CertificateAuthority> ca =
          named.isEmpty() ? Optional.empty() : authorities.authority(row);
      List<X509Certificate> links = row.byAdministrators() ? ofAdministrators : ofAll;
      if (ca.isPresent() && ca.get().vouchesFor(shown.chain(), links, now, lists)) {
        vouched.addAll(named);
        byAdministrators = row.byAdministrators();
        end = ca.get().notAfter().isBefore(end) ? ca.get().notAfter() : end;
      }
    }
    Set<String> users = vouched.stream().map(Named::user).collect(Collectors.toSet());
    if (users.size() != 1) {
      return Optional.empty(); // nobody, or not one person
    }
    Instant until = end;
    String user = users.iterator().next();
    String credential = TokenText.credential(shown.sha256());
    boolean first = Operators.account(tx).filter(account::equals).isPresent();
    Proof proof =
        new Proof(names, seen, vouched, byAdministrators, user, credential, until, revoked, lists);
    return proof
        .who(tx)
        .map(who ->
            new KnownCertificate(
                who,
                until,
                first,
                new Acquaintance(proof, new Problem.BadCertificate(), validity)));
  }

  /**
   * Whose a name of a certificate is by an authority. It was given to the authority as it is now:
   * not to an earlier one that went by the same name.
   *
   * @param sha256 of the authority's certificate
   */
  private record Named(String authority, String sha256, String name, String user) {
    /** In place of names of which one is damaged: it may have been anybody's. */
    static Named nobodys(Rights.ClientCa authority) {
      return new Named(authority.name(), authority.sha256(), "", "");
    }
  }

  /** The names of a certificate that an account is asked for, in all their spellings. */
  private record Names(String account, Set<String> names) {
    static Names of(String account, ClientCertificate shown) {
      return new Names(
          account,
          shown.names().stream()
              .flatMap(name -> CertificateName.spellings(name).stream())
              .collect(Collectors.toUnmodifiableSet()));
    }

    /** Whose they are by one authority. */
    Set<Named> in(Reading tx, Rights.ClientCa ca) {
      return IfGenuine.read(() -> tx.rights().certificateUsers(account, ca.name(), names))
          .map(found ->
              found.stream()
                  .map(one -> new Named(ca.name(), ca.sha256(), one.name(), one.user()))
                  .collect(Collectors.toSet()))
          .orElseGet(() -> Set.of(Named.nobodys(ca)));
    }

    /**
     * Whose they are by all authorities that count.
     *
     * @param byAdministrators whether only those count that nobody but administrators has changed
     */
    Set<Named> now(Reading tx, boolean byAdministrators) {
      return TrustedAuthorities.counting(tx, account).stream()
          .filter(ca -> ca.byAdministrators() || !byAdministrators)
          .flatMap(ca -> in(tx, ca).stream())
          .collect(Collectors.toSet());
    }
  }

  /**
   * A certificate that stood for one user. Its signatures need no second look.
   *
   * @param seen whose its names were, also by authorities that did not vouch for it
   * @param vouched whose they were by those that did: the user's
   * @param byAdministrators whether nobody but administrators changed those that did
   * @param lists of revoked certificates, with which it was looked at
   */
  private record Proof(
      Names names,
      Set<Named> seen,
      Set<Named> vouched,
      boolean byAdministrators,
      String user,
      String credential,
      Instant until,
      RevocationLists revoked,
      List<X509CRL> lists)
      implements Acquaintance.Proof {
    @Override
    public Optional<Principal> holder(Reading tx, Instant now) {
      Set<Named> named = names.now(tx, byAdministrators);
      Set<Named> byAnybody = byAdministrators ? names.now(tx, false) : named;
      if (!now.isBefore(until) || hasEnded(named, byAnybody)) {
        return Optional.empty();
      }
      if (!countsUnseen(named)) {
        throw new KmsException(new Problem.NotConfirmed());
      }
      return who(tx);
    }

    Optional<Principal> who(Reading tx) {
      return Identities.principal(tx, names.account(), user, credential, false, null)
          .filter(who -> byAdministrators || !who.administrator());
    }

    /**
     * No name is the user's any more, whoever says so, or one is another's by what vouched for it.
     */
    private boolean hasEnded(Set<Named> named, Set<Named> byAnybody) {
      return byAnybody.stream().noneMatch(one -> one.user().equals(user))
          || named.stream().anyMatch(one -> !one.user().equals(user) && hasVouched(one.sha256()));
    }

    private boolean hasVouched(String sha256) {
      return vouched.stream().anyMatch(one -> one.sha256().equals(sha256));
    }

    /**
     * Something that it stood by is still there, and nothing new may stop it. Else it must be
     * looked at anew who vouches for it.
     */
    @SuppressWarnings("ReferenceEquality") // where any list is another, they are others
    private boolean countsUnseen(Set<Named> named) {
      return revoked.lists() == lists
          && named.stream().anyMatch(vouched::contains)
          && named.stream().allMatch(one -> seen.contains(one) || one.user().equals(user));
    }
  }

  /**
   * Tells, once a start, of authorities that let in nobody, or not the administrators they name.
   */
  void lookAtAuthorities() {
    if (!told) {
      var _ = authorities.all(); // reading them tells of those that cannot be read
      IdleAuthorities.inVain(store.read(tx -> tx.rights().clientCasNamingAdministratorsInVain()));
      told = true;
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
