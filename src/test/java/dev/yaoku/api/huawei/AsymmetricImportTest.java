package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.service.KeyWorld;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.RSAKeyGenParameterSpec;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.bouncycastle.crypto.engines.RFC5649WrapEngine;
import org.bouncycastle.crypto.engines.SM4Engine;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Private keys that the real openssl makes and wraps, and what becomes of them. */
class AsymmetricImportTest {
  @TempDir static Path directory;
  private static KeyWorld world;
  private static Calls calls;
  private static int names;

  @BeforeAll
  static void open() {
    world = KeyWorld.in(directory, KeyWorld.roomy());
    calls = new Calls(world);
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static String key(String spec, String usage) {
    names++;
    String members =
        "{'key_alias':'ext-%d','origin':'external','key_spec':'%s','key_usage':'%s'}"
            .formatted(names, spec, usage);
    Calls.Reply reply = calls.call("CreateKey", Calls.json(members));
    assertThat(reply.code()).isEmpty();
    return reply.text("/key_info/key_id");
  }

  private static void run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).directory(directory.toFile()).start();
    String said =
        new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8)
            + new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }

  /** PKCS#8 of a new private key. */
  private static byte[] pkcs8(String... options) throws Exception {
    List<String> generate = new ArrayList<>(List.of("openssl", "genpkey", "-outform", "der"));
    generate.addAll(List.of(options));
    generate.addAll(List.of("-out", "key.der"));
    run(generate.toArray(String[]::new));
    run(
        "openssl",
        "pkcs8",
        "-topk8",
        "-nocrypt",
        "-inform",
        "der",
        "-outform",
        "der",
        "-in",
        "key.der",
        "-out",
        "key8.der");
    return Files.readAllBytes(directory.resolve("key8.der"));
  }

  /** Wraps as Huawei's guide says, and sends. */
  private static String bring(String key, String algorithm, byte[] privateKey) throws Exception {
    byte[] temporary = new byte[32];
    Arrays.fill(temporary, (byte) 7);
    return bring(key, algorithm, temporary, wrapped(temporary, privateKey), "");
  }

  private static byte[] wrapped(byte[] temporary, byte[] privateKey) throws Exception {
    Files.write(directory.resolve("plain.der"), privateKey);
    run(
        "openssl",
        "enc",
        "-id-aes256-wrap-pad",
        "-K",
        HexFormat.of().formatHex(temporary),
        "-iv",
        "A65959A6",
        "-in",
        "plain.der",
        "-out",
        "wrapped.bin");
    return Files.readAllBytes(directory.resolve("wrapped.bin"));
  }

  private static String bring(
      String key, String algorithm, byte[] temporary, byte[] wrapped, String more)
      throws Exception {
    Calls.Reply parameters =
        calls.call(
            "CreateParametersForImport",
            Calls.about(key, Calls.json("'wrapping_algorithm':'" + algorithm + "'")));
    if (!parameters.code().isEmpty()) {
      return parameters.code();
    }
    Files.write(
        directory.resolve("public.der"),
        Base64.getDecoder().decode(parameters.text("/public_key")));
    Files.write(directory.resolve("temporary.bin"), temporary);
    List<String> encrypt =
        new ArrayList<>(
            List.of(
                "openssl",
                "pkeyutl",
                "-encrypt",
                "-pubin",
                "-keyform",
                "der",
                "-inkey",
                "public.der",
                "-in",
                "temporary.bin",
                "-out",
                "encrypted.bin"));
    if (!algorithm.equals("SM2_ENCRYPT")) {
      encrypt.addAll(
          List.of("-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha256"));
    }
    run(encrypt.toArray(String[]::new));
    byte[] encrypted = Files.readAllBytes(directory.resolve("encrypted.bin"));
    String privateMember =
        wrapped.length == 0 ? "" : ",'encrypted_privatekey':'" + base64(wrapped) + "'";
    Calls.Reply reply =
        calls.call(
            "ImportKeyMaterial",
            Calls.about(
                key,
                Calls.json(
                    "'import_token':'"
                        + parameters.text("/import_token")
                        + "','encrypted_key_material':'"
                        + base64(encrypted)
                        + "'"
                        + privateMember
                        + more)));
    return reply.code().isEmpty() ? reply.body() : reply.code();
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  private static void assertSigns(String key, String algorithm) {
    String message =
        "'message':'aGVsbG8=','message_type':'RAW','signing_algorithm':'" + algorithm + "'";
    Calls.Reply signed = calls.call("Sign", Calls.about(key, Calls.json(message)));
    assertThat(signed.code()).isEmpty();
    Calls.Reply verified =
        calls.call(
            "ValidateSignature",
            Calls.about(
                key, Calls.json(message + ",'signature':'" + signed.text("/signature") + "'")));
    assertThat(verified.body()).contains("\"signature_valid\":\"true\"");
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, RSAES_OAEP_SHA_256, RSASSA_PSS_SHA_256, RSA -pkeyopt rsa_keygen_bits:2048",
    "RSA_3072, RSAES_OAEP_SHA_256, RSASSA_PSS_SHA_384, RSA -pkeyopt rsa_keygen_bits:3072",
    "RSA_4096, RSAES_OAEP_SHA_256, RSASSA_PKCS1_V1_5_SHA_512, RSA -pkeyopt rsa_keygen_bits:4096",
    "EC_P256, RSAES_OAEP_SHA_256, ECDSA_SHA_256, EC -pkeyopt ec_paramgen_curve:P-256",
    "EC_P384, RSAES_OAEP_SHA_256, ECDSA_SHA_384, EC -pkeyopt ec_paramgen_curve:P-384",
    "EC_P521, RSAES_OAEP_SHA_256, ECDSA_SHA_512, EC -pkeyopt ec_paramgen_curve:P-521",
    "SECP256K1, RSAES_OAEP_SHA_256, ECDSA_SHA_256, EC -pkeyopt ec_paramgen_curve:secp256k1",
    "ED25519, RSAES_OAEP_SHA_256, ED25519_SHA_512, ED25519",
    "SM2, RSAES_OAEP_SHA_256, SM2DSA_SM3, SM2",
    "SM2, SM2_ENCRYPT, SM2DSA_SM3, SM2",
    "EC_P256, SM2_ENCRYPT, ECDSA_SHA_256, EC -pkeyopt ec_paramgen_curve:P-256",
  })
  void whatOpensslMadeAndWrappedSigns(
      String spec, String wrapping, String algorithm, String options) throws Exception {
    String key = key(spec, "SIGN_VERIFY");
    byte[] privateKey = pkcs8(("-algorithm " + options).split(" ", -1));

    assertThat(bring(key, wrapping, privateKey)).isEqualTo("{}");

    assertSigns(key, algorithm);
    run("openssl", "pkey", "-inform", "der", "-in", "key8.der", "-pubout", "-out", "public.pem");
    String shown = calls.call("ShowPublicKey", Calls.about(key, "")).text("/public_key");
    assertThat(shown.replaceAll("\\s", ""))
        .isEqualTo(Files.readString(directory.resolve("public.pem")).replaceAll("\\s", ""));
  }

  @Test
  void symmetricMaterialComesUnderSm2Too() throws Exception {
    for (String[] kind : new String[][] {{"AES_256", "32"}, {"SM4", "16"}}) {
      String key = key(kind[0], "ENCRYPT_DECRYPT");
      byte[] material = new byte[Integer.parseInt(kind[1])];
      assertThat(bring(key, "SM2_ENCRYPT", new byte[8], new byte[0], "")).isEqualTo("KMS.2604");
      assertThat(bring(key, "SM2_ENCRYPT", material, new byte[0], "")).isEqualTo("{}");
      assertThat(
              calls
                  .call("EncryptData", Calls.about(key, Calls.json("'plain_text':'hello'")))
                  .status())
          .isEqualTo(200);
    }
  }

  @Test
  void aTemporaryKeyOfSm4WrapsWithSm4() throws Exception {
    String key = key("SM2", "SIGN_VERIFY");
    byte[] temporary = new byte[16];
    RFC5649WrapEngine engine = new RFC5649WrapEngine(new SM4Engine());
    engine.init(true, new KeyParameter(temporary));
    byte[] privateKey = pkcs8("-algorithm", "SM2");
    byte[] wrapped = engine.wrap(privateKey, 0, privateKey.length);

    assertThat(bring(key, "SM2_ENCRYPT", temporary, wrapped, "")).isEqualTo("{}");
    assertSigns(key, "SM2DSA_SM3");
  }

  @Test
  void aKeyOfAnotherKindIsRefused() throws Exception {
    byte[] p384 = pkcs8("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384");
    byte[] rsa3072 = pkcs8("-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072");
    for (byte[] other : List.of(p384, rsa3072, new byte[64])) {
      assertThat(bring(key("EC_P256", "SIGN_VERIFY"), "RSAES_OAEP_SHA_256", other))
          .isEqualTo("KMS.2609");
      assertThat(bring(key("RSA_2048", "SIGN_VERIFY"), "RSAES_OAEP_SHA_256", other))
          .isEqualTo("KMS.2609");
    }
  }

  @Test
  void bytesAfterTheKeyAreRefused() throws Exception {
    byte[] p256 = pkcs8("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256");
    assertThat(
            bring(
                key("EC_P256", "SIGN_VERIFY"),
                "RSAES_OAEP_SHA_256",
                Arrays.copyOf(p256, p256.length + 1)))
        .isEqualTo("KMS.2609");
  }

  @Test
  void anotherPublicHalfIsRefused() throws Exception {
    byte[] p256 = pkcs8("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256");
    byte[] other = pkcs8("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256");
    System.arraycopy(other, other.length - 64, p256, p256.length - 64, 64);
    assertThat(bring(key("EC_P256", "SIGN_VERIFY"), "RSAES_OAEP_SHA_256", p256))
        .isEqualTo("KMS.2609");
  }

  private static RSAPrivateCrtKey rsa(int bits, java.math.BigInteger exponent) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(new RSAKeyGenParameterSpec(bits, exponent));
    return (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 17, 65_535})
  void aSmallExponentIsRefused(long exponent) throws Exception {
    byte[] weak = rsa(2048, java.math.BigInteger.valueOf(exponent)).getEncoded();
    assertThat(bring(key("RSA_2048", "SIGN_VERIFY"), "RSAES_OAEP_SHA_256", weak))
        .isEqualTo("KMS.2609");
  }

  @Test
  void wrongNumbersForTheRemaindersAreNotTaken() throws Exception {
    RSAPrivateCrtKey made = rsa(2048, RSAKeyGenParameterSpec.F4);
    byte[] twisted = encoded(made, made.getPrimeExponentP().flipBit(3), made.getPrivateExponent());
    String key = key("RSA_2048", "SIGN_VERIFY");
    assertThat(bring(key, "RSAES_OAEP_SHA_256", twisted)).isEqualTo("{}");
    assertSigns(key, "RSASSA_PSS_SHA_256");

    byte[] wrong = encoded(made, made.getPrimeExponentP(), made.getPrivateExponent().flipBit(5));
    assertThat(bring(key("RSA_2048", "SIGN_VERIFY"), "RSAES_OAEP_SHA_256", wrong))
        .isEqualTo("KMS.2609");
  }

  private static byte[] encoded(
      RSAPrivateCrtKey key, java.math.BigInteger exponentP, java.math.BigInteger exponent)
      throws Exception {
    return KeyFactory.getInstance("RSA", "SunRsaSign")
        .generatePrivate(
            new RSAPrivateCrtKeySpec(
                key.getModulus(),
                key.getPublicExponent(),
                exponent,
                key.getPrimeP(),
                key.getPrimeQ(),
                exponentP,
                key.getPrimeExponentQ(),
                key.getCrtCoefficient()))
        .getEncoded();
  }

  @Test
  void whatIsMissingOrOfAnotherLengthIsNamed() throws Exception {
    byte[] p256 = pkcs8("-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256");
    byte[] temporary = new byte[32];
    byte[] wrapped = wrapped(temporary, p256);
    String key = key("EC_P256", "SIGN_VERIFY");
    String oaep = "RSAES_OAEP_SHA_256";

    assertThat(bring(key, oaep, temporary, new byte[0], "")).isEqualTo("KMS.2608");
    assertThat(bring(key, oaep, new byte[24], wrapped, "")).isEqualTo("KMS.2610");
    assertThat(bring(key, oaep, new byte[16], wrapped, "")).isEqualTo("KMS.2610");
    byte[] other = {1, 2, 3, 4, 5, 6, 7, 8};
    assertThat(bring(key, oaep, Arrays.copyOf(other, 32), wrapped, "")).isEqualTo("KMS.2609");
    for (String end : List.of("2999886177", "1")) {
      assertThat(bring(key, oaep, temporary, wrapped, ",'expiration_time':'" + end + "'"))
          .isEqualTo("KMS.0308");
    }
    assertThat(bring(key, oaep, temporary, wrapped, "")).isEqualTo("{}");
    assertThat(bring(key, oaep, temporary, wrapped, "")).isEqualTo("KMS.0310");
    assertThat(calls.call("DeleteImportedKeyMaterial", Calls.about(key, "")).code())
        .isEqualTo("KMS.2702");
    assertThat(calls.call("RotateOnDemand", Calls.about(key, "")).code()).isEqualTo("KMS.0325");
    assertThat(
            calls.call("EnableKeyRotation", Calls.about(key("RSA_2048", "SIGN_VERIFY"), "")).code())
        .isEqualTo("KMS.0324");
  }

  @Test
  void aReplacedWrapOpensAsNothing() throws Exception {
    String key = key("EC_P256", "SIGN_VERIFY");
    Calls.Reply parameters =
        calls.call(
            "CreateParametersForImport",
            Calls.about(key, Calls.json("'wrapping_algorithm':'RSAES_OAEP_SHA_256'")));
    Calls.Reply reply =
        calls.call(
            "ImportKeyMaterial",
            Calls.about(
                key,
                Calls.json(
                    "'import_token':'"
                        + parameters.text("/import_token")
                        + "','encrypted_key_material':'"
                        + base64(new byte[256])
                        + "','encrypted_privatekey':'"
                        + base64(new byte[160])
                        + "'")));
    assertThat(reply.code()).isEqualTo("KMS.0311");
  }
}
