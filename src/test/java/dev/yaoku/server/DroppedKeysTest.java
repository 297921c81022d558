package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.HeapDump;
import dev.yaoku.crypto.Oaep;
import dev.yaoku.crypto.Randomness;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.generators.HKDFBytesGenerator;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.HKDFParameters;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.util.BigIntegers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/**
 * A whole server used keys of known bytes for everything that it offers, and dropped them: no live
 * object holds them any more (SECURITY_DESIGN H5, M9).
 */
class DroppedKeysTest {
  private static final int ROUNDS = 10;

  private static final String DATA_KEY = "data key";
  private static final String OWN_DATA_KEY = "data key of the caller";
  private static final String CAPSULE_KEY = "data key of a capsule";
  private static final String RANDOM_DATA = "random data";
  private static final String PAIR = "private half of a pair";
  private static final String SHARED_SECRET = "shared secret";
  private static final String CODE = "code of a message";
  private static final String FAR = "cn-south-1";

  private static final Duration LONGER_THAN_KEPT = Duration.ofMinutes(6);

  /** After its first use a cache keeps things longer and longer, five minutes in the end. */
  private static final Duration UNTIL_KEPT_LONGEST = Duration.ofMinutes(11);

  @TempDir Path scratch;
  private final Map<String, byte[]> secrets = new ConcurrentHashMap<>();
  private final AtomicLong idleNanos = new AtomicLong();

  /** The kind of key that is being made; what it is made of is a secret. */
  private volatile String making = "";

  /** Who may open capsules. */
  private KeySpaces.@Nullable Program program;

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void idleAndDroppedKeysAreInNoLiveObject(String nativeProvider) throws Exception {
    Map<String, String> settings =
        Map.of("crypto.native", nativeProvider, "quotas.keys", "100", "regions.others", FAR);
    try (LiveServer server = new LiveServer(scratch.resolve("data"), settings, machine())) {
      useOnce(server, server.kms("create-key", "{'key_alias':'first'}", "/key_info/key_id"));
      idleNanos.set(UNTIL_KEPT_LONGEST.toNanos());
      String key = useSymmetric(server, "AES_256", 32);
      useSymmetric(server, "SM4", 16);
      useRotating(server, "AES_256");
      useRotating(server, "SM4");
      useCurve(server, "EC_P256", "secp256r1", "ECDSA_SHA_256");
      useCurve(server, "EC_P384", "secp384r1", "ECDSA_SHA_384");
      useCurve(server, "EC_P521", "secp521r1", "ECDSA_SHA_512");
      useCurve(server, "SECP256K1", "secp256k1", "ECDSA_SHA_256");
      useCurve(server, "SM2", "sm2p256v1", "SM2DSA_SM3");
      useEd25519(server);
      useMade(server, "HMAC_256", "HMAC_SHA_256");
      useMade(server, "HMAC_384", "HMAC_SHA_384");
      useMade(server, "HMAC_512", "HMAC_SHA_512");
      useMade(server, "HMAC_SM3", "HMAC_SM3");
      useMade(server, "ML_DSA_44", "ML_DSA");
      useMade(server, "ML_DSA_65", "ML_DSA");
      useMade(server, "ML_DSA_87", "ML_DSA");
      useRsa(server, 4096);
      useRsa(server, 3072);
      useRsa(server, 2048); // last: its next use would take what the JDK kept of the one before

      assertThat(HeapDump.secretsFound(scratch, secrets))
          .as("what keys in use must hold, to show that the search works")
          .contains("new AES_256 K.enc", "new SM4 K", "HMAC_256 inner", "HMAC_SM3 inner")
          .anyMatch(name -> name.startsWith("ED25519"))
          .anyMatch(name -> name.startsWith("SM2"))
          .as("what was given away is kept not even for a while")
          .noneMatch(name -> name.startsWith(SHARED_SECRET))
          .noneMatch(name -> name.startsWith(CODE));
      idleNanos.addAndGet(LONGER_THAN_KEPT.toNanos());
      server.yaoku.wiring().housekeeping().round();
      assertThat(HeapDump.secretsFound(scratch, secrets)).as("after a while of idling").isEmpty();

      useOnce(server, key);
      assertThat(HeapDump.secretsFound(scratch, secrets))
          .contains("new AES_256 K.enc")
          .as("what was given away is kept not even for a while")
          .doesNotContain(DATA_KEY, OWN_DATA_KEY, CAPSULE_KEY, RANDOM_DATA, PAIR);
      server.yaoku.wiring().keys().keys().changedAll();
      assertThat(HeapDump.secretsFound(scratch, secrets)).as("after a change").isEmpty();
    }
  }

