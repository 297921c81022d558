package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.access.CertificateName;
import dev.yaoku.crypto.CertificateAuthority;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The names by which administrators come in with client certificates. Whoever is no administrator
 * changes nothing of them, and gives nobody a name that may be in the same certificate: one with
 * the names of two users stands for neither (ADR 31).
 */
final class AdministratorsNames {
  private AdministratorsNames() {}

  /**
   * Whoever could change what an administrator comes in by could come in as one.
   *
   * @throws KmsException with {@link Problem.NotAllowed} if an administrator has a name in it
   */
  static void mustNotReachAbove(Reading tx, Caller caller, Rights.ClientCa ca) {
    if (!caller.principal().administrator() && !in(tx, ca, administrators(tx, ca)).isEmpty()) {
      throw refused(caller);
    }
  }

  /**
   * Looks whether names that are given in an authority may be beside an administrator's.
   *
   * @param ca the authority as it will be
   * @throws KmsException with {@link Problem.NotAllowed} if one of them is an administrator's in
   *     any authority of the account, or the authority may vouch for an administrator's certificate
   */
  static void mustNotStandBeside(
      Reading tx, Caller caller, Rights.ClientCa ca, List<String> names) {
    if (caller.principal().administrator() || names.isEmpty()) {
      return;
    }
    Set<String> administrators = administrators(tx, ca);
    Set<String> given =
        names.stream()
            .flatMap(name -> CertificateName.spellings(name).stream())
            .collect(Collectors.toSet());
    for (Rights.ClientCa other : tx.rights().clientCas(ca.account())) {
      Set<String> theirs = in(tx, other, administrators);
      if (theirs.stream().anyMatch(given::contains)
          || (!theirs.isEmpty() && vouchTogether(ca, other))) {
        throw refused(caller);
      }
    }
  }

  /** The same for all names that an authority has: as it will be, they are given anew. */
  static void mustNotStandBeside(Reading tx, Caller caller, Rights.ClientCa ca) {
    List<String> names =
        tx.rights().certificateUsers(ca.account(), ca.name()).stream()
            .map(Rights.CertificateUser::name)
            .toList();
    mustNotStandBeside(tx, caller, ca, names);
  }

  private static Set<String> administrators(Reading tx, Rights.ClientCa ca) {
    return tx.rights().administrators(ca.account()).stream()
        .map(Rows.User::id)
        .collect(Collectors.toSet());
  }

  /** The names that some of the users have in an authority. */
  private static Set<String> in(Reading tx, Rights.ClientCa ca, Set<String> users) {
    return tx.rights().certificateUsers(ca.account(), ca.name()).stream()
        .filter(name -> users.contains(name.user()))
        .map(Rights.CertificateUser::name)
        .collect(Collectors.toSet());
  }

  private static boolean vouchTogether(Rights.ClientCa ca, Rights.ClientCa other) {
    return ca.name().equals(other.name())
        || CertificateAuthority.read(ca.pem())
            .flatMap(one -> CertificateAuthority.read(other.pem()).map(one::mayVouchBeside))
            .orElse(false); // one that cannot be read vouches for nothing
  }

  private static KmsException refused(Caller caller) {
    return new KmsException(
        new Problem.NotAllowed(Objects.requireNonNull(caller.audit().action()).policyName()));
  }
}
