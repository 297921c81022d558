package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Randomness;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.asn1.x9.ECNamedCurveTable;
import org.bouncycastle.crypto.params.ECNamedDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.util.PrivateKeyInfoFactory;
import org.bouncycastle.util.BigIntegers;

/** Pairs and MAC keys in everything that is done with them, with known material. */
final class PairsInUse {
  private static final int ROUNDS = 10;

  private final LiveServer server;
  private final Importer importer;
  private final KnownSecrets secrets;

  PairsInUse(LiveServer server, KnownSecrets secrets) {
    this.server = server;
    this.importer = new Importer(server);
    this.secrets = secrets;
  }

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  /** An RSA pair that somebody made elsewhere signs and decrypts. */
  void useRsa(int bits) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA", "SunRsaSign");
    generator.initialize(bits);
    RSAPrivateCrtKey pair = (RSAPrivateCrtKey) generator.generateKeyPair().getPrivate();
    String spec = "RSA_" + bits;
    secrets.keep(spec + " d", pair.getPrivateExponent());
    secrets.keep(spec + " p", pair.getPrimeP());
    secrets.keep(spec + " dq", pair.getPrimeExponentQ());
    String key = importer.key(spec, "SIGN_VERIFY");
    bringPair(key, pair.getEncoded());
    for (int i = 0; i < ROUNDS; i++) {
      signAndVerify(key, "RSASSA_PSS_SHA_256");
      signAndVerify(key, "RSASSA_PKCS1_V1_5_SHA_512");
    }
    String encrypting = importer.key(spec, "ENCRYPT_DECRYPT");
    bringPair(encrypting, pair.getEncoded());
    encryptAndDecrypt(encrypting, "RSAES_OAEP_SHA_256");
  }

  /** A pair of this curve signs, agrees and encrypts, as far as pairs of its kind do. */
  void useCurve(String spec, String curve, String algorithm) throws Exception {
    byte[] pkcs8 = scalarOn(spec, curve);
    String signing = importer.key(spec, "SIGN_VERIFY");
    bringPair(signing, pkcs8.clone());
    for (int i = 0; i < ROUNDS; i++) {
      signAndVerify(signing, algorithm);
    }
    if (!spec.equals("EC_P521")) {
      String agreeing = importer.key(spec, "KEY_AGREEMENT");
      bringPair(agreeing, pkcs8.clone());
      agree(spec, agreeing);
    }
    if (spec.equals("SM2")) {
      String encrypting = importer.key(spec, "ENCRYPT_DECRYPT");
      bringPair(encrypting, pkcs8.clone());
      encryptAndDecrypt(encrypting, "SM2_ENCRYPT");
    }
    Arrays.fill(pkcs8, (byte) 0);
  }

  /** With itself. */
  private void agree(String spec, String key) {
    String peer =
        server
            .kms("get-publickey", about(key, ""), "/public_key")
            .replaceAll("-----[A-Z ]+-----|\\s", "");
    String members = ",'key_agreement_algorithm':'ECDH','public_key':'" + peer + "'";
    String shared = server.kms("derive-shared-secret", about(key, members), "/shared_secret");
    secrets.giveAway("shared secret of " + spec, Base64.getDecoder().decode(shared));
  }

  private void encryptAndDecrypt(String key, String algorithm) {
    String by = ",'encryption_algorithm':'" + algorithm + "'";
    String text = by + ",'plain_text':'" + secrets.text() + "'";
    String blob = server.kms("encrypt-data", about(key, text), "/cipher_text");
    String sealed = by + ",'cipher_text':'" + blob + "'";
    server.kms("decrypt-data", about(key, sealed), "/plain_text");
  }

  private byte[] scalarOn(String spec, String curve) throws IOException {
    ECNamedDomainParameters domain =
        ECNamedDomainParameters.lookup(ECNamedCurveTable.getOID(curve));
    BigInteger scalar =
        BigIntegers.createRandomInRange(
            BigInteger.ONE,
            domain.getN().subtract(BigInteger.TWO),
            Randomness.kernel().asSecureRandom());
    secrets.keep(spec + " d", scalar);
    byte[] bytes = BigIntegers.asUnsignedByteArray((domain.getN().bitLength() + 7) / 8, scalar);
    secrets.keep(spec + " d as bytes", bytes);
    Arrays.fill(bytes, (byte) 0);
    return PrivateKeyInfoFactory.createPrivateKeyInfo(new ECPrivateKeyParameters(scalar, domain))
        .getEncoded();
  }

  /** A pair of Ed25519 signs. */
  void useEd25519() throws Exception {
    byte[] pkcs8 =
        KeyPairGenerator.getInstance("Ed25519").generateKeyPair().getPrivate().getEncoded();
    byte[] seed = Arrays.copyOfRange(pkcs8, pkcs8.length - 32, pkcs8.length);
    secrets.keep("ED25519 seed", seed);
    byte[] expanded = MessageDigest.getInstance("SHA-512").digest(seed);
    secrets.keep("ED25519 prefix", Arrays.copyOfRange(expanded, 32, 64));
    expanded[0] &= (byte) 0xf8;
    secrets.keep("ED25519 scalar", Arrays.copyOf(expanded, 32));
    String key = importer.key("ED25519", "SIGN_VERIFY");
    bringPair(key, pkcs8);
    Arrays.fill(expanded, (byte) 0);
    Arrays.fill(seed, (byte) 0);
    for (int i = 0; i < ROUNDS; i++) {
      signAndVerify(key, "ED25519_SHA_512");
      signAndVerify(key, "ED25519_PH_SHA_512");
    }
  }

  /** A key that cannot be imported: the server makes it from random bytes that are kept here. */
  void useMade(String spec, String algorithm) {
    String create = "{'key_alias':'made-%s','key_spec':'%s'}".formatted(spec, spec);
    String key = secrets.making(spec, () -> server.kms("create-key", create, "/key_info/key_id"));
    for (int i = 0; i < ROUNDS; i++) {
      if (spec.startsWith("ML_DSA")) {
        signAndVerify(key, algorithm);
      } else {
        String members = ",'message':'aGVsbG8=','mac_algorithm':'" + algorithm + "'";
        String mac = server.kms("generate-mac", about(key, members), "/mac");
        server.kms("verify-mac", about(key, members + ",'mac':'" + mac + "'"), "/mac_valid");
        secrets.giveAwayHex("code of a message by " + spec, mac);
      }
    }
  }

  private void signAndVerify(String key, String algorithm) {
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

  private void bringPair(String key, byte[] pkcs8) throws GeneralSecurityException {
    assertThat(importer.bringPair(key, pkcs8).toString()).isEqualTo("{}");
  }
}
