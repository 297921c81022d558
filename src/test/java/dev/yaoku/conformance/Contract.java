package dev.yaoku.conformance;

import java.util.Arrays;
import java.util.List;

/** The operations of the cloud's API in the order of its official SDKs' documents. */
final class Contract {
  private Contract() {}

  /** The first {@value} are those of the Java SDK that the tests use; the rest came later. */
  static final int OF_THE_SDK = 58;

  static final List<String> OPERATIONS =
      Arrays.asList(
          """
          CreateKey EnableKey DisableKey DeleteKey CancelKeyDeletion UpdateKeyAlias
          UpdateKeyDescription ListKeys ListKeyDetail ShowPublicKey ShowUserInstances
          ShowUserQuotas CreateRandom CreateDatakey CreateDatakeyWithoutPlaintext EncryptDatakey
          DecryptDatakey CreateRsaDatakeyPair CreateEcDatakeyPair EncryptData DecryptData Sign
          ValidateSignature GenerateMac VerifyMac CreateParametersForImport ImportKeyMaterial
          DeleteImportedKeyMaterial EnableKeyRotation DisableKeyRotation UpdateKeyRotationInterval
          ShowKeyRotationStatus CreateGrant CancelGrant CancelSelfGrant ListGrants
          ListRetirableGrants ListKmsByTags ShowKmsTags ListKmsTags BatchCreateKmsTags CreateKmsTag
          DeleteTag CreateAlias DeleteAlias AssociateAlias ListAliases CreateKeyStore ListKeyStores
          ShowKeyStore DeleteKeyStore EnableKeyStore DisableKeyStore ReplicateKey
          UpdatePrimaryRegion ListSupportRegions ShowVersions ShowVersion
          RotateOnDemand ReEncrypt DeriveSharedSecret CreatePin CreateDatakeyCapsule
          DecryptDatakeyCapsule CreateKeyPolicy ListKeyPolicy ShowKeyPolicy UpdateKeyPolicy
          DeleteKeyPolicy CreateAccessPoint ListAccessPoint DeleteAccessPoint EnableAccessPoint
          DisableAccessPoint DownloadAccessPointPrivateKey\
          """
              .split("\\s+"));
}
