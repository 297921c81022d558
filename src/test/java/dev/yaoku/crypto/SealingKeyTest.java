package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.secret.SecretBytes;
import java.util.ArrayList;
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

  /** Each tag is made anew under the key of its message: the cipher was given that one. */
  @Test
  void noTwoSm4MessagesShareAKey() throws Exception {
    SealingKey key = sealing(Suite.SM4, Randomness.kernel());
    Sm4Gcm sm4 = new Sm4Gcm(key(Suite.SM4, 7).lend(byte[]::clone));
    Set<String> messageKeys = new HashSet<>();
    int messages = 100_000;
    for (int i = 0; i < messages; i++) {
      byte[] sealed = key.seal(new byte[0], new byte[0], new byte[0]);
      byte[] nonce = Arrays.copyOf(sealed, Aead.NONCE_BYTES);
      byte[] derived = sm4.messageKeyAndIv(nonce);
      byte[] messageKey = Arrays.copyOf(derived, 16);
      byte[] tag = new byte[Aead.TAG_BYTES];
      Sm4Gcm.gcm(true, messageKey, Arrays.copyOfRange(derived, 16, 28), nonce).doFinal(tag, 0);
      assertThat(Arrays.copyOfRange(sealed, sealed.length - tag.length, sealed.length))
          .isEqualTo(tag);
      messageKeys.add(HEX.formatHex(messageKey));
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

  @ParameterizedTest
  @EnumSource
  void sealingInsideTheLoanOfASecretGivesRightResults(Suite suite) {
    SealingKey outer = sealing(suite, Randomness.kernel());
    SealingKey inner = SealingKey.of(key(suite, 9), suite, Randomness.kernel());
    SecretBytes secret = key(suite, 1);

    List<byte[]> sealed =
        secret.lend(bytes -> {
          byte[] within = secret.lend(again -> inner.seal(HEAD, bytes, again));
          return List.of(within, outer.seal(HEAD, within, bytes));
        });

    byte[] plain = key(suite, 1).lend(byte[]::clone);
    assertThat(inner.open(HEAD, plain, sealed.getFirst())).isEqualTo(plain);
    assertThat(outer.open(HEAD, sealed.getFirst(), sealed.getLast())).isEqualTo(plain);
    assertThat(outer.toString()).isEqualTo("SealingKey[" + suite + "]");
  }

  /** Random bytes are asked for in the middle of a seal; whoever gives them seals and opens too. */
  @ParameterizedTest
  @EnumSource
  void sealingInTheMiddleOfSealingGivesRightResults(Suite suite) {
    byte[] innerAlone = inner(suite).seal(HEAD, HEAD, new byte[40]);
    byte[] outerAlone = sealing(suite, Fixed.bytes(0xaa)).seal(HEAD, HEAD, new byte[50]);
    SealingKey inner = inner(suite);
    List<byte[]> within = new ArrayList<>();
    SealingKey outer =
        sealing(
            suite,
            Fixed.bytes(
                0xaa,
                () -> {
                  within.add(inner.seal(HEAD, HEAD, new byte[40]));
                  assertThat(inner.open(HEAD, HEAD, innerAlone)).isEqualTo(new byte[40]);
                }));
    within.clear();

    byte[] sealed = outer.seal(HEAD, HEAD, new byte[50]);

    assertThat(sealed).isEqualTo(outerAlone);
    assertThat(outer.open(HEAD, HEAD, sealed)).isEqualTo(new byte[50]);
    assertThat(within).containsExactly(innerAlone);
  }

  private static SealingKey inner(Suite suite) {
    return SealingKey.of(key(suite, 9), suite, Fixed.bytes(0xbb));
  }
}