  /** A machine whose clock can be moved on, and that tells what keys were made of. */
  private Surroundings machine() {
    Randomness kernel = Randomness.kernel();
    Randomness watched =
        Randomness.of(
            length -> {
              byte[] bytes = kernel.bytes(length);
              if (!making.isEmpty() && isForAKey()) {
                keep(making, bytes);
              }
              return bytes;
            },
            () -> {});
    return new Surroundings(
        InstantSource.system(), () -> System.nanoTime() + idleNanos.get(), watched);
  }

  /** Pairs that are made ahead, in a thread of their own, are nobody's key yet. */
  private static boolean isForAKey() {
    List<StackWalker.StackFrame> frames = StackWalker.getInstance().walk(walked -> walked.toList());
    return frames.stream()
            .anyMatch(frame ->
                frame.getClassName().endsWith(".Cryptography")
                    && frame.getMethodName().equals("generate"))
        && frames.stream().noneMatch(frame -> frame.getClassName().endsWith(".RsaPairs"));
  }

  private void keep(String name, byte[] bytes) {
    secrets.put(name, HeapDump.disguised(bytes));
    byte[] inner = bytes.clone();
    for (int i = 0; i < inner.length; i++) {
      inner[i] ^= 0x36; // as HMAC pads its key (RFC 2104)
    }
    secrets.put(name + " inner", HeapDump.disguised(inner));
    Arrays.fill(inner, (byte) 0);
  }

