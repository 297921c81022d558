package dev.yaoku.crypto;

import dev.yaoku.secret.SecretBytes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.function.Predicate;

/**
 * What the server itself is built of, beside the customers' keys, each with an answer that a
 * standard publishes.
 *
 * @see "RFC 3394 4.6, 4231 4.2, 5649 6, 5869 A.1; FIPS 180-4; GB/T 32905 A.1; the vector of
 *     docs/ciphertext-format.md"
 */
public enum Primitive {
  /** SHA-256, SHA-384, SHA-512 and SM3. */
  HASHES(Primitive::hash),
  /** HMAC and HKDF with SHA-256: subkeys and row MACs. */
  KEYED_HASHES(_ -> hmacs() && derives()),
  /** The one construction that seals everything. */
  SEALING(Primitive::seals),
  /** Argon2id, with little memory to be quick. */
  PASSWORDS(_ -> hashesPasswords()),
  /** RFC 3394 and RFC 5649 with AES. */
  KEY_WRAP(_ -> wraps()),
  /** RFC 5649 with SM4. */
  SM4_KEY_WRAP(_ -> unwrapsUnderSm4());

  private static final HexFormat HEX = HexFormat.of();

  private final Predicate<Randomness> answersRightly;

  Primitive(Predicate<Randomness> answersRightly) {
    this.answersRightly = answersRightly;
  }

  /** Whether a server could not even open its own store without it. */
  boolean carriesTheServer() {
    return this != KEY_WRAP && this != SM4_KEY_WRAP;
  }

  /** Whether it gives the known answer; anything that it throws counts as none. */
  boolean works(Randomness randomness) {
    return answersRightly.test(randomness);
  }

  private static boolean is(byte[] bytes, String expected) {
    return HEX.formatHex(bytes).equals(expected);
  }

  private static SecretBytes secret(String hex) {
    return SecretBytes.take(HEX.parseHex(hex));
  }

  private static boolean hash(Randomness unused) {
    byte[] abc = Text.utf8("abc");
    return is(
            Hash.SHA_256.digest(abc),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        && is(
            Hash.SHA_384.digest(abc),
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                + "8086072ba1e7cc2358baeca134c825a7")
        && is(
            Hash.SHA_512.digest(abc),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f")
        && is(
            Hash.SM3.digest(abc),
            "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
  }

  private static boolean hmacs() {
    return is(
        Hashes.hmacSha256(HEX.parseHex("0b".repeat(20)), Text.utf8("Hi There")),
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  }

  private static boolean derives() {
    byte[] derived =
        Hkdf.derive(
            Hash.SHA_256,
            HEX.parseHex("0b".repeat(22)),
            HEX.parseHex("000102030405060708090a0b0c"),
            HEX.parseHex("f0f1f2f3f4f5f6f7f8f9"),
            42);
    return is(
        derived,
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
  }

  private static boolean seals(Randomness randomness) {
    byte[] blob =
        HEX.parseHex(
            "590101010d0466b0e7274d9cb35df84bb474a37f00000001"
                + "1d8b2cbb56b3ae5672bb02399f90c64a5b0d7975d2405b93"
                + "da2fd807a88a74737b304dba619ab0fe9ea79ef237a686027a4f05626bf53f46"
                + "13cbe0a86ca0c1b32406cc1f5010fa62eff35ba517f7f1ffd5879e40db6e0dd4"
                + "215be7803b118e62c55ed89b2deb291c51324611a935e9e23426b864");
    byte[] rest =
        HEX.parseHex(
            "0000000c707572706f73653d74657374"
                + "02000000020000000361707000000001610000000162"
                + "00000000");
    try (SecretBytes raw =
            secret("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
        SealingKey key = SealingKey.of(raw, Suite.AES, randomness)) {
      byte[] hello = Blob.decrypt(key, blob, rest);
      byte[] head = Arrays.copyOf(blob, 24);
      return is(hello, "68656c6c6f")
          && Arrays.equals(key.open(head, rest, key.seal(head, rest, hello)), hello);
    }
  }

  private static boolean hashesPasswords() {
    try (SecretBytes password = SecretBytes.take(Text.utf8("password"))) {
      // phc-winner-argon2, test.c: version 19, 2 passes, 256 KiB, 1 lane
      return is(
          Passwords.argon2id(password, Text.utf8("somesalt"), 256),
          "9dfeb910e80bad0311fee20f9c0e2b12c17987b4cac90c2ef54d5b3021c68bfe");
    }
  }

  private static boolean wraps() {
    return wraps(
            KeyWrap.RFC_3394,
            "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
            "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f",
            "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21")
        && wraps(
            KeyWrap.RFC_5649,
            "5840df6e29b02af1ab493b705bf16ea1ae8338f4dcc176a8",
            "c37b7e6492584340bed12207808941155068f738",
            "138bdeaa9b8fa7fc61f97742e72248ee5ae6ae5360d1ae6a5f54f373fa543b6a");
  }

  private static boolean wraps(KeyWrap wrap, String key, String secret, String wrapped) {
    try (SecretBytes kek = secret(key);
        SecretBytes plain = secret(secret);
        SecretBytes opened = wrap.unwrap(kek, HEX.parseHex(wrapped))) {
      return opened.matches(plain) && is(wrap.wrap(kek, plain), wrapped);
    }
  }

  private static boolean unwrapsUnderSm4() {
    // Computed by other code than that which is tried: RFC 5649 around SM4 of OpenSSL.
    try (SecretBytes key = secret("000102030405060708090a0b0c0d0e0f");
        SecretBytes plain =
            secret("202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f");
        SecretBytes opened =
            KeyWrap.unwrapUnderSm4(
                key,
                HEX.parseHex(
                    "4c4b3a696ef38f70aba535314cb9c7b1d88eea74184ef3c57c5c35dcc771df90"
                        + "36d1f5fd712187be"))) {
      return opened.matches(plain);
    }
  }
}
