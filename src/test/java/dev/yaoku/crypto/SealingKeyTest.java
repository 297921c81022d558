package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.bouncycastle.crypto.modes.GCMModeCipher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The one symmetric construction: round trips, hedged nonces, closing. */
class SealingKeyTest {
  private static final HexFormat HEX = HexFormat.of();
  private static final byte[] HEAD = {1, 2, 3, 4};

  private static SecretBytes key(Suite suite, int value) {
    byte[] key = new byte[suite.keyBytes()];
    Arrays.fill(key, (byte) value);
    return SecretBytes.take(key);
  }

  private static SealingKey sealing(Suite suite, Randomness randomness) {
    return SealingKey.of(key(suite, 7), suite, randomness);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsSealedOpensWithTheSameKeyHeadAndRest(Suite suite) {
    SealingKey key = sealing(suite, Randomness.kernel());
    Random random = new Random(11);
    for (int i = 0; i < 200; i++) {
      byte[] head = new byte[random.nextInt(30)];
      byte[] rest = new byte[random.nextInt(200)];
      byte[] payload = new byte[random.nextInt(300)];
      random.nextBytes(head);
      random.nextBytes(rest);
      random.nextBytes(payload);

      byte[] sealed = key.seal(head, rest, payload);

      assertThat(sealed).hasSize(head.length + payload.length + 72);
      assertThat(Arrays.copyOf(sealed, head.length)).isEqualTo(head);
      assertThat(key.open(head, rest, sealed)).isEqualTo(payload);
      SealingKey again = sealing(suite, Randomness.kernel());
      assertThat(again.open(head, rest, sealed)).isEqualTo(payload);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aKeyOfAnotherLengthIsRefused(Suite suite) {
    assertThatThrownBy(
            () -> SealingKey.of(SecretBytes.take(new byte[24]), suite, Randomness.kernel()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @EnumSource
  void anotherHeadRestOrKeyDoesNotOpen(Suite suite) {
    SealingKey key = sealing(suite, Randomness.kernel());
    SealingKey other = SealingKey.of(key(suite, 8), suite, Randomness.kernel());
    byte[] sealed = key.seal(HEAD, new byte[] {9}, new byte[50]);

    for (Runnable opening :
        List.<Runnable>of(
            () -> key.open(new byte[] {1, 2, 3, 5}, new byte[] {9}, sealed),
            () -> key.open(new byte[] {1, 2, 3}, new byte[] {9}, sealed),
            () -> key.open(HEAD, new byte[] {8}, sealed),
            () -> key.open(HEAD, new byte[] {}, sealed),
            () -> other.open(HEAD, new byte[] {9}, sealed))) {
      assertThatThrownBy(opening::run).isInstanceOf(DoesNotOpen.class);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReplayedRandomStateRepeatsANonceOnlyForARepeatedMessage(Suite suite) {
    Set<String> nonces = new HashSet<>();
    int messages = 0;
    for (int head = 0; head < 3; head++) {
      for (int rest = 0; rest < 10; rest++) {
        for (int payload = 0; payload < 30; payload++) {
          byte[] h = {(byte) head};
          byte[] r = AssociatedData.encode("\0".repeat(rest), null);
          byte[] p = new byte[payload];
          // Each starts from the same state, as a machine does that is resumed from a snapshot.
          byte[] first = sealing(suite, Fixed.bytes(0xaa)).seal(h, r, p);
          byte[] second = sealing(suite, Fixed.bytes(0xaa)).seal(h, r, p);

          assertThat(second).isEqualTo(first);
          nonces.add(HEX.formatHex(first, 1, 1 + Aead.NONCE_BYTES));
          messages++;
        }
      }
    }
    assertThat(nonces).hasSize(messages);
  }

  @Test
  void freshRandomnessGivesTheSameMessageAnotherNonce() {
    SealingKey key = sealing(Suite.AES, Randomness.kernel());
    Set<String> nonces = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      nonces.add(HEX.formatHex(key.seal(new byte[0], HEAD, HEAD), 0, Aead.NONCE_BYTES));
    }
    assertThat(nonces).hasSize(1000);
  }

  @Test
  void noTwoSm4MessagesShareAKey() {
    SealingKey key = sealing(Suite.SM4, Randomness.kernel());
    Sm4Gcm sm4 = new Sm4Gcm(key(Suite.SM4, 7).lend(byte[]::clone));
    Set<String> messageKeys = new HashSet<>();
    int messages = 100_000;
    for (int i = 0; i < messages; i++) {
      byte[] sealed = key.seal(new byte[0], new byte[0], new byte[0]);
      byte[] nonce = Arrays.copyOf(sealed, Aead.NONCE_BYTES);
      messageKeys.add(HEX.formatHex(sm4.messageKeyAndIv(nonce), 0, 16));
    }
    assertThat(messageKeys).hasSize(messages);
  }

  @Test
  void sm4GcmIsThatOfRfc8998() throws Exception {
    byte[] plaintext =
        HEX.parseHex(
            "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
                + "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa");
    GCMModeCipher gcm =
        Sm4Gcm.gcm(
            true,
            HEX.parseHex("0123456789abcdeffedcba9876543210"),
            HEX.parseHex("00001234567800000000abcd"),
            HEX.parseHex("feedfacedeadbeeffeedfacedeadbeefabaddad2"));
    byte[] out = new byte[plaintext.length + 16];

    int done = gcm.processBytes(plaintext, 0, plaintext.length, out, 0);
    gcm.doFinal(out, done);

    assertThat(HEX.formatHex(out))
        .isEqualTo(
            "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
                + "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
                + "83de3541e4c2b58177e065a9bf7b62ec");
  }

  @ParameterizedTest
  @EnumSource
  void aClosedKeyNeitherSealsNorOpens(Suite suite) {
    SealingKey key = sealing(suite, Randomness.kernel());
    byte[] sealed = key.seal(HEAD, HEAD, HEAD);
    key.close();
    key.close();

    assertThatThrownBy(() -> key.seal(HEAD, HEAD, HEAD)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> key.open(HEAD, HEAD, sealed))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @EnumSource
  void closingUnderUseNeverSealsWithAWipedKey(Suite suite) throws Exception {
    SealingKey witness = sealing(suite, Randomness.kernel());
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      for (int round = 0; round < 50; round++) {
        SealingKey key = sealing(suite, Randomness.kernel());
        List<Future<Integer>> users =
            IntStream.range(0, 3).mapToObj(_ -> threads.submit(() -> use(key, witness))).toList();
        threads.submit(key::close).get();
        for (Future<Integer> user : users) {
          assertThat(user.get()).isNotNegative();
        }
      }
    }
  }

  /** Seals until the key is closed; everything sealed must open. */
  private static int use(SealingKey key, SealingKey witness) {
    for (int sealed = 0; ; sealed++) {
      byte[] text;
      try {
        text = key.seal(HEAD, HEAD, HEAD);
      } catch (IllegalStateException _) {
        return sealed;
      }
      assertThat(witness.open(HEAD, HEAD, text)).isEqualTo(HEAD);
    }
  }

  @Test
  void sealingInsideTheLoanOfASecretGivesRightResults() {
    SealingKey outer = sealing(Suite.AES, Randomness.kernel());
    SealingKey inner = SealingKey.of(key(Suite.AES, 9), Suite.AES, Randomness.kernel());

    byte[] sealed =
        key(Suite.AES, 1)
            .lend(secret -> outer.seal(HEAD, inner.seal(HEAD, secret, secret), secret));

    assertThat(sealed).hasSize(HEAD.length + 72 + 32);
    assertThat(outer.toString()).isEqualTo("SealingKey[AES]");
  }
}