  private static String external(LiveServer server, String spec, String usage) {
    return server.kms(
        "create-key",
        "{'key_alias':'%s-%s','origin':'external','key_spec':'%s','key_usage':'%s'}"
            .formatted(spec, usage, spec, usage),
        "/key_info/key_id");
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  /**
   * Imports.
   *
   * @param material what the wrapping key encrypts; wiped
   */
  private static void bring(LiveServer server, String key, byte[] material, String more) {
    var parameters =
        server.kms(
            "get-parameters-for-import", about(key, ",'wrapping_algorithm':'RSAES_OAEP_SHA_256'"));
    String encrypted = Oaep.encrypted(parameters.at("/public_key").asString(), material);
    Arrays.fill(material, (byte) 0);
    String answer =
        server
            .kms(
                "import-key-material",
                about(
                    key,
                    ",'import_token':'"
                        + parameters.at("/import_token").asString()
                        + "','encrypted_key_material':'"
                        + encrypted
                        + "'"
                        + more))
            .toString();
    assertThat(answer).isEqualTo("{}");
  }

  private String useSymmetric(LiveServer server, String spec, int bytes) throws Exception {
    String key = external(server, spec, "ENCRYPT_DECRYPT");
    byte[] material = material(spec, bytes, "old");
    byte[] again = material.clone();
    bring(server, key, material, "");
    for (int i = 0; i < ROUNDS; i++) {
      useOnce(server, key);
    }
    assertThat(server.kms("delete-imported-key-material", about(key, "")).toString())
        .isEqualTo("{}");
    bring(server, key, again, "");
    useReplica(server, key);
    bring(server, key, material(spec, bytes, "new"), "");
    server.kms("rotate-on-demand", about(key, ""), "/key_id");
    useOnce(server, key);
    if (spec.equals("AES_256")) {
      server.kms("create-rsa-datakey-pair", about(key, ",'key_spec':'RSA_2048'"), "/public_key");
    }
    return key;
  }

  /** Another key of the same material, in another region. */
  private static void useReplica(LiveServer server, String key) {
    String far = server.projectIn(FAR);
    Tenant home = Tenant.first(server);
    String replica =
        home.send(
                "POST",
                "/v2/" + home.project + "/kms/keys/" + key + "/replicate",
                "{'replica_region':'%s','replica_project_id':'%s','key_alias':'replica-%s'}"
                    .formatted(FAR, far, key))
            .is(200)
            .text("/key_id");
    String path = "/v1.0/" + far + "/kms/encrypt-data";
    assertThat(server.in(far, "POST", path, about(replica, ",'plain_text':'hello'")).statusCode())
        .isEqualTo(200);
  }

  /** A key whose material the server makes, and makes anew. */
  private void useRotating(LiveServer server, String spec) throws Exception {
    making = "made " + spec;
    String key =
        server.kms(
            "create-key",
            "{'key_alias':'rotating-%s','key_spec':'%s'}".formatted(spec, spec),
            "/key_info/key_id");
    making = "";
    useOnce(server, key);
    making = "renewed " + spec;
    server.kms("yaoku-rotate-now", about(key, ""));
    making = "";
    assertThat(secrets).containsKeys("made " + spec, "renewed " + spec);
    useOnce(server, key);
  }

  private byte[] material(String spec, int bytes, String age) {
    byte[] material = Randomness.kernel().bytes(bytes);
    String name = age + " " + spec + " ";
    secrets.put(name + "K", HeapDump.disguised(material));
    if (spec.equals("AES_256")) {
      for (String purpose : new String[] {"enc", "commit", "nonce"}) {
        secrets.put(name + "K." + purpose, HeapDump.disguised(subkey(material, purpose)));
      }
    }
    return material;
  }

  private void useOnce(LiveServer server, String key) throws Exception {
    String blob = server.kms("encrypt-data", about(key, ",'plain_text':'hello'"), "/cipher_text");
    server.kms("decrypt-data", "{'cipher_text':'" + blob + "'}", "/plain_text");
    JsonNode dataKey = server.kms("create-datakey", about(key, ",'datakey_length':'256'"));
    keepHex(DATA_KEY, dataKey.at("/plain_text").asString());
    String wrapped = dataKey.at("/cipher_text").asString();
    keepHex(RANDOM_DATA, server.kms("gen-random", "{'random_data_length':'256'}", "/random_data"));
    server.kms(
        "create-datakey-without-plaintext", about(key, ",'datakey_length':'256'"), "/cipher_text");
    server.kms(
        "decrypt-datakey",
        about(key, ",'datakey_cipher_length':'32','cipher_text':'" + wrapped + "'"),
        "/data_key");
    usePair(server, key);
    useOwnDataKey(server, key);
    useCapsule(server, key);
    server.kms(
        "re-encrypt",
        "{'source_key_id':'%s','destination_key_id':'%s','cipher_text':'%s'}"
            .formatted(key, key, blob));
  }

  private void usePair(LiveServer server, String key) throws IOException {
    String members = about(key, ",'key_spec':'ECC_NIST_P256'");
    String half = server.kms("create-ec-datakey-pair", members, "/private_key_plain_text");
    byte[] pkcs8 = Base64.getDecoder().decode(half);
    BigInteger scalar =
        ECPrivateKey.getInstance(PrivateKeyInfo.getInstance(pkcs8).parsePrivateKey()).getKey();
    giveAway(PAIR, BigIntegers.asUnsignedByteArray(32, scalar));
    Arrays.fill(pkcs8, (byte) 0);
  }

  /** A data key that the caller brings and gets back. */
  private void useOwnDataKey(LiveServer server, String key) {
    byte[] own = Randomness.kernel().bytes(32);
    boolean isSm4 = server.kms("describe-key", about(key, ""), "/key_info/key_spec").equals("SM4");
    byte[] digest = isSm4 ? Hashes.sm3(own) : Hashes.sha256(own);
    String text = HexFormat.of().formatHex(own) + HexFormat.of().formatHex(digest);
    giveAway(OWN_DATA_KEY, own);
    String wrapped =
        server.kms(
            "encrypt-datakey",
            about(key, ",'datakey_plain_length':'32','plain_text':'" + text + "'"),
            "/cipher_text");
    server.kms(
        "decrypt-datakey",
        about(key, ",'datakey_cipher_length':'32','cipher_text':'" + wrapped + "'"),
        "/data_key");
  }

  private void useCapsule(LiveServer server, String key) throws GeneralSecurityException {
    KeySpaces calls = new KeySpaces(server);
    if (program == null) {
      program = calls.program(KeySpaces.space());
    }
    String capsule = calls.sealed(key, KeySpaces.allowing(program.id())).text("/datakey_capsule");
    Instant soon = Instant.now().plus(Duration.ofHours(1)).truncatedTo(ChronoUnit.SECONDS);
    String opened = calls.open(key, capsule, program.proof(capsule, soon)).is(200).text("/datakey");
    giveAway(CAPSULE_KEY, Base64.getDecoder().decode(opened));
  }

  private void keepHex(String name, String hex) {
    giveAway(name, HexFormat.of().parseHex(hex));
  }

  /** What went over the wire: in an answer as text, and as bytes nowhere any more. */
  private void giveAway(String name, byte[] bytes) {
    assertThat(bytes).hasSizeGreaterThanOrEqualTo(32);
    secrets.put(name, HeapDump.disguised(bytes));
    Arrays.fill(bytes, (byte) 0);
  }

  private static byte[] subkey(byte[] key, String purpose) {
    byte[] info = ("yaoku/1/" + purpose).getBytes(StandardCharsets.US_ASCII);
    HKDFBytesGenerator hkdf = new HKDFBytesGenerator(new SHA256Digest());
    hkdf.init(new HKDFParameters(key, null, info));
    byte[] subkey = new byte[32];
    hkdf.generateBytes(subkey, 0, subkey.length);
    return subkey;
  }

  private void useRsa(LiveServer server, int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", "SunRsaSign");
    generator.initialize(bits);
    RSAPrivateCrtKey pair = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
    String spec = "RSA_" + bits;
    secrets.put(spec + " d", HeapDump.disguised(magnitude(pair.getPrivateExponent())));
    secrets.put(spec + " p", HeapDump.disguised(magnitude(pair.getPrimeP())));
    secrets.put(spec + " dq", HeapDump.disguised(magnitude(pair.getPrimeExponentQ())));
    String key = external(server, spec, "SIGN_VERIFY");
    bringPair(server, key, pair.getEncoded());
    for (int i = 0; i < ROUNDS; i++) {
      signAndVerify(server, key, "RSASSA_PSS_SHA_256");
      signAndVerify(server, key, "RSASSA_PKCS1_V1_5_SHA_512");
    }
    String encrypting = external(server, spec, "ENCRYPT_DECRYPT");
    bringPair(server, encrypting, pair.getEncoded());
    String algorithm = ",'encryption_algorithm':'RSAES_OAEP_SHA_256'";
    String blob =
        server.kms(
            "encrypt-data", about(encrypting, algorithm + ",'plain_text':'hi'"), "/cipher_text");
    server.kms(
        "decrypt-data",
        about(encrypting, algorithm + ",'cipher_text':'" + blob + "'"),
        "/plain_text");
  }

  private void useCurve(LiveServer server, String spec, String curve, String algorithm)
      throws Exception {
    byte[] pkcs8 = scalarOn(spec, curve);
    String signing = external(server, spec, "SIGN_VERIFY");
    bringPair(server, signing, pkcs8.clone());
    for (int i = 0; i < ROUNDS; i++) {
      signAndVerify(server, signing, algorithm);
    }
    if (!spec.equals("EC_P521")) {
      String agreeing = external(server, spec, "KEY_AGREEMENT");
      bringPair(server, agreeing, pkcs8.clone());
      String peer =
          server
              .kms("get-publickey", about(agreeing, ""), "/public_key")
              .replaceAll("-----[A-Z ]+-----|\\s", "");
      String members = ",'key_agreement_algorithm':'ECDH','public_key':'" + peer + "'";
      giveAway(
          SHARED_SECRET + " of " + spec,
          Base64.getDecoder()
              .decode(
                  server.kms("derive-shared-secret", about(agreeing, members), "/shared_secret")));
    }
    if (spec.equals("SM2")) {
      String encrypting = external(server, spec, "ENCRYPT_DECRYPT");
      bringPair(server, encrypting, pkcs8.clone());
      String algorithmMember = ",'encryption_algorithm':'SM2_ENCRYPT'";
      String blob =
          server.kms(
              "encrypt-data",
              about(encrypting, algorithmMember + ",'plain_text':'hi'"),
              "/cipher_text");
      server.kms(
          "decrypt-data",
          about(encrypting, algorithmMember + ",'cipher_text':'" + blob + "'"),
          "/plain_text");
    }
    Arrays.fill(pkcs8, (byte) 0);
  }

  private byte[] scalarOn(String spec, String curve) throws IOException {
    ECNamedDomainParameters domain =
        ECNamedDomainParameters.lookup(ECNamedCurveTable.getOID(curve));
    BigInteger scalar =
        BigIntegers.createRandomInRange(
            BigInteger.ONE,
            domain.getN().subtract(BigInteger.TWO),
            Randomness.kernel().asSecureRandom());
    secrets.put(spec + " d", HeapDump.disguised(magnitude(scalar)));
    byte[] bytes = BigIntegers.asUnsignedByteArray((domain.getN().bitLength() + 7) / 8, scalar);
    secrets.put(spec + " d as bytes", HeapDump.disguised(bytes));
    Arrays.fill(bytes, (byte) 0);
    return PrivateKeyInfoFactory.createPrivateKeyInfo(new ECPrivateKeyParameters(scalar, domain))
        .getEncoded();
  }

  private void useEd25519(LiveServer server) throws Exception {
    byte[] pkcs8 =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
    byte[] seed = Arrays.copyOfRange(pkcs8, pkcs8.length - 32, pkcs8.length);
    secrets.put("ED25519 seed", HeapDump.disguised(seed));
    byte[] expanded = MessageDigest.getInstance("SHA-512").digest(seed);
    secrets.put("ED25519 prefix", HeapDump.disguised(Arrays.copyOfRange(expanded, 32, 64)));
    expanded[0] &= (byte) 0xf8;
    secrets.put("ED25519 scalar", HeapDump.disguised(Arrays.copyOf(expanded, 32)));
    String key = external(server, "ED25519", "SIGN_VERIFY");
    bringPair(server, key, pkcs8);
    Arrays.fill(expanded, (byte) 0);
    Arrays.fill(seed, (byte) 0);
    for (int i = 0; i < ROUNDS; i++) {
      signAndVerify(server, key, "ED25519_SHA_512");
      signAndVerify(server, key, "ED25519_PH_SHA_512");
    }
  }

  /** A key that cannot be imported: the server makes it from random bytes that are kept here. */
  private void useMade(LiveServer server, String spec, String algorithm) {
    making = spec;
    String key =
        server.kms(
            "create-key",
            "{'key_alias':'made-%s','key_spec':'%s'}".formatted(spec, spec),
            "/key_info/key_id");
    making = "";
    assertThat(secrets).containsKey(spec);
    for (int i = 0; i < ROUNDS; i++) {
      if (spec.startsWith("ML_DSA")) {
        signAndVerify(server, key, algorithm);
      } else {
        String members = ",'message':'aGVsbG8=','mac_algorithm':'" + algorithm + "'";
        String mac = server.kms("generate-mac", about(key, members), "/mac");
        server.kms("verify-mac", about(key, members + ",'mac':'" + mac + "'"), "/mac_valid");
        keepHex(CODE + " by " + spec, mac);
      }
    }
  }

  private static void signAndVerify(LiveServer server, String key, String algorithm) {
    String members =
        ",'message':'aGVsbG8=','message_type':'RAW','signing_algorithm':'" + algorithm + "'";
    String signature = server.kms("sign", about(key, members), "/signature");
    assertThat(
            server.kms(
                "verify",
                about(key, members + ",'signature':'" + signature + "'"),
                "/signature_valid"))
        .isEqualTo("true");
  }

  /**
   * Imports a pair.
   *
   * @param pkcs8 wiped
   */
  private static void bringPair(LiveServer server, String key, byte[] pkcs8)
      throws GeneralSecurityException {
    byte[] temporary = new byte[32];
    Cipher wrap = Cipher.getInstance("AES/KWP/NoPadding");
    wrap.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(temporary, "AES"));
    String wrapped = Base64.getEncoder().encodeToString(wrap.doFinal(pkcs8));
    Arrays.fill(pkcs8, (byte) 0);
    bring(server, key, temporary, ",'encrypted_privatekey':'" + wrapped + "'");
  }

  /** As an array of ints lies in a dump: without a sign byte. */
  private static byte[] magnitude(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
  }
}
