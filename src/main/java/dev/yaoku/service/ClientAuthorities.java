package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.CertificateName;
import dev.yaoku.access.Subject;
import dev.yaoku.crypto.CertificateAuthority;
import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.service.RecordedChanges.Done;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whose client certificates an account takes, and which name in them is which of its users. Kept by
 * the account's administrators.
 */
public final class ClientAuthorities {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final int PER_ACCOUNT_MAX = 10;
  private static final int NAMES_MAX = 1_000;

  private final Store store;
  private final Identities identities;
  private final Directorship changes;
  private final InstantSource clock;

  /** The authorities of one installation. */
  public ClientAuthorities(
      Store store, Identities identities, HeldPolicies held, Events events, InstantSource clock) {
    this.store = store;
    this.identities = identities;
    this.changes = new Directorship(store, identities, held, events, clock);
    this.clock = clock;
  }

  /**
   * An authority as its account sees it.
   *
   * @param subject the name in its certificate
   * @param names names in certificates of its, and whose they are
   */
  public record Authority(
      String name,
      boolean enabled,
      String sha256,
      String subject,
      @Nullable Instant notAfter,
      List<NamedUser> names) {}

  /** A name in a certificate, with its kind before it, and the user that it is. */
  public record NamedUser(String name, String user) {}

