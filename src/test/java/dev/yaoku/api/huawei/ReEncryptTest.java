package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Action;
import dev.yaoku.crypto.Blob;
import dev.yaoku.crypto.Oaep;
import dev.yaoku.service.KeyWorld;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Moving ciphertext from key to key (operations-new.md, ReEncrypt). */
class ReEncryptTest {
  private static final String OAEP = "RSAES_OAEP_SHA_256";
  private static final String OAEP_SHA_1 = "RSAES_OAEP_SHA_1";
  private static final String DEFAULT = "SYMMETRIC_DEFAULT";

  @TempDir Path directory;
  private KeyWorld world;
  private Blobs blobs;
  private Blobs tolerant;
  private String aes;

  @BeforeEach
  void open() {
    world = KeyWorld.in(directory, KeyWorld.roomy());
    blobs = new Blobs(new Calls(world));
    HuaweiOptions usual = HuaweiOptions.defaults();
    tolerant =
        new Blobs(
            new Calls(
                world,
                new HuaweiOptions(
                    usual.expiredTokenIs401(),
                    usual.flatErrorsToo(),
                    usual.listOnlyAes256ByDefault(),
                    true,
                    usual.aliasList())));
    aes = blobs.key("aes", "AES_256");
  }

  @AfterEach
  void close() {
    world.close();
  }

  private String encrypt(String key, String algorithm, String more) {
    return blobs
        .call(
            "EncryptData",
            "{'key_id':'%s','encryption_algorithm':'%s','plain_text':'hello'%s}"
                .formatted(key, algorithm, more))
        .text("/cipher_text");
  }

  private Calls.Reply move(String blob, String to, String more) {
    return move(blobs, blob, to, more);
  }

  private static Calls.Reply move(Blobs through, String blob, String to, String more) {
    return through.call(
        "ReEncrypt", "{'cipher_text':'%s','destination_key_id':'%s'%s}".formatted(blob, to, more));
  }

  private static String from(String key, String algorithm) {
    return ",'source_key_id':'%s','source_encryption_algorithm':'%s'".formatted(key, algorithm);
  }

  private static String with(String algorithm) {
    return ",'destination_encryption_algorithm':'" + algorithm + "'";
  }

