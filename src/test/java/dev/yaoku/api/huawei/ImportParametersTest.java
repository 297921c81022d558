package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.Oaep;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.Test;

/** What an import begins with: its token, and the key that wraps the material. */
class ImportParametersTest extends ImportWorld {
  @Test
  void aTokenHasTheFormOfTheContractAndSaysNothing() {
    Parameters parameters = parameters(key);
    assertThat(parameters.token()).matches("[0-9a-zA-Z+/=]{200,6144}");
    assertThat(Base64.getDecoder().decode(parameters.token())).hasSize(178).startsWith(0x59, 1);
    Object rows =
        world.store.read(tx -> tx.importTokens(new dev.yaoku.key.KeyId(key)).getFirst().toString());
    assertThat(rows.toString()).doesNotContain(parameters.token());
  }

  @Test
  void tokensAreRefusedByWhatIsWrongWithThem() {
    Parameters own = parameters(key);
    byte[] encrypted = Oaep.encrypted(own.publicKey(), material(1));
    String other = externalKey();
    Parameters others = parameters(other);

    assertThat(send(key, others.token(), encrypted, "")).isEqualTo("KMS.2603");
    assertThat(send(key, "AAAA".repeat(60), encrypted, "")).isEqualTo("KMS.2605");
    byte[] forged = Base64.getDecoder().decode(own.token());
    forged[100] ^= 1;
    String forgedToken = Base64.getEncoder().encodeToString(forged);
    assertThat(send(key, forgedToken, encrypted, "")).isEqualTo("KMS.2605");
    Parameters second = parameters(key);
    assertThat(send(key, second.token(), encrypted, "")).isEqualTo("KMS.0311");
    assertThat(send(key, own.token(), encrypted, "")).isEqualTo("{}");
    assertThat(send(key, own.token(), encrypted, "")).isEqualTo("KMS.2605");
  }

  @Test
  void aTokenLivesADay() {
    Parameters parameters = parameters(key);
    byte[] encrypted = Oaep.encrypted(parameters.publicKey(), material(1));
    world.pass(Duration.ofHours(24));
    assertThat(send(key, parameters.token(), encrypted, "")).isEqualTo("KMS.2601");

    assertThat(world.services().expiries().endDue()).isEqualTo(1);
    assertThat(world.services().expiries().endDue()).isZero();

    assertThat(send(key, parameters.token(), encrypted, "")).isEqualTo("KMS.2601");
    int left =
        world.store.read(
            tx -> tx.importTokens(new dev.yaoku.key.KeyId(key)).getFirst().wrapped().length);
    assertThat(left).isZero();
    world.pass(Duration.ofDays(8));
    world.services().expiries().endDue();
    assertThat(send(key, parameters.token(), encrypted, "")).isEqualTo("KMS.2605");
  }

  @Test
  void whileTheClocksDisagreeNoTokenLosesItsKeyThatIsOverByBoth() {
    parameters(key);
    world.pass(Duration.ofHours(25));
    world.jump(Duration.ofHours(2));
    assertThat(world.services().expiries().endDue()).isZero();

    world.services().clocks().accept(world.alice());

    assertThat(world.services().expiries().endDue()).isEqualTo(1);
  }

  @Test
  void aTokenSurvivesARestart() {
    Parameters parameters = parameters(key);
    world.restart();
    calls = new Calls(world);
    assertThat(
            send(key, parameters.token(), Oaep.encrypted(parameters.publicKey(), material(1)), ""))
        .isEqualTo("{}");
  }

  @Test
  void tenAttemptsInVainEndAToken() {
    Parameters parameters = parameters(key);
    byte[] noise = new byte[256];
    for (int i = 0; i < 10; i++) {
      assertThat(send(key, parameters.token(), noise, "")).isEqualTo("KMS.0311");
    }
    byte[] right = Oaep.encrypted(parameters.publicKey(), material(1));
    assertThat(send(key, parameters.token(), right, "")).isEqualTo("KMS.2605");
  }

