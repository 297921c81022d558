package dev.yaoku.access.policy;

import java.net.InetAddress;
import java.util.Optional;
import java.util.regex.Pattern;

/** A range of addresses in CIDR notation, or one address. Names are never looked up. */
final class AddressRange {
  private static final Pattern FOUR = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");
  private static final Pattern SIX = Pattern.compile("[0-9a-fA-F.]*:[0-9a-fA-F:.]*");
  private static final Pattern BITS = Pattern.compile("\\d{1,3}");

  private final byte[] network;
  private final int bits;

  private AddressRange(byte[] network, int bits) {
    this.network = network;
    this.bits = bits;
  }

  static Optional<AddressRange> parse(String text) {
    int slash = text.indexOf('/');
    Optional<byte[]> network = address(slash < 0 ? text : text.substring(0, slash));
    if (network.isEmpty()) {
      return Optional.empty();
    }
    int all = network.get().length * Byte.SIZE;
    String bits = slash < 0 ? Integer.toString(all) : text.substring(slash + 1);
    return BITS.matcher(bits).matches() && Integer.parseInt(bits) <= all
        ? Optional.of(new AddressRange(network.get(), Integer.parseInt(bits)))
        : Optional.empty();
  }

  boolean contains(byte[] asked) {
    if (asked.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit += Byte.SIZE) {
      int ignored = Math.max(0, Byte.SIZE - (bits - bit));
      int difference = asked[bit / Byte.SIZE] ^ network[bit / Byte.SIZE];
      if ((difference & 0xff) >> ignored != 0) {
        return false;
      }
    }
    return true;
  }

  /** The bytes of an address; nothing if it is none. */
  static Optional<byte[]> address(String text) {
    if (!FOUR.matcher(text).matches() && !SIX.matcher(text).matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.ofLiteral(text).getAddress());
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