  private PublicKey publicKeyOf(String rsa) throws Exception {
    String pem = blobs.call("ShowPublicKey", "{'key_id':'" + rsa + "'}").text("/public_key");
    byte[] spki = Base64.getDecoder().decode(pem.replaceAll("-----[A-Z ]+-----|\\s", ""));
    return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(spki));
  }

  private Calls.Reply decrypt(String blob, String more) {
    return blobs.call("DecryptData", "{'cipher_text':'" + blob + "'" + more + "}");
  }

  @ParameterizedTest
  @CsvSource({
    "RSA_2048, RSAES_OAEP_SHA_256, AES_256, SYMMETRIC_DEFAULT",
    "SM2, SM2_ENCRYPT, SM4, SYMMETRIC_DEFAULT",
    "AES_256, SYMMETRIC_DEFAULT, RSA_3072, RSAES_OAEP_SHA_256",
    "SM4, SYMMETRIC_DEFAULT, SM2, SM2_ENCRYPT",
    "RSA_2048, RSAES_OAEP_SHA_256, SM2, SM2_ENCRYPT",
    "SM2, SM2_ENCRYPT, RSA_2048, RSAES_OAEP_SHA_256",
    "SM4, SYMMETRIC_DEFAULT, AES_256, SYMMETRIC_DEFAULT"
  })
  void dataMovesBetweenAllKindsOfKeys(
      String fromSpec, String fromAlgorithm, String toSpec, String toAlgorithm) {
    String source = blobs.key("from", fromSpec);
    String destination = blobs.key("to", toSpec);

    Calls.Reply moved =
        move(
            encrypt(source, fromAlgorithm, ""),
            destination,
            from(source, fromAlgorithm) + with(toAlgorithm));

    assertThat(moved.json().propertyNames())
        .containsExactly(
            "key_id",
            "source_key_id",
            "source_encryption_algorithm",
            "destination_encryption_algorithm",
            "cipher_text");
    assertThat(moved.text("/key_id")).isEqualTo(destination);
    assertThat(moved.text("/source_key_id")).isEqualTo(source);
    assertThat(moved.text("/source_encryption_algorithm")).isEqualTo(fromAlgorithm);
    assertThat(moved.text("/destination_encryption_algorithm")).isEqualTo(toAlgorithm);
    String about = ",'key_id':'" + destination + "','encryption_algorithm':'" + toAlgorithm + "'";
    assertThat(decrypt(moved.text("/cipher_text"), about).text("/plain_text")).isEqualTo("hello");
  }

  @Test
  void whatOthersEncryptedWithSha1ComesIn() throws Exception {
    String rsa = blobs.key("rsa", "RSA_2048");
    String blob = encryptedBySha1(rsa);

    Calls.Reply moved = move(blob, aes, from(rsa, OAEP_SHA_1));
    assertThat(decrypt(moved.text("/cipher_text"), "").text("/plain_text")).isEqualTo("hello");
    assertThat(move(blob, aes, from(rsa, OAEP)).code()).isEqualTo("KMS.0311");
  }

  private String encryptedBySha1(String rsa) throws Exception {
    PublicKey key = publicKeyOf(rsa);
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding", "SunJCE");
    cipher.init(
        Cipher.ENCRYPT_MODE,
        key,
        new OAEPParameterSpec("SHA-1", "MGF1", MGF1ParameterSpec.SHA1, PSource.PSpecified.DEFAULT));
    return Blobs.base64(cipher.doFinal("hello".getBytes(StandardCharsets.US_ASCII)));
  }

  @Test
  void sha1GoesOutOnlyWhereTheOperatorLetsIt() {
    String rsa = blobs.key("rsa", "RSA_2048");
    String blob = encrypt(aes, DEFAULT, "");

    assertThat(move(blob, rsa, with(OAEP_SHA_1)).code()).isEqualTo("KMS.2106");
    Calls.Reply moved = move(tolerant, blob, rsa, with(OAEP_SHA_1));
    assertThat(moved.text("/destination_encryption_algorithm")).isEqualTo(OAEP_SHA_1);
    Calls.Reply back = move(moved.text("/cipher_text"), aes, from(rsa, OAEP_SHA_1));
    assertThat(decrypt(back.text("/cipher_text"), "").text("/plain_text")).isEqualTo("hello");
    // Only RSA keys have it, and only here.
    assertThat(move(tolerant, blob, aes, with(OAEP_SHA_1)).code()).isEqualTo("KMS.2105");
    assertThat(
            tolerant
                .call(
                    "EncryptData",
                    "{'key_id':'%s','encryption_algorithm':'%s','plain_text':'x'}"
                        .formatted(rsa, OAEP_SHA_1))
                .code())
        .isEqualTo("KMS.0308");
  }

  @Test
  void eachPaddingHasItsOwnLongestPlaintext() {
    String rsa = blobs.key("rsa", "RSA_2048");

    assertThat(moved(190, rsa, OAEP)).isEmpty();
    assertThat(moved(191, rsa, OAEP)).isEqualTo("KMS.2108");
    assertThat(moved(214, rsa, OAEP_SHA_1)).isEmpty();
    assertThat(moved(215, rsa, OAEP_SHA_1)).isEqualTo("KMS.2108");
  }

  private String moved(int bytes, String rsa, String algorithm) {
    String body = "{'key_id':'%s','plain_text':'%s'}".formatted(aes, "x".repeat(bytes));
    String blob = tolerant.call("EncryptData", body).text("/cipher_text");
    return move(tolerant, blob, rsa, with(algorithm)).code();
  }

  @Test
  void whatIsBoundIsAskedForAndBoundAnew() {
    String source = ",'source_additional_authenticated_data':'one'";
    String destination = ",'destination_additional_authenticated_data':'two'";
    String blob = encrypt(aes, DEFAULT, ",'additional_authenticated_data':'one'");

    assertThat(move(blob, aes, "").code()).isEqualTo("KMS.2201");
    assertThat(move(blob, aes, source.replace("one", "One")).code()).isEqualTo("KMS.2201");
    assertThat(move(encrypt(aes, DEFAULT, ""), aes, source).code()).isEqualTo("KMS.2201");
    String moved = move(blob, aes, source + destination).text("/cipher_text");
    assertThat(decrypt(moved, "").code()).isEqualTo("KMS.2201");
    assertThat(decrypt(moved, ",'additional_authenticated_data':'one'").code())
        .isEqualTo("KMS.2201");
    assertThat(decrypt(moved, ",'additional_authenticated_data':'two'").text("/plain_text"))
        .isEqualTo("hello");
    assertThat(move(blob, aes, source.replace("one", "1".repeat(129))).code())
        .isEqualTo("KMS.0308");
    assertThat(move(blob, aes, source + destination.replace("two", "ä".repeat(65))).code())
        .isEqualTo("KMS.0308");
  }

  @Test
  void aDataKeysBindingAndLengthAreCheckedWhereGiven() {
    String wrapped = dataKey(",'additional_authenticated_data':'one'");
    String right = ",'source_additional_authenticated_data':'one'";

    assertThat(move(wrapped, aes, "").code()).isEqualTo("KMS.2203");
    assertThat(move(wrapped, aes, right + ",'datakey_cipher_length':'0'").code())
        .isEqualTo("KMS.2202");
    assertThat(move(wrapped, aes, right + ",'datakey_cipher_length':1025").code())
        .isEqualTo("KMS.2202");
    assertThat(move(wrapped, aes, right + ",'datakey_cipher_length':'31'").code())
        .isEqualTo("KMS.2204");
    // Only to whom it opens.
    assertThat(move(wrapped, aes, ",'datakey_cipher_length':'31'").code()).isEqualTo("KMS.2203");
    assertThat(move(wrapped, aes, right + ",'datakey_cipher_length':32").status()).isEqualTo(200);
    String moved =
        move(wrapped.toLowerCase(java.util.Locale.ROOT), aes, right).text("/cipher_text");
    assertThat(moved).matches("[0-9A-F]+");
    assertThat(move(encrypt(aes, DEFAULT, ""), aes, ",'datakey_cipher_length':'many'").status())
        .isEqualTo(200);
  }

  private String dataKey(String more) {
    return blobs.call("CreateDatakey", "{'key_id':'" + aes + "'" + more + "}").text("/cipher_text");
  }

  @Test
  void whatIsBoundToAContextStaysWhereItIs() {
    String context = ",'encryption_context':{'a':'b'}";

    assertThat(move(encrypt(aes, DEFAULT, context), aes, "").code()).isEqualTo("KMS.2201");
    assertThat(move(dataKey(context), aes, "").code()).isEqualTo("KMS.2203");
  }

  @Test
  void theSourceMayBeNamedAndMustBeForAsymmetricCiphertext() {
    String other = blobs.key("other", "AES_256");
    String rsa = blobs.key("rsa", "RSA_2048");
    String blob = encrypt(aes, DEFAULT, "");

    assertThat(move(blob, other, ",'source_key_id':'" + aes + "'").status()).isEqualTo(200);
    assertThat(move(blob, aes, ",'source_key_id':'" + other + "'").code()).isEqualTo("KMS.2201");
    assertThat(move(dataKey(""), aes, ",'source_key_id':'" + other + "'").code())
        .isEqualTo("KMS.2201");
    String sealed = encrypt(rsa, OAEP, "");
    assertThat(move(sealed, aes, ",'source_encryption_algorithm':'" + OAEP + "'").code())
        .isEqualTo("KMS.0205");
    assertThat(move(sealed, aes, from(rsa, OAEP)).status()).isEqualTo(200);
    byte[] spoilt = Base64.getDecoder().decode(sealed);
    spoilt[7] ^= 1;
    assertThat(move(Blobs.base64(spoilt), aes, from(rsa, OAEP)).code()).isEqualTo("KMS.0311");
  }

  @Test
  void theSameKeyGivesItsNewestVersion() {
    String blob = encrypt(aes, DEFAULT, "");
    blobs.call("RotateKeyNow", "{'key_id':'" + aes + "'}");

    byte[] moved = Base64.getDecoder().decode(move(blob, aes, "").text("/cipher_text"));
    assertThat(Blob.Header.read(moved).version()).isEqualTo(2);
  }

  @Test
  void aDefaultKeyMayStandOnEitherSide() {
    String service = world.defaultKey().id().text();

    String moved = move(encrypt(aes, DEFAULT, ""), service, "").text("/cipher_text");
    assertThat(move(moved, aes, "").status()).isEqualTo(200);
  }

  @Test
  void whatDoesNotFitOrIsOfTheWrongKindIsRefused() {
    String rsa = blobs.key("rsa", "RSA_2048");
    String sm2 = blobs.key("sm2", "SM2");
    String blob = encrypt(aes, DEFAULT, "");
    String large =
        blobs
            .call("EncryptData", "{'key_id':'" + aes + "','plain_text':'" + "x".repeat(191) + "'}")
            .text("/cipher_text");

    assertThat(move(large, rsa, with(OAEP)).code()).isEqualTo("KMS.2108");
    assertThat(move(large, sm2, with("SM2_ENCRYPT")).status()).isEqualTo(200);
    assertThat(move(blob, aes, with(OAEP)).code()).isEqualTo("KMS.2105");
    assertThat(move(blob, rsa, "").code()).isEqualTo("KMS.2106");
    assertThat(move(encrypt(rsa, OAEP, ""), aes, from(rsa, "SM2_ENCRYPT")).code())
        .isEqualTo("KMS.2106");
    assertThat(move(blob, aes, from(aes, OAEP)).code()).isEqualTo("KMS.2105");
    assertThat(move(blob, made("EC_P256", "SIGN_VERIFY"), "").code()).isEqualTo("KMS.1114");
    assertThat(move(blob, made("RSA_2048", "SIGN_VERIFY"), with(OAEP)).code())
        .isEqualTo("KMS.0335");
    assertThat(move(blob, made("HMAC_256", "GENERATE_VERIFY_MAC"), "").code())
        .isEqualTo("KMS.0341");
    assertThat(move(dataKey(""), rsa, with(OAEP)).code()).isEqualTo("KMS.0325");
  }

  private String made(String spec, String usage) {
    return blobs
        .call(
            "CreateKey",
            "{'key_alias':'k-%s','key_spec':'%s','key_usage':'%s'}".formatted(spec, spec, usage))
        .text("/key_info/key_id");
  }

  @Test
  void theOrderIsSourceDestinationAlgorithmsDecryptionEncryption() {
    String source = blobs.key("source", "AES_256");
    String destination = blobs.key("destination", "AES_256");
    String good = encrypt(source, DEFAULT, "");
    byte[] bytes = Base64.getDecoder().decode(good);
    bytes[bytes.length - 1] ^= 1;
    String bad = Blobs.base64(bytes);
    String nowhere = "00000000-0000-4000-8000-000000000000";

    assertThat(move(bad, destination, with(OAEP)).code()).as("algorithm").isEqualTo("KMS.2105");
    assertThat(move(bad, destination, "").code()).as("decryption").isEqualTo("KMS.2201");
    assertThat(move(bad, nowhere, with(OAEP)).code()).as("destination").isEqualTo("KMS.0207");
    blobs.call("DisableKey", "{'key_id':'" + destination + "'}");
    assertThat(move(bad, destination, with(OAEP)).code()).as("its state").isEqualTo("KMS.0209");
    blobs.call("DisableKey", "{'key_id':'" + source + "'}");
    assertThat(move(bad, nowhere, with(OAEP)).code()).as("source").isEqualTo("KMS.0209");
  }

  @Test
  void whatIsNoBlobIsFoundOutAfterTheKeyThatIsNamed() {
    String rsa = blobs.key("rsa", "RSA_2048");
    String sealed = encrypt(rsa, OAEP, "");
    String nowhere = "00000000-0000-4000-8000-000000000000";
    String named = ",'source_key_id':'%s'";

    assertThat(move(sealed, aes, named.formatted(rsa)).code()).isEqualTo("KMS.2106");
    assertThat(move(sealed, aes, named.formatted(nowhere)).code()).isEqualTo("KMS.0207");
    assertThat(move(sealed, aes, named.formatted(aes)).code()).isEqualTo("KMS.2201");
    assertThat(move(sealed, aes, "").code()).isEqualTo("KMS.2201");
  }

  @Test
  void anEmptyTextDoesNotMoveUnderASymmetricKey() throws Exception {
    String rsa = blobs.key("rsa", "RSA_2048");
    String empty = Blobs.base64(Oaep.encrypted(publicKeyOf(rsa).getEncoded(), new byte[0]));

    assertThat(move(empty, aes, from(rsa, OAEP)).code()).isEqualTo("KMS.2101");
    assertThat(move(empty, rsa, from(rsa, OAEP) + with(OAEP)).code()).isEmpty();
  }

  @Test
  void bothRightsAreNeeded() {
    String blob = encrypt(aes, DEFAULT, "");
    for (Action one : new Action[] {Action.RE_ENCRYPT_FROM, Action.RE_ENCRYPT_TO}) {
      world.denied.add(one);
      assertThat(move(blob, aes, "").code()).as(one.name()).isEqualTo("KMS.0306");
      assertThat(move(dataKey(""), aes, "").status()).isEqualTo(200);
      world.denied.clear();
    }
    for (Action one :
        new Action[] {Action.RE_ENCRYPT_DATA_KEY_FROM, Action.RE_ENCRYPT_DATA_KEY_TO}) {
      String wrapped = dataKey("");
      world.denied.add(one);
      assertThat(move(wrapped, aes, "").code()).as(one.name()).isEqualTo("KMS.0306");
      assertThat(move(blob, aes, "").status()).isEqualTo(200);
      world.denied.clear();
    }
  }
}
