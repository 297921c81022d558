package dev.yaoku.access.federation;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;

/**
 * Which addresses are outside: of the public internet, and none of this machine, its links or a
 * private network, in whatever form they are written.
 *
 * @see "IANA special-purpose address registries; RFC 6890"
 */
final class Outside {
  private Outside() {}

  /** Whether the address is one of the public internet. */
  static boolean isPublic(InetAddress address) {
    if (address.isAnyLocalAddress()
        || address.isLoopbackAddress()
        || address.isLinkLocalAddress()
        || address.isSiteLocalAddress()
        || address.isMulticastAddress()) {
      return false;
    }
    return switch (address) {
      case Inet4Address four -> isPublic4(four.getAddress());
      case Inet6Address six -> isPublic6(six.getAddress());
      default -> false;
    };
  }

  private static boolean isPublic4(byte[] a) {
    int first = a[0] & 0xff;
    int second = a[1] & 0xff;
    int third = a[2] & 0xff;
    return !(first == 0
        || first == 10
        || first == 127
        || first >= 224
        || (first == 100 && second >= 64 && second <= 127)
        || (first == 169 && second == 254)
        || (first == 172 && second >= 16 && second <= 31)
        || (first == 192 && second == 168)
        || (first == 192 && second == 0 && (third == 0 || third == 2))
        || (first == 192 && second == 88 && third == 99)
        || (first == 198 && (second == 18 || second == 19))
        || (first == 198 && second == 51 && third == 100)
        || (first == 203 && second == 0 && third == 113));
  }

  /** Only global unicast; of what carries an IPv4 address inside, nothing. */
  private static boolean isPublic6(byte[] a) {
    boolean globalUnicast = (a[0] & 0xe0) == 0x20;
    boolean special = begins(a, 0x20, 0x01) && (a[2] & 0xfe) == 0; // 2001::/23: Teredo and others
    boolean documentation = begins(a, 0x20, 0x01, 0x0d, 0xb8) || begins(a, 0x3f, 0xff);
    boolean sixToFour = begins(a, 0x20, 0x02);
    return globalUnicast && !special && !documentation && !sixToFour;
  }

  private static boolean begins(byte[] address, int... with) {
    byte[] start = new byte[with.length];
    for (int i = 0; i < with.length; i++) {
      start[i] = (byte) with[i];
    }
    return Arrays.equals(address, 0, with.length, start, 0, with.length);
  }
}
