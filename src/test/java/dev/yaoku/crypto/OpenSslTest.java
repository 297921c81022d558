package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.secret.SecretBytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What this room makes is understood by the openssl command, and the other way round. */
class OpenSslTest {
  private static final Cryptography NATIVE = new Cryptography(Randomness.kernel(), true);
  private static final Cryptography JAVA = new Cryptography(Randomness.kernel(), false);
  private static final byte[] MESSAGE = Text.utf8("a message for openssl");

  @TempDir private Path folder;

  private static Stream<Arguments> everySignatureOpensslKnows() {
    return Stream.of(
            KeySpec.RSA_2048,
            KeySpec.RSA_3072,
            KeySpec.RSA_4096,
            KeySpec.EC_P256,
            KeySpec.EC_P384,
            KeySpec.EC_P521,
            KeySpec.SECP256K1,
            KeySpec.SM2,
            KeySpec.ED25519)
        .flatMap(spec ->
            spec.signingAlgorithms().stream()
                .filter(algorithm -> algorithm != SigningAlgorithm.ED25519_PH_SHA_512)
                .map(algorithm -> Arguments.of(spec, algorithm)));
  }

  @ParameterizedTest
  @MethodSource("everySignatureOpensslKnows")
  void opensslVerifiesOurSignatureAndNotOneOfAnotherMessage(
      KeySpec spec, SigningAlgorithm algorithm) throws Exception {
    for (Cryptography provider : List.of(NATIVE, JAVA)) {
      try (SecretBytes material = provider.generate(spec);
          PrivateHalf key = provider.privateHalf(spec, material)) {
        Path signature = file("signature", key.sign(algorithm, new Message.Raw(MESSAGE)));
        Path publicKey = file("public.der", key.publicHalf().encoded());

        assertThat(verify(algorithm, publicKey, file("message", MESSAGE), signature)).isZero();
        Path other = file("message", Text.utf8("another message"));
        assertThat(verify(algorithm, publicKey, other, signature)).isNotZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everySignatureOpensslKnows")
  void weVerifyOpensslsSignatureAndNotOneOfAnotherMessage(KeySpec spec, SigningAlgorithm algorithm)
      throws Exception {
    try (SecretBytes material = JAVA.generate(spec);
        PrivateHalf key = JAVA.privateHalf(spec, material)) {
      Path privateKey = file("private.der", material.lend(byte[]::clone));
      Path signature = folder.resolve("signature");
      Path message = file("message", MESSAGE);

      assertThat(sign(algorithm, privateKey, message, signature)).isZero();
      for (Cryptography provider : List.of(NATIVE, JAVA)) {
        PublicHalf publicHalf = provider.publicHalf(spec, key.publicHalf().encoded());
        byte[] signed = Files.readAllBytes(signature);
        assertThat(publicHalf.verify(algorithm, new Message.Raw(MESSAGE), signed)).isTrue();
        assertThat(publicHalf.verify(algorithm, new Message.Raw(new byte[1]), signed)).isFalse();
      }
    }
  }

  private int sign(SigningAlgorithm algorithm, Path privateKey, Path message, Path signature)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("pkeyutl", "-sign", "-rawin"));
    command.addAll(List.of("-keyform", "DER", "-inkey", privateKey.toString()));
    command.addAll(List.of("-in", message.toString(), "-out", signature.toString()));
    command.addAll(options(algorithm));
    return openssl(command);
  }

  @Test
  void opensslDecryptsWhatSm2EncryptsAndTheOtherWayRound() throws Exception {
    EncryptionAlgorithm sm2 = EncryptionAlgorithm.SM2_ENCRYPT;
    try (SecretBytes material = JAVA.generate(KeySpec.SM2);
        PrivateHalf key = JAVA.privateHalf(KeySpec.SM2, material)) {
      Path privateKey = file("private.der", material.lend(byte[]::clone));
      Path publicKey = file("public.der", key.publicHalf().encoded());
      Path ours = file("ours", key.publicHalf().encrypt(sm2, MESSAGE));
      Path opened = folder.resolve("opened");
      Path theirs = folder.resolve("theirs");

      assertThat(pkeyutl("-decrypt", List.of("-inkey", privateKey.toString()), ours, opened))
          .isZero();
      assertThat(opened).hasBinaryContent(MESSAGE);
      List<String> publicHalf = List.of("-pubin", "-inkey", publicKey.toString());
      assertThat(pkeyutl("-encrypt", publicHalf, file("message", MESSAGE), theirs)).isZero();
      assertThat(key.decrypt(sm2, Files.readAllBytes(theirs))).isEqualTo(MESSAGE);
    }
  }

  private int pkeyutl(String direction, List<String> key, Path in, Path out) throws Exception {
    List<String> command = new ArrayList<>(List.of("pkeyutl", direction, "-keyform", "DER"));
    command.addAll(key);
    command.addAll(List.of("-in", in.toString(), "-out", out.toString()));
    return openssl(command);
  }

  @ParameterizedTest
  @EnumSource(names = {"EC_P256", "EC_P384", "SECP256K1"})
  void opensslAgreesOnTheSameSecret(KeySpec spec) throws Exception {
    for (Cryptography provider : List.of(NATIVE, JAVA)) {
      try (SecretBytes ours = provider.generate(spec);
          SecretBytes theirs = provider.generate(spec);
          PrivateHalf our = provider.privateHalf(spec, ours);
          PrivateHalf their = provider.privateHalf(spec, theirs)) {
        Path theirKey = file("their.der", theirs.lend(byte[]::clone));
        Path ourPublic = file("our.der", our.publicHalf().encoded());
        Path derived = folder.resolve("derived");

        assertThat(
                openssl(
                    List.of(
                        "pkeyutl",
                        "-derive",
                        "-keyform",
                        "DER",
                        "-inkey",
                        theirKey.toString(),
                        "-peerform",
                        "DER",
                        "-peerkey",
                        ourPublic.toString(),
                        "-out",
                        derived.toString())))
            .isZero();
        assertThat(our.agree(their.publicHalf().encoded())).isEqualTo(Files.readAllBytes(derived));
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"RSA_2048", "RSA_3072", "RSA_4096"})
  void opensslDecryptsWhatWeEncryptAndWeWhatItEncrypts(KeySpec spec) throws Exception {
    try (SecretBytes material = NATIVE.generate(spec);
        PrivateHalf key = NATIVE.privateHalf(spec, material)) {
      Path privateKey = file("private.der", material.lend(byte[]::clone));
      Path publicKey = file("public.der", key.publicHalf().encoded());
      EncryptionAlgorithm oaep = EncryptionAlgorithm.RSAES_OAEP_SHA_256;
      Path ours = file("ours", key.publicHalf().encrypt(oaep, MESSAGE));
      Path opened = folder.resolve("opened");
      Path theirs = folder.resolve("theirs");

      assertThat(oaep("-decrypt", List.of("-inkey", privateKey.toString()), ours, opened)).isZero();
      assertThat(opened).hasBinaryContent(MESSAGE);
      Path plain = file("message", MESSAGE);
      List<String> publicHalf = List.of("-pubin", "-inkey", publicKey.toString());
      assertThat(oaep("-encrypt", publicHalf, plain, theirs)).isZero();
      assertThat(key.decrypt(oaep, Files.readAllBytes(theirs))).isEqualTo(MESSAGE);
    }
  }

  private int verify(SigningAlgorithm algorithm, Path publicKey, Path message, Path signature)
      throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                "pkeyutl",
                "-verify",
                "-rawin",
                "-pubin",
                "-keyform",
                "DER",
                "-inkey",
                publicKey.toString(),
                "-in",
                message.toString(),
                "-sigfile",
                signature.toString()));
    command.addAll(options(algorithm));
    return openssl(command);
  }

  private static List<String> options(SigningAlgorithm algorithm) {
    String hash = "sha" + algorithm.hash().length() * 8;
    return switch (algorithm) {
      case RSASSA_PSS_SHA_256, RSASSA_PSS_SHA_384, RSASSA_PSS_SHA_512 ->
          List.of(
              "-digest",
              hash,
              "-pkeyopt",
              "rsa_padding_mode:pss",
              "-pkeyopt",
              "rsa_pss_saltlen:digest",
              "-pkeyopt",
              "rsa_mgf1_md:" + hash);
      case SM2DSA_SM3 -> List.of("-digest", "sm3", "-pkeyopt", "distid:1234567812345678");
      case ED25519_SHA_512 -> List.of();
      default -> List.of("-digest", hash);
    };
  }

  private int oaep(String direction, List<String> key, Path in, Path out) throws Exception {
    List<String> command = new ArrayList<>(List.of("pkeyutl", direction, "-keyform", "DER"));
    command.addAll(key);
    command.addAll(List.of("-in", in.toString(), "-out", out.toString()));
    for (String option :
        List.of("rsa_padding_mode:oaep", "rsa_oaep_md:sha256", "rsa_mgf1_md:sha256")) {
      command.addAll(List.of("-pkeyopt", option));
    }
    return openssl(command);
  }

  private int openssl(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("openssl"));
    command.addAll(arguments);
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("said").toFile())
        .start()
        .waitFor();
  }

  private Path file(String name, byte[] bytes) throws IOException {
    return Files.write(folder.resolve(name), bytes);
  }
}
