package dev.yaoku.api.huawei;

import static dev.yaoku.api.huawei.HuaweiError.bad;

import dev.yaoku.key.NoImport;
import dev.yaoku.key.NoRotation;
import dev.yaoku.key.NoSync;
import dev.yaoku.key.RotationRules;

/** The codes around import and rotation ({@code errors.md} 3). */
final class MaterialErrors {
  private MaterialErrors() {}

  static HuaweiError of(NoRotation why) {
    return switch (why) {
      case EXTERNAL ->
          bad(
              "KMS.0312",
              "A key of external origin has no schedule. Import new material and call"
                  + " rotate-on-demand.");
      case NOT_EXTERNAL ->
          bad(
              "KMS.0309",
              "The key must be of external origin. Keys of origin kms are rotated by"
                  + " enable-key-rotation, if they are AES or SM4.");
      case KEYSTORE ->
          bad("KMS.0338", "Keys in a dedicated keystore are not rotated. Create a new key.");
      case RSA -> bad("KMS.0324", "RSA keys are not rotated. Create a new key.");
      case ASYMMETRIC -> bad("KMS.0325", "Asymmetric keys are not rotated. Create a new key.");
      case MAC -> bad("KMS.0341", "HMAC keys are not rotated. Create a new key.");
      case NOT_ENABLED ->
          bad("KMS.0313", "Rotation of the key is not enabled. Call enable-key-rotation first.");
      case ALREADY_ENABLED ->
          bad(
              "KMS.2901",
              "Rotation of the key is enabled already. Use update-key-rotation-interval to change"
                  + " it.");
      case NOTHING_WAITING ->
          bad("KMS.0310", "No imported material waits to be rotated to. Import some first.");
      case TOO_OFTEN ->
          bad(
              "KMS.0308",
              "The key has "
                  + RotationRules.VERSIONS_ON_DEMAND_MAX
                  + " versions, as many as it may get on demand. Create a new key, and let an alias"
                  + " stand for it.");
    };
  }

  static HuaweiError of(NoSync why) {
    return switch (why) {
      case KEYSTORE ->
          bad(
              "KMS.3801",
              "A key in a dedicated keystore is not replicated. Create one in the built-in"
                  + " keystore.");
      case TARGET_NOT_ENABLED ->
          bad("KMS.3801", "The replica in primary_region is not enabled. Enable it first.");
      case TARGET_BEHIND ->
          bad(
              "KMS.3801",
              "The replica in primary_region lacks what its primary or, where that is gone, another"
                  + " member has, or holds material that the primary had lost. Rotate the primary"
                  + " key, or import into it, which brings it in step. Where the primary is gone,"
                  + " choose another replica.");
      case PRIMARY_NOT_ENABLED ->
          bad(
              "KMS.3802",
              "The call cannot be passed on to the primary key, because that is not enabled. Enable"
                  + " it first.");
      case SINGLE -> bad("KMS.3803", "The key has no replicas. Call replicate first.");
    };
  }

  static HuaweiError of(NoImport why) {
    return switch (why) {
      case NOT_EXTERNAL ->
          bad("KMS.0309", "The key must be of external origin: create it with origin external.");
      case REPLICA ->
          bad(
              "KMS.1404",
              "The key is a replica. Import key material to its primary key; replicas follow.");
      case KIND -> bad("KMS.0341", "Keys of this kind take no imported material. Use origin kms.");
      case NOT_PENDING ->
          bad(
              "KMS.0310",
              "The key does not wait for key material. Enable it first, if it is disabled.");
      case DOES_NOT_OPEN ->
          bad(
              "KMS.0311",
              "The key material cannot be decrypted. Encrypt it with the public key and the"
                  + " wrapping_algorithm that belong to this import_token.");
      case TOKEN_EXPIRED ->
          bad("KMS.2601", "The import_token has expired. Call get-parameters-for-import again.");
      case TOKEN_OF_ANOTHER_KEY ->
          bad(
              "KMS.2603",
              "The import_token belongs to another key. Call get-parameters-for-import for this"
                  + " one.");
      case BAD_TOKEN ->
          bad(
              "KMS.2605",
              "The import_token is not valid, was used, or was tried too often. Call"
                  + " get-parameters-for-import again.");
      case EXPIRY_IS_PAST ->
          bad("KMS.2602", "expiration_time must be in the future, in seconds since 1970.");
      case LENGTH ->
          bad("KMS.2604", "The key material must have 32 bytes, for an SM4 key 16 bytes.");
      case DIFFERS ->
          bad(
              "KMS.2606",
              "A key without material takes only material that it had before; a key with material"
                  + " takes only new material. Send such material.");
      case PRIVATE_KEY_MISSING ->
          bad(
              "KMS.2608",
              "An asymmetric key needs its private key. Send it in encrypted_privatekey.");
      case PRIVATE_KEY_BAD ->
          bad(
              "KMS.2609",
              "The private key must be a valid PKCS#8 key of this key_spec, wrapped with the"
                  + " temporary key. The public exponent of an RSA key must be at least 65537, and"
                  + " have at most 256 bits, of an RSA_4096 key at most 64.");
      case TEMPORARY_KEY_LENGTH ->
          bad("KMS.2610", "The temporary key must have 32 bytes, for SM4 16 bytes.");
      case NOT_DELETABLE_NOW ->
          bad(
              "KMS.2701",
              "Key material can be deleted of enabled and disabled keys only. Import some first, or"
                  + " cancel the deletion of the key.");
      case ASYMMETRIC_STAYS ->
          bad(
              "KMS.2702",
              "Asymmetric key material cannot be deleted. Schedule the deletion of the key.");
    };
  }
}