  @Test
  void aKeyHasAtMostTwentyLiveTokens() {
    for (int i = 0; i < 20; i++) {
      parameters(key);
    }
    Calls.Reply reply =
        calls.call(
            "CreateParametersForImport",
            Calls.about(key, Calls.json("'wrapping_algorithm':'" + OAEP + "'")));
    assertThat(reply.status()).isEqualTo(429);
    world.pass(Duration.ofHours(25));
    parameters(key);
  }

  @Test
  void everyCallGivesAnotherWrappingKey() {
    java.util.Set<String> seen = new java.util.HashSet<>();
    for (int i = 0; i < 6; i++) {
      Parameters made = parameters(key);
      seen.add(Base64.getEncoder().encodeToString(made.publicKey()));
      seen.add(made.token());
    }
    assertThat(seen).hasSize(12);
  }

  @Test
  void onlySafeWrappingAlgorithmsAreTaken() {
    for (String refused : new String[] {"RSAES_OAEP_SHA_1", "RSAES_PKCS1_V1_5", "NONE"}) {
      String member = Calls.json("'wrapping_algorithm':'" + refused + "'");
      assertThat(calls.call("CreateParametersForImport", Calls.about(key, member)).code())
          .isEqualTo("KMS.0308");
    }
    assertThat(on("CreateParametersForImport")).isEqualTo("KMS.0204");
    HuaweiOptions lenient =
        new HuaweiOptions(false, false, false, true, HuaweiOptions.AliasList.BY_USER_AGENT);
    String member = Calls.json("'wrapping_algorithm':'RSAES_OAEP_SHA_1'");
    assertThat(
            new Calls(world, lenient)
                .call("CreateParametersForImport", Calls.about(key, member))
                .status())
        .isEqualTo(200);
  }

  /** The recipe of Huawei's guide, with the command that it names. */
  @Test
  void whatOpensslWrapsIsTaken() throws Exception {
    Parameters parameters = parameters(key);
    Files.write(directory.resolve("PublicKey.bin"), parameters.publicKey());
    run("openssl", "rand", "-out", "PlaintextKeyMaterial.bin", "32");
    run(
        "openssl",
        "pkeyutl",
        "-in",
        "PlaintextKeyMaterial.bin",
        "-inkey",
        "PublicKey.bin",
        "-out",
        "EncryptedKeyMaterial.bin",
        "-keyform",
        "der",
        "-pubin",
        "-encrypt",
        "-pkeyopt",
        "rsa_padding_mode:oaep",
        "-pkeyopt",
        "rsa_oaep_md:sha256");
    byte[] encrypted = Files.readAllBytes(directory.resolve("EncryptedKeyMaterial.bin"));

    assertThat(send(key, parameters.token(), encrypted, "")).isEqualTo("{}");
    assertThat(decrypt(encrypt())).isEqualTo("hello");
  }

  /** OTC's older recipe, where the operator allows it. */
  @Test
  void oaepWithSha1WorksWhereItIsAllowed() throws Exception {
    calls =
        new Calls(
            world,
            new HuaweiOptions(false, false, false, true, HuaweiOptions.AliasList.BY_USER_AGENT));
    Calls.Reply made =
        calls.call(
            "CreateParametersForImport",
            Calls.about(key, Calls.json("'wrapping_algorithm':'RSAES_OAEP_SHA_1'")));
    Files.write(
        directory.resolve("PublicKey.bin"), Base64.getDecoder().decode(made.text("/public_key")));
    Files.write(directory.resolve("Material.bin"), material(1));
    run(
        "openssl",
        "pkeyutl",
        "-in",
        "Material.bin",
        "-inkey",
        "PublicKey.bin",
        "-out",
        "Encrypted.bin",
        "-keyform",
        "der",
        "-pubin",
        "-encrypt",
        "-pkeyopt",
        "rsa_padding_mode:oaep",
        "-pkeyopt",
        "rsa_oaep_md:sha1");
    byte[] encrypted = Files.readAllBytes(directory.resolve("Encrypted.bin"));
    assertThat(send(key, made.text("/import_token"), encrypted, "")).isEqualTo("{}");
    assertThat(decrypt(encrypt())).isEqualTo("hello");
  }

  private void run(String... command) throws Exception {
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
