package dev.yaoku.crypto;

import static dev.yaoku.crypto.VectorFile.Outcome.NOT_OFFERED;
import static dev.yaoku.crypto.VectorFile.Outcome.REFUSED;
import static dev.yaoku.crypto.VectorFile.Outcome.TAKEN;

import dev.yaoku.crypto.VectorFile.Outcome;
import dev.yaoku.crypto.VectorFile.Runner;
import dev.yaoku.crypto.VectorFile.Vector;
import dev.yaoku.secret.SecretBytes;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.InvalidCipherTextException;
import org.bouncycastle.crypto.modes.GCMModeCipher;

/** How each kind of published vector goes through the room. */
final class VectorRunners {
  private final Cryptography cryptography;

  VectorRunners(Cryptography cryptography) {
    this.cryptography = cryptography;
  }

  /** Every file of an algorithm that the room offers. */
  Map<String, Runner> all() {
    Map<String, Runner> runners = new LinkedHashMap<>();
    runners.put("aes_gcm_test.json", VectorRunners::aesGcm);
    runners.put("sm4_gcm_test.json", VectorRunners::sm4Gcm);
    runners.put("aes_kwp_test.json", v -> unwrap(KeyWrap.RFC_5649, v));
    runners.put("aes_wrap_test.json", v -> unwrap(KeyWrap.RFC_3394, v));
    runners.put("hkdf_sha256_test.json", VectorRunners::hkdf);
    runners.put("hmac_sha256_test.json", v -> hmac(Hash.SHA_256, v));
    runners.put("hmac_sha384_test.json", v -> hmac(Hash.SHA_384, v));
    runners.put("hmac_sha512_test.json", v -> hmac(Hash.SHA_512, v));
    runners.put("hmac_sm3_test.json", v -> hmac(Hash.SM3, v));
    signature(runners, "ecdsa_secp256r1_sha256_test.json", KeySpec.EC_P256);
    signature(runners, "ecdsa_secp384r1_sha384_test.json", KeySpec.EC_P384);
    signature(runners, "ecdsa_secp521r1_sha512_test.json", KeySpec.EC_P521);
    signature(runners, "ecdsa_secp256k1_sha256_test.json", KeySpec.SECP256K1);
    signature(runners, "ed25519_test.json", KeySpec.ED25519);
    for (KeySpec spec : new KeySpec[] {KeySpec.RSA_2048, KeySpec.RSA_3072, KeySpec.RSA_4096}) {
      rsa(runners, spec);
    }
    runners.put(
        "rsa_oaep_2048_sha1_mgf1sha1_test.json",
        v -> oaep(KeySpec.RSA_2048, EncryptionAlgorithm.RSAES_OAEP_SHA_1, v));
    mlDsa(runners, KeySpec.ML_DSA_44, 44, 17);
    mlDsa(runners, KeySpec.ML_DSA_65, 65, 18);
    mlDsa(runners, KeySpec.ML_DSA_87, 87, 19);
    return runners;
  }

  /** Files of agreements, which are committed and in no folder beside the project. */
  Map<String, Runner> agreements() {
    return Map.of(
        "ecdh_secp256r1_test.json", v -> agree(KeySpec.EC_P256, v),
        "ecdh_secp384r1_test.json", v -> agree(KeySpec.EC_P384, v),
        "ecdh_secp256k1_test.json", v -> agree(KeySpec.SECP256K1, v));
  }

  private Outcome agree(KeySpec spec, Vector vector) {
    BigInteger scalar = new BigInteger(vector.text("private"), 16);
    try (SecretBytes material = SecretBytes.take(Curve.of(spec).pkcs8(scalar));
        PrivateHalf key = cryptography.privateHalf(spec, material)) {
      byte[] secret = key.agree(vector.bytes("public"));
      return Arrays.equals(secret, vector.bytes("shared")) ? TAKEN : REFUSED;
    } catch (BadKey _) {
      return REFUSED;
    }
  }

  private void signature(Map<String, Runner> runners, String file, KeySpec spec) {
    SigningAlgorithm algorithm = spec.signingAlgorithms().getFirst();
    runners.put(file, v -> verify(spec, algorithm, v));
  }

