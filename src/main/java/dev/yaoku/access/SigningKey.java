package dev.yaoku.access;

import dev.yaoku.crypto.Hash;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.MacKey;
import dev.yaoku.crypto.SharedPair;
import dev.yaoku.secret.SecretBytes;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A secret access key, ready to sign. What the usual scheme needs is derived once; the rarer ones
 * derive their keys at each use. Closing wipes it when nobody uses it any more.
 */
public final class SigningKey implements AutoCloseable {
  private static final byte[] SCOPED_PREFIX = ascii("SDK");
  private static final byte[] FIRST_BLOCK = {1};

  private final SecretBytes secret;
  private final MacKey plain;
  private final Map<Scheme, SharedPair> pairs = new ConcurrentHashMap<>(2);
  private volatile boolean closed;

  private SigningKey(SecretBytes secret, MacKey plain) {
    this.secret = secret;
    this.plain = plain;
  }

  /** A key of this secret, which it owns from now on. */
  public static SigningKey of(SecretBytes secret) {
    return new SigningKey(secret, MacKey.of(Hash.SHA_256, secret));
  }

  /**
   * Whether the signature is the string's.
   *
   * @return nothing if the key was closed meanwhile: look it up again
   */
  Optional<Boolean> verify(Authorization how, byte[] stringToSign) {
    if (how.scheme().ofPair()) {
      return verifyByPair(how, stringToSign);
    }
    return sign(how, stringToSign).map(code -> Hashes.constantTimeEquals(code, how.signature()));
  }

  /**
   * Whether this is the key of that secret, in time that depends on what was offered only.
   *
   * @return nothing if the key was closed meanwhile: look it up again
   */
  Optional<Boolean> isOf(SecretBytes offered) {
    byte[] theirs = offered.lend(Hashes::sha256);
    try {
      byte[] ours = secret.lend(Hashes::sha256);
      return Optional.of(Hashes.constantTimeEquals(ours, theirs));
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  /**
   * The pair takes longer to derive than to verify with. It is kept once it has verified something:
   * before, each try costs what it costs with a key that nobody has.
   */
  private Optional<Boolean> verifyByPair(Authorization how, byte[] stringToSign) {
    SharedPair known = pairs.get(how.scheme());
    if (known != null) {
      return Optional.of(known.verify(stringToSign, how.signature()));
    }
    try {
      SharedPair derived = derived(how);
      boolean right = derived.verify(stringToSign, how.signature());
      if (right) {
        keep(how.scheme(), derived);
      }
      return Optional.of(right);
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  private SharedPair derived(Authorization how) {
    KeySpec spec = how.scheme() == Scheme.SM2 ? KeySpec.SM2 : KeySpec.EC_P256;
    return secret.lend(key -> SharedPair.of(spec, key, how.scheme().algorithm(), how.accessKey()));
  }

  /** Whether the pair of a scheme need not be derived again. */
  boolean keeps(Scheme scheme) {
    return pairs.containsKey(scheme);
  }

  private void keep(Scheme scheme, SharedPair derived) {
    pairs.put(scheme, derived);
    if (closed) {
      pairs.clear();
    }
  }

  /** The code of a string, 32 bytes, or nothing if the key was closed meanwhile. */
  Optional<byte[]> sign(Authorization how, byte[] stringToSign) {
    try {
      return Optional.of(
          switch (how.scheme()) {
            case PLAIN -> plain.of(stringToSign);
            case SCOPED -> secret.lend(key -> scoped(key, how.scope(), stringToSign));
            case DERIVED -> secret.lend(key -> derived(key, how, stringToSign));
            case SM3 -> secret.lend(key -> Hashes.hmacSm3(key, stringToSign));
            case ECDSA, SM2 ->
                throw new IllegalArgumentException(how.scheme() + " signatures are no codes");
          });
    } catch (IllegalStateException e) {
      return Optional.empty();
    }
  }

  /** A chain of keys, one for each part of the scope. */
  private static byte[] scoped(byte[] secret, String scope, byte[] stringToSign) {
    byte[] key = joined(SCOPED_PREFIX, secret);
    for (String part : scope.split("/", -1)) {
      key = next(key, ascii(part));
    }
    return next(key, stringToSign);
  }

  /** HKDF with the access key as salt; the key is the hexadecimal text of what comes out. */
  private static byte[] derived(byte[] secret, Authorization how, byte[] stringToSign) {
    byte[] pseudoRandom = Hashes.hmacSha256(ascii(how.accessKey()), secret);
    byte[] key = next(pseudoRandom, joined(ascii(how.scope()), FIRST_BLOCK));
    byte[] hex = ascii(HexFormat.of().formatHex(key));
    Arrays.fill(key, (byte) 0);
    return next(hex, stringToSign);
  }

  private static byte[] next(byte[] key, byte[] message) {
    byte[] result = Hashes.hmacSha256(key, message);
    Arrays.fill(key, (byte) 0);
    return result;
  }

  private static byte[] joined(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() {
    closed = true;
    pairs.clear();
    plain.close();
    secret.close();
  }

  @Override
  public String toString() {
    return "SigningKey";
  }
}
