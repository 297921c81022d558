package dev.yaoku.access;

import java.net.InetAddress;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Names in certificates, each with its kind before it. They are compared to the letter; addresses,
 * which have many spellings, are brought into one (RFC 5952).
 */
public final class CertificateName {
  private static final Pattern NAME = Pattern.compile("(dns|uri|email|ip):[\\x21-\\x7e]{1,250}");
  private static final String ADDRESS = "ip:";
  private static final Pattern FOUR = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern SIX = Pattern.compile("[0-9a-fA-F]*:[0-9a-fA-F:.]*");
  private static final Pattern ZEROS = Pattern.compile("(^|:)0(:0)+(:|$)");

  private CertificateName() {}

  /** The name in its one spelling; nothing if it is none. */
  public static Optional<String> canonical(String name) {
    if (!NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    return name.startsWith(ADDRESS)
        ? literal(name.substring(ADDRESS.length())).map(CertificateName::of)
        : Optional.of(name);
  }

  /** The name of an address. */
  static String of(InetAddress address) {
    return ADDRESS + shortened(address.getHostAddress());
  }

  /** A name as it may have been kept: as it is, as it is kept now, and as it was kept before. */
  public static Set<String> spellings(String name) {
    Set<String> spellings = new LinkedHashSet<>(List.of(name));
    canonical(name).ifPresent(spellings::add);
    if (name.startsWith(ADDRESS)) {
      literal(name.substring(ADDRESS.length()))
          .ifPresent(address -> spellings.add(ADDRESS + address.getHostAddress()));
    }
    return spellings;
  }

  /** Never the address of a host's name, nor one of an interface. */
  private static Optional<InetAddress> literal(String text) {
    if (!FOUR.matcher(text).matches() && !SIX.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  /** Leaves out the first of the longest rows of zeros (RFC 5952, section 4.2). */
  private static String shortened(String address) {
    Optional<MatchResult> longest =
        ZEROS
            .matcher(address)
            .results()
            .reduce((one, next) -> zerosIn(next) > zerosIn(one) ? next : one);
    return longest
        .map(zeros -> address.substring(0, zeros.start()) + "::" + address.substring(zeros.end()))
        .orElse(address);
  }

  private static long zerosIn(MatchResult found) {
    return found.group().chars().filter(c -> c == '0').count();
  }
}
