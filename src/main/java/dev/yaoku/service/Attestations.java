package dev.yaoku.service;

import dev.yaoku.crypto.BadKey;
import dev.yaoku.crypto.Message;
import dev.yaoku.crypto.PublicHalf;
import dev.yaoku.crypto.PublicKeyText;
import dev.yaoku.crypto.SigningAlgorithm;
import dev.yaoku.crypto.Text;
import dev.yaoku.crypto.TokenKey;
import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.OpeningPolicyReader;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds out which access points of a project an attestation proves. That it proves none is no
 * failure here: why a capsule is not opened is not told.
 *
 * @see "operations-new.md, DecryptDatakeyCapsule"
 */
final class Attestations {
  private static final Duration LIFE_MAX = Duration.ofHours(24);

  private final Store store;
  private final Engine engine;

  Attestations(Store store, Engine engine) {
    this.store = store;
    this.engine = engine;
  }

  /**
   * The enabled access points that the attestation proves.
   *
   * @param capsule the capsule as it was sent, which a program signs
   * @throws KmsException with {@link Problem.UnreadableAttestation}
   */
  List<AccessPoint> proved(String project, Attestation document, String capsule, Instant now) {
    long kinds =
        Stream.of(document.ecsSignature(), document.customSignature(), document.serviceToken())
            .filter(text -> text != null)
            .count();
    if (kinds != 1) {
      throw unreadable(
          "attestation_document must have one of ecs_signature, custom_signature and"
              + " service_token.");
    }
    if (document.customSignature() != null) {
      return programs(project, document.customSignature(), document, capsule, now);
    }
    if (document.serviceToken() != null) {
      return clusters(project, document.serviceToken(), now);
    }
    throw unreadable(
        "This server has no trust anchor for signatures of machines. Use a custom access point.");
  }

  private List<AccessPoint> programs(
      String project, String signatureText, Attestation document, String capsule, Instant now) {
    if (document.customPublicKey() == null || document.expireTime() == null) {
      throw unreadable("custom_signature needs custom_public_key and expire_time beside it.");
    }
    byte[] signature = PublicKeyText.der(signatureText);
    byte[] publicKey = PublicKeyText.der(document.customPublicKey());
    Instant end = OpeningPolicyReader.instant(document.expireTime());
    if (signature == null || publicKey == null || end == null) {
      throw unreadable(
          "custom_signature and custom_public_key must be Base64, expire_time ISO-8601 in UTC, such"
              + " as 2026-08-18T00:00:00Z.");
    }
    String identity = PublicKeyText.of(publicKey);
    List<AccessPoint> known =
        store.read(
            tx -> tx.keySpaces().accessPointsWith(project, AccessPoint.Kind.CUSTOM, identity));
    if (!now.isBefore(end) || end.isAfter(now.plus(LIFE_MAX))) {
      return List.of();
    }
    Message message = new Message.Raw(Text.utf8(capsule + "\n" + document.expireTime()));
    return known.stream()
        .filter(AccessPoint::enabled)
        .filter(_ -> isSigned(publicKey, message, signature))
        .toList();
  }

  private boolean isSigned(byte[] publicKey, Message message, byte[] signature) {
    PublicHalf key = engine.cryptography().publicHalf(AccessPoints.PROGRAM_KEY, publicKey);
    return key.verify(SigningAlgorithm.RSASSA_PSS_SHA_256, message, signature)
        || key.verify(SigningAlgorithm.RSASSA_PKCS1_V1_5_SHA_256, message, signature);
  }

  private List<AccessPoint> clusters(String project, String text, Instant now) {
    TokenKey.Token token = read(text);
    List<AccessPoint> known =
        store.read(tx -> tx.keySpaces().accessPointsOf(project, AccessPoint.Kind.CCE));
    Map<String, Boolean> verified = new HashMap<>();
    Predicate<AccessPoint> vouched =
        point ->
            verified.computeIfAbsent(
                point.identity(), identity -> isVouchedFor(identity, token, now));
    return known.stream().filter(AccessPoint::enabled).filter(vouched).toList();
  }

  private static TokenKey.Token read(String text) {
    try {
      return TokenKey.Token.read(text);
    } catch (BadKey none) {
      throw unreadable("service_token must be a signed JSON Web Token.");
    }
  }

  private static boolean isVouchedFor(String identity, TokenKey.Token token, Instant now) {
    return TokenKey.read(Base64.getDecoder().decode(identity)).vouchesFor(token, now);
  }

  private static KmsException unreadable(String why) {
    return new KmsException(new Problem.UnreadableAttestation(why));
  }
}
