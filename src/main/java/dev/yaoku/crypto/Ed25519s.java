package dev.yaoku.crypto;

import java.io.IOException;
import java.util.Arrays;
import org.bouncycastle.asn1.ASN1BitString;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.ASN1OctetString;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.math.ec.rfc8032.Ed25519;
import org.jspecify.annotations.Nullable;

/** Ed25519 and Ed25519ph with an empty context (RFC 8032); keys as in RFC 8410. */
final class Ed25519s implements Asymmetric {
  private static final AlgorithmIdentifier ALGORITHM =
      new AlgorithmIdentifier(new ASN1ObjectIdentifier("1.3.101.112"));
  private static final byte[] NO_CONTEXT = {};

  private final Randomness randomness;

  Ed25519s(Randomness randomness) {
    this.randomness = randomness;
  }

  @Override
  public byte[] generate(KeySpec spec) {
    byte[] seed = randomness.bytes(Ed25519.SECRET_KEY_SIZE);
    try {
      return pkcs8(seed);
    } finally {
      Hashes.wipe(seed);
    }
  }

  private static byte[] pkcs8(byte[] seed) {
    try {
      return new PrivateKeyInfo(ALGORITHM, new DEROctetString(seed)).getEncoded("DER");
    } catch (IOException e) {
      throw new IllegalStateException("a key cannot be encoded", e);
    }
  }

  @Override
  public byte[] checked(KeySpec spec, byte[] pkcs8) {
    try (Private key = read(pkcs8)) {
      return pkcs8(key.seed);
    }
  }

  @Override
  public PrivateHalf privateHalf(KeySpec spec, byte[] pkcs8) {
    return read(pkcs8);
  }

  private static Private read(byte[] pkcs8) {
    return Der.key(
        "this is no Ed25519 private key in PKCS#8",
        () -> {
          PrivateKeyInfo info = PrivateKeyInfo.getInstance(Der.read(pkcs8));
          byte[] octets = info.getPrivateKey().getOctets();
          byte[] seed = ASN1OctetString.getInstance(Der.read(octets)).getOctets();
          try {
            if (!info.getPrivateKeyAlgorithm().equals(ALGORITHM)
                || seed.length != Ed25519.SECRET_KEY_SIZE) {
              throw new BadKey("a private key of another algorithm");
            }
            return ofOneKey(new Private(seed), info.getPublicKeyData());
          } finally {
            // The parser's own copies of it.
            Hashes.wipe(seed);
            Hashes.wipe(octets);
          }
        });
  }

  /** The private half, unless what came with it is another's public one (RFC 5958). */
  private static Private ofOneKey(Private key, @Nullable ASN1BitString claimed) {
    boolean isOwn = false;
    try {
      isOwn = claimed == null || Arrays.equals(claimed.getOctets(), key.point);
    } finally {
      if (!isOwn) {
        key.close();
      }
    }
    if (!isOwn) {
      throw new BadKey("a private key with another's public key");
    }
    return key;
  }

  @Override
  public PublicHalf publicHalf(KeySpec spec, byte[] spki) {
    return Der.key(
        "this is no Ed25519 public key",
        () -> {
          SubjectPublicKeyInfo info = SubjectPublicKeyInfo.getInstance(Der.read(spki));
          byte[] point = info.getPublicKeyData().getOctets();
          if (!info.getAlgorithm().equals(ALGORITHM)
              || point.length != Ed25519.PUBLIC_KEY_SIZE
              || !Ed25519.validatePublicKeyPartial(point, 0)) {
            throw new BadKey("no point of Ed25519");
          }
          return new Public(point);
        });
  }

  private static final class Public implements PublicHalf {
    private final byte[] point;

    Public(byte[] point) {
      this.point = point;
    }

    @Override
    public byte[] encoded() {
      try {
        return new SubjectPublicKeyInfo(ALGORITHM, point).getEncoded("DER");
      } catch (IOException e) {
        throw new IllegalStateException("a key cannot be encoded", e);
      }
    }

    @Override
    public boolean verify(SigningAlgorithm algorithm, Message message, byte[] signature) {
      byte[] signed = signed(algorithm, message);
      if (signature.length != Ed25519.SIGNATURE_SIZE) {
        return false;
      }
      return algorithm == SigningAlgorithm.ED25519_PH_SHA_512
          ? Ed25519.verifyPrehash(signature, 0, point, 0, NO_CONTEXT, signed, 0)
          : Ed25519.verify(signature, 0, point, 0, signed, 0, signed.length);
    }
  }

  /** The bytes that go in: the message, or its digest. */
  private static byte[] signed(SigningAlgorithm algorithm, Message message) {
    return switch (algorithm) {
      case ED25519_PH_SHA_512 -> message.digest(algorithm);
      case ED25519_SHA_512 -> {
        if (!(message instanceof Message.Raw(byte[] bytes))) {
          throw new IllegalArgumentException("pure Ed25519 signs messages, not digests");
        }
        yield bytes;
      }
      default -> throw new IllegalArgumentException("Ed25519 does not sign with " + algorithm);
    };
  }

  private static final class Private implements PrivateHalf {
    private final byte[] seed;
    private final byte[] point = new byte[Ed25519.PUBLIC_KEY_SIZE];

    Private(byte[] seed) {
      this.seed = seed.clone();
      Ed25519.generatePublicKey(seed, 0, point, 0);
    }

    @Override
    public byte[] sign(SigningAlgorithm algorithm, Message message) {
      byte[] signed = signed(algorithm, message);
      byte[] signature = new byte[Ed25519.SIGNATURE_SIZE];
      if (algorithm == SigningAlgorithm.ED25519_PH_SHA_512) {
        Ed25519.signPrehash(seed, 0, point, 0, NO_CONTEXT, signed, 0, signature, 0);
      } else {
        Ed25519.sign(seed, 0, point, 0, signed, 0, signed.length, signature, 0);
      }
      return signature;
    }

    @Override
    public PublicHalf publicHalf() {
      return new Public(point);
    }

    @Override
    public void close() {
      Arrays.fill(seed, (byte) 0);
    }
  }
}
