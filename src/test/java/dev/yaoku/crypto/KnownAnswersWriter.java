package dev.yaoku.crypto;

import dev.yaoku.secret.SecretBytes;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.spec.RSAKeyGenParameterSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Writes the known answers of the self-tests anew, after a kind of key was added. What the file
 * then holds is computed without native code, and believed only because every provider agrees on
 * it.
 */
final class KnownAnswersWriter {
  private static final byte[] MESSAGE = {'k', 'n', 'o', 'w', 'n'};

  /** Of 64 bits, as many as the JDK takes at every size; native code takes 33. */
  private static final BigInteger LONG_EXPONENT = BigInteger.TWO.pow(63).nextProbablePrime();

  private final Randomness randomness = Randomness.kernel();

  private KnownAnswersWriter() {}

  public static void main(String[] args) throws IOException {
    new KnownAnswersWriter().write(Path.of(args[0]));
  }

  private void write(Path file) throws IOException {
    Cryptography cryptography = new Cryptography(randomness, false);
    List<String> lines = new ArrayList<>();
    lines.add("# kind, work, algorithm, key, input, output. The keys protect nothing.");
    for (KeySpec spec : KeySpec.values()) {
      answers(cryptography, spec).map(KnownAnswer::written).forEach(lines::add);
    }
    Files.write(file, lines);
  }

  private Stream<KnownAnswer> answers(Cryptography cryptography, KeySpec spec) {
    SecretBytes material = cryptography.generate(spec);
    byte[] key = material.lend(byte[]::clone);
    if (spec.suite().isPresent()) {
      SealingKey sealing = SealingKey.of(material, spec.suite().get(), randomness);
      Blob.Header header = new Blob.Header(sealing.suite(), Blob.Kind.DATA, new byte[16], 1);
      byte[] blob = Blob.encrypt(sealing, header, AssociatedData.encode(null, null), MESSAGE);
      return Stream.of(new KnownAnswer(spec, KnownAnswer.Work.OPEN, "-", key, blob, MESSAGE));
    }
    if (!spec.isAsymmetric()) {
      byte[] code = cryptography.macKey(spec, material).of(MESSAGE);
      return Stream.of(new KnownAnswer(spec, KnownAnswer.Work.MAC, "-", key, MESSAGE, code));
    }
    Stream<KnownAnswer> usual = ofPair(cryptography, spec, key);
    return spec.isRsa() ? Stream.concat(usual, ofLongExponent(cryptography, spec)) : usual;
  }

  private static Stream<KnownAnswer> ofPair(Cryptography cryptography, KeySpec spec, byte[] key) {
    PrivateHalf pair = cryptography.privateHalf(spec, SecretBytes.copyOf(key));
    Stream<KnownAnswer> signed =
        spec.signingAlgorithms().stream().map(algorithm -> signed(spec, key, pair, algorithm));
    Stream<KnownAnswer> encrypted =
        Stream.concat(spec.encryptionAlgorithms().stream(), spec.reEncryptionAlgorithms().stream())
            .map(algorithm -> encrypted(spec, key, pair, algorithm));
    Stream<KnownAnswer> agreed =
        Stream.of(spec)
            .filter(s -> s.usages().contains(KeyUsage.KEY_AGREEMENT))
            .map(s -> {
              PrivateHalf other = cryptography.privateHalf(s, cryptography.generate(s));
              byte[] peer = other.publicHalf().encoded();
              return new KnownAnswer(
                  s, KnownAnswer.Work.AGREE, "ECDH", key, peer, pair.agree(peer));
            });
    return Stream.of(signed, encrypted, agreed).flatMap(s -> s);
  }

  /** Such a key is Java's to compute with, whoever computes with all others. */
  private static Stream<KnownAnswer> ofLongExponent(Cryptography cryptography, KeySpec spec) {
    byte[] key = withLongExponent(spec.row().bits());
    PrivateHalf pair = cryptography.privateHalf(spec, SecretBytes.copyOf(key));
    return Stream.of(
        signed(spec, key, pair, SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_256),
        encrypted(spec, key, pair, EncryptionAlgorithm.RSAES_OAEP_SHA_256));
  }

  private static byte[] withLongExponent(int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", Providers.SUN_RSA);
      generator.initialize(new RSAKeyGenParameterSpec(bits, LONG_EXPONENT));
      return generator.generateKeyPair().getPrivate().getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KnownAnswer signed(
      KeySpec spec, byte[] key, PrivateHalf pair, SigningAlgorithm algorithm) {
    return new KnownAnswer(
        spec,
        KnownAnswer.Work.VERIFY,
        algorithm.name(),
        key,
        MESSAGE,
        pair.sign(algorithm, new Message.Raw(MESSAGE)));
  }

  private static KnownAnswer encrypted(
      KeySpec spec, byte[] key, PrivateHalf pair, EncryptionAlgorithm algorithm) {
    return new KnownAnswer(
        spec,
        KnownAnswer.Work.DECRYPT,
        algorithm.name(),
        key,
        pair.publicHalf().encrypt(algorithm, MESSAGE),
        MESSAGE);
  }
}
