package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.access.CertificateName;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
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
    if (!caller.principal().administrator() && theirAuthorities(tx, ca).contains(ca.name())) {
      throw refused(caller);
    }
  }

  /**
   * Looks whether a name that is given in an authority may be beside an administrator's.
   *
   * @throws KmsException with {@link Problem.NotAllowed} if it is an administrator's in any
   *     authority of the account, or the authority may vouch for an administrator's certificate
   * @throws VouchingTogether.Unjudged if nobody knows whether it may
   */
  static void mustNotStandBeside(
      Reading tx, Caller caller, Rights.ClientCa ca, String name, VouchingTogether together) {
    if (!caller.principal().administrator()) {
      mustNotStandBeside(tx, caller, ca, List.of(name), theirAuthorities(tx, ca), together);
    }
  }

  /**
   * The same for all names that an authority has: as it will be, they are given anew.
   *
   * @param ca the authority as it will be
   */
  static void mustNotStandBeside(
      Reading tx, Caller caller, Rights.ClientCa ca, VouchingTogether together) {
    List<String> theirs = caller.principal().administrator() ? List.of() : theirAuthorities(tx, ca);
    if (!theirs.isEmpty()) {
      List<String> names = tx.rights().certificateNames(ca.account(), ca.name());
      mustNotStandBeside(tx, caller, ca, names, theirs, together);
    }
  }

  private static void mustNotStandBeside(
      Reading tx,
      Caller caller,
      Rights.ClientCa ca,
      List<String> names,
      List<String> theirs,
      VouchingTogether together) {
    if (names.isEmpty() || theirs.isEmpty()) {
      return;
    }
    if (theirs.contains(ca.name())
        || together.isBesideOneOf(ca, called(tx, ca.account(), theirs))
        || tx.rights().namesAdministrator(ca.account(), spellings(names))) {
      throw refused(caller);
    }
  }

  private static Set<String> spellings(List<String> names) {
    return names.stream()
        .flatMap(name -> CertificateName.spellings(name).stream())
        .collect(Collectors.toSet());
  }

  /** The authorities of the account in which administrators have names. */
  private static List<String> theirAuthorities(Reading tx, Rights.ClientCa ca) {
    return tx.rights().clientCasNamingAdministrators(ca.account());
  }

  private static List<Rights.ClientCa> called(Reading tx, String account, List<String> names) {
    return tx.rights().clientCas(account).stream().filter(ca -> names.contains(ca.name())).toList();
  }

  private static KmsException refused(Caller caller) {
    return new KmsException(
        new Problem.NotAllowed(Objects.requireNonNull(caller.audit().action()).policyName()));
  }
}
