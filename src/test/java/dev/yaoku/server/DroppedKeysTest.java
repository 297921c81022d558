package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A whole server used keys of known bytes for everything that it offers, and dropped them: no live
 * object holds them any more (SECURITY_DESIGN H5, M9). What it gave away it holds not even then.
 */
class DroppedKeysTest {
  private static final Duration LONGER_THAN_KEPT = Duration.ofMinutes(6);

  /** After its first use a cache keeps things longer and longer, five minutes in the end. */
  private static final Duration UNTIL_KEPT_LONGEST = Duration.ofMinutes(11);

  @TempDir Path scratch;
  private final AtomicLong idleNanos = new AtomicLong();

  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void idleAndDroppedKeysAreInNoLiveObject(String nativeProvider) throws Exception {
    KnownSecrets secrets = new KnownSecrets(scratch);
    Map<String, String> settings =
        Map.of(
            "crypto.native",
            nativeProvider,
            "quotas.keys",
            "100",
            "regions.others",
            SymmetricKeysInUse.FAR);
    try (LiveServer server = new LiveServer(scratch.resolve("data"), settings, machine(secrets))) {
      SymmetricKeysInUse symmetric = new SymmetricKeysInUse(server, secrets);
      symmetric.useOnce(server.kms("create-key", "{'key_alias':'first'}", "/key_info/key_id"));
      idleNanos.set(UNTIL_KEPT_LONGEST.toNanos());
      String key = useEveryKind(symmetric, new PairsInUse(server, secrets));

      assertThat(secrets.found())
          .as("what keys in use must hold, to show that the search works")
          .contains("new AES_256 K.enc", "new SM4 K", "HMAC_256 inner", "HMAC_SM3 inner")
          .anyMatch(name -> name.startsWith("ED25519"))
          .anyMatch(name -> name.startsWith("SM2"))
          .as("what was given away is kept not even for a while")
          .noneMatch(KnownSecrets::isGivenAway);
      idleNanos.addAndGet(LONGER_THAN_KEPT.toNanos());
      server.yaoku.wiring().housekeeping().round();
      assertThat(secrets.found()).as("after a while of idling").isEmpty();

      symmetric.useOnce(key);
      assertThat(secrets.found())
          .contains("new AES_256 K.enc")
          .as("what was given away is kept not even for a while")
          .noneMatch(KnownSecrets::isGivenAway);
      server.yaoku.wiring().keys().keys().changedAll();
      assertThat(secrets.found()).as("after a change").isEmpty();
      assertThat(secrets.kindsGivenAway())
          .contains("plaintext", "data key", "random data", "private half of a pair")
          .contains("data key of the caller", "data key of a capsule", "shared secret of SM2")
          .contains("code of a message by HMAC_256");
    }
  }

  /** Returns a symmetric key. */
  private static String useEveryKind(SymmetricKeysInUse symmetric, PairsInUse pairs)
      throws Exception {
    String key = symmetric.useImported("AES_256", 32);
    symmetric.useImported("SM4", 16);
    symmetric.useRotating("AES_256");
    symmetric.useRotating("SM4");
    pairs.useCurve("EC_P256", "secp256r1", "ECDSA_SHA_256");
    pairs.useCurve("EC_P384", "secp384r1", "ECDSA_SHA_384");
    pairs.useCurve("EC_P521", "secp521r1", "ECDSA_SHA_512");
    pairs.useCurve("SECP256K1", "secp256k1", "ECDSA_SHA_256");
    pairs.useCurve("SM2", "sm2p256v1", "SM2DSA_SM3");
    pairs.useEd25519();
    pairs.useMade("HMAC_256", "HMAC_SHA_256");
    pairs.useMade("HMAC_384", "HMAC_SHA_384");
    pairs.useMade("HMAC_512", "HMAC_SHA_512");
    pairs.useMade("HMAC_SM3", "HMAC_SM3");
    pairs.useMade("ML_DSA_44", "ML_DSA");
    pairs.useMade("ML_DSA_65", "ML_DSA");
    pairs.useMade("ML_DSA_87", "ML_DSA");
    pairs.useRsa(4096);
    pairs.useRsa(3072);
    pairs.useRsa(2048); // last: its next use would take what the JDK kept of the one before
    return key;
  }

  /** A machine whose clock can be moved on, and that tells what keys were made of. */
  private Surroundings machine(KnownSecrets secrets) {
    return new Surroundings(
        InstantSource.system(), () -> System.nanoTime() + idleNanos.get(), secrets.watched());
  }
}
