package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.bouncycastle.crypto.digests.SHAKEDigest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.macs.CMac;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** XAES-256-GCM against the vectors of its specification (C2SP, XAES-256-GCM). */
class Xaes256GcmTest {
  private static final HexFormat HEX = HexFormat.of();

  @ParameterizedTest
  @CsvSource({
    "01, '', ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271",
    "03, c2sp.org/XAES-256-GCM, 986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d"
  })
  void thePublishedVectorsComeOutAndOpen(String keyByte, String aad, String expected) {
    byte[] key = HEX.parseHex(keyByte.repeat(32));
    byte[] nonce = ascii("ABCDEFGHIJKLMNOPQRSTUVWX");
    byte[] plaintext = ascii("XAES-256-GCM");
    Xaes256Gcm xaes = new Xaes256Gcm(key);

    byte[] sealed = encrypt(xaes, nonce, ascii(aad), plaintext);

    assertThat(HEX.formatHex(sealed)).isEqualTo(expected);
    assertThat(xaes.decrypt(nonce, ascii(aad), sealed, 0)).isEqualTo(plaintext);
  }

  @Test
  void tenThousandRoundsAccumulateToThePublishedHash() {
    SHAKEDigest random = new SHAKEDigest(128);
    SHAKEDigest hash = new SHAKEDigest(128);
    for (int round = 0; round < 10_000; round++) {
      byte[] key = take(random, 32);
      byte[] nonce = take(random, 24);
      byte[] plaintext = take(random, take(random, 1)[0] & 0xff);
      byte[] aad = take(random, take(random, 1)[0] & 0xff);
      Xaes256Gcm xaes = new Xaes256Gcm(key);

      byte[] sealed = encrypt(xaes, nonce, aad, plaintext);

      assertThat(xaes.decrypt(nonce, aad, sealed, 0)).isEqualTo(plaintext);
      hash.update(sealed, 0, sealed.length);
      xaes.wipe();
    }
    assertThat(HEX.formatHex(take(hash, 32)))
        .isEqualTo("e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939");
  }

  private static byte[] encrypt(Xaes256Gcm xaes, byte[] nonce, byte[] aad, byte[] plaintext) {
    byte[] out = new byte[3 + plaintext.length + Aead.TAG_BYTES];
    xaes.encrypt(nonce, aad, plaintext, out, 3);
    return Arrays.copyOfRange(out, 3, out.length);
  }

  private static byte[] take(SHAKEDigest shake, int length) {
    byte[] bytes = new byte[length];
    shake.doOutput(bytes, 0, length);
    return bytes;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** The key of one message, derived by a MAC of the library's. */
  static byte[] messageKey(byte[] key, byte[] nonce) {
    CMac cmac = new CMac(AESEngine.newInstance());
    cmac.init(new KeyParameter(key));
    byte[] messageKey = new byte[32];
    for (int counter = 1; counter <= 2; counter++) {
      cmac.update(new byte[] {0, (byte) counter, 'X', 0}, 0, 4);
      cmac.update(nonce, 0, 12);
      cmac.doFinal(messageKey, 16 * (counter - 1));
    }
    return messageKey;
  }
}