  /** All of the caller's account, by name. */
  public List<Authority> list(Caller caller) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, "*"));
    String account = caller.principal().account();
    return store.read(tx ->
        tx.rights().clientCas(account).stream()
            .filter(row ->
                caller.mayBeListed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, row.name())))
            .map(row -> seen(tx, row))
            .toList());
  }

  /**
   * One of the caller's account.
   *
   * @throws KmsException with {@link Problem.NotThere}
   */
  public Authority show(Caller caller, String name) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, name));
    return store.read(tx -> seen(tx, named(tx, caller, name)));
  }

  /**
   * Adds an authority, or replaces its certificate, or stops and restarts it.
   *
   * @param pem its certificate; null for what it is
   * @param enabled whether its certificates count; null for what is, or yes
   * @throws KmsException with {@link Problem.BadValue}, {@link Problem.TooMany}, or {@link
   *     Problem.ForAdministrators} if it may vouch for administrators and the caller is none
   */
  public Authority put(
      Caller caller, String name, @Nullable String pem, @Nullable Boolean enabled) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, name));
    if (!NAME.matcher(name).matches()) {
      throw bad("id", "must have 1 to 64 letters, digits, hyphens and underscores");
    }
    String account = caller.principal().account();
    Given given = pem == null ? null : Given.read(pem);
    if (pem == null && Boolean.TRUE.equals(enabled)) {
      mustBeReadable(account, name);
    }
    boolean stops = pem == null && Boolean.FALSE.equals(enabled);
    Function<Writing, Done<Put>> work =
        tx -> {
          Optional<Rights.ClientCa> before = tx.rights().clientCa(account, name);
          before.ifPresent(ca -> mustBeChangeable(caller, ca));
          if (before.isEmpty() && tx.rights().clientCas(account).size() >= PER_ACCOUNT_MAX) {
            throw new KmsException(new Problem.TooMany("client authorities", PER_ACCOUNT_MAX));
          }
          Rights.ClientCa after = after(caller, name, before, given, enabled);
          boolean same = before.filter(after::equals).isPresent();
          if (before.isEmpty()) {
            tx.rights().insert(after);
          } else if (!same) {
            tx.rights().update(after);
          }
          return done(name, new Put(after, same));
        };
    Put put =
        Forgetting.<Put>after(
            () ->
                stops
                    ? changes.reduce(caller, Statuses.OK, work)
                    : changes.change(caller, Statuses.OK, work),
            done -> {
              if (!done.same()) {
                changed(done.now());
              }
            },
            identities::certificatesChanged);
    return seen(put.now());
  }

  /** What an earlier version took may not be taken any more: started, it would let nobody in. */
  private void mustBeReadable(String account, String name) {
    Optional<Rights.ClientCa> kept = store.read(tx -> tx.rights().clientCa(account, name));
    if (kept.filter(ca -> CertificateAuthority.read(ca.pem()).isEmpty()).isPresent()) {
      throw noAuthority();
    }
  }

  /**
   * A certificate that is one of an authority.
   *
   * @param sha256 of the certificate itself, without what is around it
   */
  private record Given(String pem, String sha256) {
    static Given read(String pem) {
      return CertificateAuthority.read(pem)
          .map(ca -> new Given(pem, ca.sha256()))
          .orElseThrow(ClientAuthorities::noAuthority);
    }

    static Given of(Rights.ClientCa ca) {
      return new Given(ca.pem(), ca.sha256());
    }
  }

  /** The authority as it is now, and whether it was so before. */
  private record Put(Rights.ClientCa now, boolean same) {}

  /** Forgets what it vouched for, or may vouch for now. */
  private void changed(Rights.ClientCa changed) {
    CertificateAuthority.read(changed.pem())
        .map(read -> read.certificate().getSubjectX500Principal())
        .ifPresentOrElse(
            name -> identities.authorityChanged(changed.account(), name),
            identities::certificatesChanged);
  }

  private Rights.ClientCa after(
      Caller caller,
      String name,
      Optional<Rights.ClientCa> before,
      @Nullable Given given,
      @Nullable Boolean enabled) {
    Given certificate =
        Optional.ofNullable(given)
            .or(() -> before.map(Given::of))
            .orElseThrow(ClientAuthorities::noAuthority);
    boolean counts =
        Objects.requireNonNullElseGet(
            enabled, () -> before.map(Rights.ClientCa::enabled).orElse(true));
    return new Rights.ClientCa(
        caller.principal().account(),
        name,
        certificate.pem(),
        certificate.sha256(),
        counts,
        before.map(Rights.ClientCa::createdAt).orElseGet(this::now),
        before.map(Rights.ClientCa::byAdministrators).orElse(true)
            && caller.principal().administrator(),
        before.map(Rights.ClientCa::rowVersion).orElse(1L));
  }

  private static KmsException noAuthority() {
    return bad(
        "certificate",
        "must be one certificate in PEM of an authority (CA:TRUE) with a key of RSA 2048, P-256,"
            + " Ed25519 or stronger, RSA up to 8192 and with an exponent of 64 bits at most; if it"
            + " has an extendedKeyUsage, with clientAuth in it. (Its clients' keys must be RSA,"
            + " P-256 or P-384.)");
  }

  /**
   * Removes an authority with all names; its certificates stand for nobody from then on.
   *
   * @throws KmsException with {@link Problem.NotThere}, or {@link Problem.ForAdministrators} if it
   *     may vouch for administrators and the caller is none
   */
  public void remove(Caller caller, String name) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, name));
    Function<Writing, Done<Rights.ClientCa>> work =
        tx -> {
          Rights.ClientCa ca = changeable(tx, caller, name);
          tx.rights().remove(ca);
          return done(name, ca);
        };
    Forgetting.<Rights.ClientCa>after(
        () -> changes.reduce(caller, Statuses.NO_CONTENT, work),
        this::changed,
        identities::certificatesChanged);
  }

  /**
   * Says which user of the account a name in the authority's certificates is.
   *
   * @param user id of the user
   * @throws KmsException with {@link Problem.NotThere}, {@link Problem.BadValue}, {@link
   *     Problem.TooMany}, {@link Problem.ForAdministrators} if the authority may vouch for
   *     administrators and the caller is none, or {@link Problem.Conflict} if it may not and the
   *     user is one
   */
  public Authority map(Caller caller, String authority, String name, String user) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, authority));
    String kept =
        CertificateName.canonical(name)
            .orElseThrow(() ->
                bad(
                    "name",
                    "must be a subject alternative name with its kind: dns:, uri:, email: or ip:"
                        + " and up to 250 printable characters, behind ip: an IPv4 or IPv6"
                        + " address"));
    String account = caller.principal().account();
    Function<Writing, Done<Rights.ClientCa>> work =
        tx -> {
          Rights.ClientCa ca = changeable(tx, caller, authority);
          List<Rights.CertificateUser> before = named(tx, ca, name);
          if (before.isEmpty()
              && tx.rights().certificateUserCount(account, ca.name()) >= NAMES_MAX) {
            throw new KmsException(new Problem.TooMany("names", NAMES_MAX));
          }
          Rows.User named =
              tx.user(user)
                  .filter(u -> u.account().equals(account))
                  .orElseThrow(() -> new KmsException(new Problem.NotThere("user")));
          Directorship.mustNotReachAbove(caller, named);
          mustVouchFor(named, ca);
          before.forEach(one -> remove(tx, caller, one));
          caller.audit().note("name " + kept + " given to user " + user + takenFrom(before));
          tx.rights().insert(new Rights.CertificateUser(account, ca.name(), kept, user, now(), 1));
          return done(authority, ca);
        };
    return seen(
        Forgetting.<Rights.ClientCa>after(
            () -> changes.change(caller, Statuses.OK, work),
            () -> identities.certificateNamesChanged(account)));
  }

  /** The name, however it was kept: earlier versions took addresses in one spelling only. */
  private static List<Rights.CertificateUser> named(Reading tx, Rights.ClientCa ca, String name) {
    return CertificateName.spellings(name).stream()
        .flatMap(kept -> tx.rights().certificateUser(ca.account(), ca.name(), kept).stream())
        .toList();
  }

  private static String takenFrom(List<Rights.CertificateUser> before) {
    return before.stream()
        .map(Rights.CertificateUser::user)
        .distinct()
        .map(user -> " taken from user " + user)
        .collect(Collectors.joining());
  }

  /** Takes a name from whoever has it. */
  private static void remove(Writing tx, Caller caller, Rights.CertificateUser name) {
    tx.user(name.user()).ifPresent(user -> Directorship.mustNotReachAbove(caller, user));
    tx.rights().remove(name);
  }

  /**
   * Takes a name from its user.
   *
   * @throws KmsException with {@link Problem.NotThere}, or {@link Problem.ForAdministrators} if the
   *     authority may vouch for administrators and the caller is none
   */
  public void unmap(Caller caller, String authority, String name) {
    caller.mustBeAllowed(Action.MANAGE_IDENTITY_PROVIDERS, subject(caller, authority));
    changes.reduce(
        caller,
        Statuses.NO_CONTENT,
        tx -> {
          List<Rights.CertificateUser> found = named(tx, changeable(tx, caller, authority), name);
          if (found.isEmpty()) {
            throw new KmsException(new Problem.NotThere("name"));
          }
          found.forEach(one -> remove(tx, caller, one));
          caller.audit().note("name " + found.getFirst().name() + takenFrom(found));
          return done(authority, found);
        },
        () -> identities.certificateNamesChanged(caller.principal().account()));
  }

  private static <T> Done<T> done(String name, T answer) {
    return new Done<>(answer, "clientAuthority", name, name);
  }

  /** Whoever could change what administrators come in by could keep them out, or come in as one. */
  private static void mustBeChangeable(Caller caller, Rights.ClientCa ca) {
    if (ca.byAdministrators() && !caller.principal().administrator()) {
      throw new KmsException(
          new Problem.ForAdministrators(
              "change a client authority that may vouch for administrators"));
    }
  }

  private static void mustVouchFor(Rows.User user, Rights.ClientCa ca) {
    if (user.administrator() && !ca.byAdministrators()) {
      throw new KmsException(
          new Problem.Conflict(
              "The client authority vouches for no administrators: others made or changed it, an"
                  + " earlier version kept it, or an administrator was recovered since. Make"
                  + " another one of the same certificate, and give administrators their names"
                  + " there."));
    }
  }

  private static Rights.ClientCa changeable(Reading tx, Caller caller, String name) {
    Rights.ClientCa ca = named(tx, caller, name);
    mustBeChangeable(caller, ca);
    return ca;
  }

  private static Rights.ClientCa named(Reading tx, Caller caller, String name) {
    return tx.rights()
        .clientCa(caller.principal().account(), name)
        .orElseThrow(() -> new KmsException(new Problem.NotThere("client authority")));
  }

  /** With all names, which are many; so not in the transaction of a change. */
  private Authority seen(Rights.ClientCa row) {
    return store.read(tx -> seen(tx, row));
  }

  private static Authority seen(Reading tx, Rights.ClientCa row) {
    Optional<CertificateAuthority> ca = CertificateAuthority.read(row.pem());
    return new Authority(
        row.name(),
        row.enabled(),
        row.sha256(),
        ca.map(CertificateAuthority::subject).orElse(""),
        ca.map(CertificateAuthority::notAfter).orElse(null),
        tx.rights().certificateUsers(row.account(), row.name()).stream()
            .map(found -> new NamedUser(found.name(), found.user()))
            .toList());
  }

  private Instant now() {
    return Times.now(clock);
  }

  private static Subject subject(Caller caller, String name) {
    return Subject.inAccount("clientAuthority", caller.principal().account(), name);
  }

  private static KmsException bad(String member, String why) {
    return new KmsException(new Problem.BadValue(Field.OTHER, member, member + " " + why + "."));
  }
}
