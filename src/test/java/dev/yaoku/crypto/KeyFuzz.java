package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.yaoku.secret.SecretBytes;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;

/**
 * Keys as strangers send them: whichever library computes, they are read in one way or are bad keys
 * (SECURITY_DESIGN M6). The first byte says of what kind a key shall be.
 */
class KeyFuzz {
  private static final HexFormat HEX = HexFormat.of();
  private static final String BAD = "";
  private static final Randomness RANDOMNESS = Randomness.kernel();
  private static final List<Cryptography> PROVIDERS =
      List.of(new Cryptography(RANDOMNESS, true), new Cryptography(RANDOMNESS, false));

  /** Of which kinds a good key was tried. */
  private static final Set<String> GOOD = ConcurrentHashMap.newKeySet();

  /** What is replayed in every run is worth it; whoever looks for more runs one target alone. */
  @AfterAll
  static void aGoodKeyOfEachKindIsAmongThem() {
    if (System.getenv("JAZZER_FUZZ") == null) {
      for (KeySpec spec : MalformedKeyTest.KINDS) {
        assertThat(GOOD).contains("private " + spec, "public " + spec);
      }
    }
  }

  /** It is kept in one form, which is its own. */
  @FuzzTest
  void aPrivateKeyIsReadInOneWayOrNot(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    KeySpec spec = kind(bytes);
    String form = agreed(provider -> kept(provider, spec, rest(bytes)));
    if (!form.equals(BAD)) {
      assertThat(agreed(provider -> kept(provider, spec, HEX.parseHex(form)))).isEqualTo(form);
      GOOD.add("private " + spec);
    }
  }

  /** So is a public one; and what verifies tokens or is sent secrets is read no otherwise. */
  @FuzzTest
  void aPublicKeyIsReadInOneWayOrNot(byte[] bytes) {
    if (bytes.length == 0) {
      return;
    }
    KeySpec spec = kind(bytes);
    byte[] spki = rest(bytes);
    String form = agreed(provider -> shown(provider, spec, spki));
    if (!form.equals(BAD)) {
      assertThat(agreed(provider -> shown(provider, spec, HEX.parseHex(form)))).isEqualTo(form);
      GOOD.add("public " + spec);
    }
    boolean isRsa = isGood(() -> RsaPublicKeys.read(spki));
    assertThat(isGood(() -> RecipientKey.read(spki, RANDOMNESS))).isEqualTo(isRsa);
    assertThat(isGood(() -> TokenKey.read(spki)))
        .isEqualTo(isRsa || isGood(() -> PROVIDERS.getFirst().publicHalf(KeySpec.EC_P256, spki)));
  }

  private static KeySpec kind(byte[] bytes) {
    return MalformedKeyTest.KINDS.get(Byte.toUnsignedInt(bytes[0]) % MalformedKeyTest.KINDS.size());
  }

  private static byte[] rest(byte[] bytes) {
    return Arrays.copyOfRange(bytes, 1, bytes.length);
  }

  /** What is made of a key by each, which must be the same. */
  private static String agreed(Function<Cryptography, String> reader) {
    Set<String> forms = new HashSet<>();
    PROVIDERS.forEach(provider -> forms.add(reader.apply(provider)));
    assertThat(forms).hasSize(1);
    return forms.iterator().next();
  }

  private static String kept(Cryptography provider, KeySpec spec, byte[] pkcs8) {
    try (SecretBytes outside = SecretBytes.copyOf(pkcs8);
        SecretBytes checked = provider.checked(spec, outside)) {
      return checked.lend(HEX::formatHex);
    } catch (BadKey refused) {
      return BAD;
    }
  }

  /** RSA keys of others are read in one place, whatever they are for. */
  private static String shown(Cryptography provider, KeySpec spec, byte[] spki) {
    try {
      return HEX.formatHex(
          spec.isRsa()
              ? RsaPublicKeys.read(spki).getEncoded()
              : provider.publicHalf(spec, spki).encoded());
    } catch (BadKey refused) {
      return BAD;
    }
  }

  private static boolean isGood(Supplier<?> reader) {
    try {
      return reader.get() != null;
    } catch (BadKey refused) {
      return false;
    }
  }
}