  private void rsa(Map<String, Runner> runners, KeySpec spec) {
    int bits = spec.row().bits();
    for (int hash : new int[] {256, 384, 512}) {
      SigningAlgorithm pkcs1 = named("RSASSA_PKCS1_V1_5_SHA_" + hash);
      SigningAlgorithm pss = named("RSASSA_PSS_SHA_" + hash);
      runners.put(
          "rsa_signature_" + bits + "_sha" + hash + "_test.json", v -> verify(spec, pkcs1, v));
      if (hash == 256 || bits == 4096 || (bits == 2048 && hash == 384)) {
        runners.put(
            "rsa_pss_" + bits + "_sha" + hash + "_mgf1_" + hash / 8 + "_test.json",
            v -> verify(spec, pss, v));
      }
    }
    runners.put("rsa_pkcs1_" + bits + "_sig_gen_test.json", v -> signPkcs1(spec, v));
    runners.put(
        "rsa_oaep_" + bits + "_sha256_mgf1sha256_test.json",
        v -> oaep(spec, EncryptionAlgorithm.RSAES_OAEP_SHA_256, v));
  }

  private static SigningAlgorithm named(String name) {
    return SigningAlgorithm.named(name).orElseThrow();
  }

  private void mlDsa(Map<String, Runner> runners, KeySpec spec, int set, int oid) {
    runners.put("mldsa_" + set + "_verify_test.json", v -> verifyMlDsa(spec, oid, v));
    runners.put("mldsa_" + set + "_sign_seed_test.json", v -> signMlDsa(spec, v));
  }

  private Outcome verify(KeySpec spec, SigningAlgorithm algorithm, Vector vector) {
    return verify(spec, algorithm, vector.bytes("publicKeyDer"), vector);
  }

  private Outcome verify(KeySpec spec, SigningAlgorithm algorithm, byte[] spki, Vector vector) {
    try {
      PublicHalf key = cryptography.publicHalf(spec, spki);
      byte[] message = vector.bytes("msg");
      boolean raw = key.verify(algorithm, new Message.Raw(message), vector.bytes("sig"));
      if (algorithm.signsDigests() && algorithm != SigningAlgorithm.SM2DSA_SM3) {
        Message digest = new Message.Digest(algorithm.hash().digest(message));
        if (key.verify(algorithm, digest, vector.bytes("sig")) != raw) {
          throw new AssertionError("message and digest disagree");
        }
      }
      return raw ? TAKEN : REFUSED;
    } catch (BadKey _) {
      return REFUSED;
    }
  }

  private Outcome signPkcs1(KeySpec spec, Vector vector) {
    String hash = vector.text("sha").replace("SHA-", "");
    if (!hash.equals("256") && !hash.equals("384") && !hash.equals("512")) {
      return NOT_OFFERED;
    }
    SigningAlgorithm algorithm = named("RSASSA_PKCS1_V1_5_SHA_" + hash);
    try (SecretBytes material = SecretBytes.take(vector.bytes("privateKeyPkcs8"));
        PrivateHalf key = cryptography.privateHalf(spec, material)) {
      byte[] signature = key.sign(algorithm, new Message.Raw(vector.bytes("msg")));
      return Arrays.equals(signature, vector.bytes("sig")) ? TAKEN : REFUSED;
    }
  }

  private Outcome oaep(KeySpec spec, EncryptionAlgorithm algorithm, Vector vector) {
    if (!vector.text("label").isEmpty()) {
      return NOT_OFFERED;
    }
    try (SecretBytes material = SecretBytes.take(vector.bytes("privateKeyPkcs8"));
        PrivateHalf key = cryptography.privateHalf(spec, material)) {
      byte[] plaintext = key.decrypt(algorithm, vector.bytes("ct"));
      return Arrays.equals(plaintext, vector.bytes("msg")) ? TAKEN : REFUSED;
    } catch (DoesNotOpen _) {
      return REFUSED;
    }
  }

  private Outcome verifyMlDsa(KeySpec spec, int oid, Vector vector) {
    if (vector.has("ctx") && !vector.text("ctx").isEmpty()) {
      return NOT_OFFERED;
    }
    return verify(spec, SigningAlgorithm.ML_DSA, spki(oid, vector.bytes("publicKey")), vector);
  }

  private static byte[] spki(int oid, byte[] key) {
    try {
      ASN1ObjectIdentifier algorithm = new ASN1ObjectIdentifier("2.16.840.1.101.3.4.3." + oid);
      return new SubjectPublicKeyInfo(new AlgorithmIdentifier(algorithm), key).getEncoded("DER");
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
  }

  private Outcome signMlDsa(KeySpec spec, Vector vector) {
    if (!vector.has("msg") || (vector.has("ctx") && !vector.text("ctx").isEmpty())) {
      return NOT_OFFERED;
    }
    byte[] seed = vector.bytes("privateSeed");
    try (SecretBytes material = SecretBytes.copyOf(seed);
        PrivateHalf key = cryptography.privateHalf(spec, material)) {
      byte[] message = vector.bytes("msg");
      byte[] random = vector.has("rnd") ? vector.bytes("rnd") : new byte[32];
      byte[] signature = MlDsa.sign(spec, seed, message, random);
      byte[] hedged = key.sign(SigningAlgorithm.ML_DSA, new Message.Raw(message));
      boolean verifies =
          key.publicHalf().verify(SigningAlgorithm.ML_DSA, new Message.Raw(message), hedged);
      return verifies && Arrays.equals(signature, vector.bytes("sig")) ? TAKEN : REFUSED;
    } catch (BadKey _) {
      return REFUSED;
    }
  }

  private static Outcome aesGcm(Vector vector) {
    if (vector.number("ivSize") != 96 || vector.number("tagSize") != 128) {
      return NOT_OFFERED;
    }
    CipherPool pool = CipherPool.aesGcm(Providers.SUN_JCE);
    byte[] sealed = join(vector.bytes("ct"), vector.bytes("tag"));
    GCMParameterSpec nonce = new GCMParameterSpec(128, vector.bytes("iv"));
    try {
      byte[] opened =
          pool.with(cipher -> {
            cipher.init(Cipher.DECRYPT_MODE, new AesKey(vector.bytes("key")), nonce);
            cipher.updateAAD(vector.bytes("aad"));
            return cipher.doFinal(sealed);
          });
      byte[] again =
          pool.with(cipher -> {
            cipher.init(Cipher.ENCRYPT_MODE, new AesKey(vector.bytes("key")), nonce);
            cipher.updateAAD(vector.bytes("aad"));
            return cipher.doFinal(vector.bytes("msg"));
          });
      return Arrays.equals(opened, vector.bytes("msg")) && Arrays.equals(again, sealed)
          ? TAKEN
          : REFUSED;
    } catch (AEADBadTagException _) {
      return REFUSED;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static Outcome sm4Gcm(Vector vector) {
    if (vector.number("ivSize") != 96 || vector.number("tagSize") != 128) {
      return NOT_OFFERED;
    }
    byte[] sealed = join(vector.bytes("ct"), vector.bytes("tag"));
    byte[] opened = new byte[vector.bytes("ct").length];
    GCMModeCipher gcm =
        Sm4Gcm.gcm(false, vector.bytes("key"), vector.bytes("iv"), vector.bytes("aad"));
    try {
      int done = gcm.processBytes(sealed, 0, sealed.length, opened, 0);
      gcm.doFinal(opened, done);
      return Arrays.equals(opened, vector.bytes("msg")) ? TAKEN : REFUSED;
    } catch (InvalidCipherTextException _) {
      return REFUSED;
    }
  }

  private static Outcome unwrap(KeyWrap wrap, Vector vector) {
    try (SecretBytes key = SecretBytes.take(vector.bytes("key"));
        SecretBytes secret = wrap.unwrap(key, vector.bytes("ct"));
        SecretBytes expected = SecretBytes.take(vector.bytes("msg"))) {
      return secret.matches(expected) && Arrays.equals(wrap.wrap(key, secret), vector.bytes("ct"))
          ? TAKEN
          : REFUSED;
    } catch (DoesNotOpen _) {
      return REFUSED;
    }
  }

  private static Outcome hkdf(Vector vector) {
    try {
      byte[] derived =
          Hkdf.derive(
              Hash.SHA_256,
              vector.bytes("ikm"),
              vector.bytes("salt"),
              vector.bytes("info"),
              vector.number("size"));
      return Arrays.equals(derived, vector.bytes("okm")) ? TAKEN : REFUSED;
    } catch (IllegalArgumentException _) {
      return REFUSED;
    }
  }

  private static Outcome hmac(Hash hash, Vector vector) {
    MacKey key = MacKey.of(hash, SecretBytes.take(vector.bytes("key")));
    byte[] code = Arrays.copyOf(key.of(vector.bytes("msg")), vector.number("tagSize") / 8);
    return Hashes.constantTimeEquals(code, vector.bytes("tag")) ? TAKEN : REFUSED;
  }

  private static byte[] join(byte[] a, byte[] b) {
    byte[] joined = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, joined, a.length, b.length);
    return joined;
  }
}
