package dev.yaoku.api.huawei;

import static dev.yaoku.api.huawei.Calls.json;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Route;
import dev.yaoku.key.Key;
import dev.yaoku.service.KeyWorld;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is taken and what is refused, and with which code (errors.md 4). */
class LenientInputTest {
  @TempDir static Path directory;
  private static KeyWorld world;
  private static Calls calls;
  private static Key key;

  @BeforeAll
  static void open() {
    world = KeyWorld.in(directory, KeyWorld.roomy());
    calls = new Calls(world);
    key = world.key("orders");
  }

  @AfterAll
  static void close() {
    world.close();
  }

  private static String code(String operation, String body) {
    Calls.Reply reply = calls.call(operation, json(body.replace("KEY", key.id().text())));
    return reply.code().isEmpty() ? Integer.toString(reply.status()) : reply.code();
  }

  @ParameterizedTest(name = "{1} {0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // Not JSON, or no object
        "ListKeys | [] | KMS.0202",
        "ListKeys | `` | 200",
        "ListKeys | 'x' | KMS.0202",
        "ListKeys | null | KMS.0202",
        "ListKeys | { | KMS.0202",
        "ListKeys | {} x | KMS.0202",
        "ListKeys | {}{} | KMS.0202",
        "ListKeys | {'limit':'1','limit':'2'} | KMS.0202",
        "ListKeys | {'x':{'a':1,'a':2}} | KMS.0202",
        "ListKeys | {'limit':01} | KMS.0202",
        "ListKeys | {'limit':NaN} | KMS.0202",
        "ListKeys | {limit:1} | KMS.0202",
        "ListKeys | {'a':1,} | KMS.0202",
        "ListKeys | {'a':'\\q'} | KMS.0202",
        "ListKeys | // {} | KMS.0202",
        // Unknown members, null, empty text
        "ListKeys | {'unknown':{'a':[1,2,{'b':null}]}} | 200",
        "ListKeys | {'limit':null,'marker':null} | 200",
        "ListKeys | {'limit':'','marker':'','key_state':'','key_spec':''} | 200",
        // Numbers and texts
        "ListKeys | {'limit':2000,'marker':0} | 200",
        "ListKeys | {'limit':'2000','marker':'0'} | 200",
        "ListKeys | {'limit':5000} | 200",
        "ListKeys | {'limit':0} | KMS.1601",
        "ListKeys | {'limit':-1} | KMS.1601",
        "ListKeys | {'limit':'x'} | KMS.1601",
        "ListKeys | {'limit':1.5} | KMS.1601",
        "ListKeys | {'limit':1e3} | KMS.1601",
        "ListKeys | {'limit':true} | KMS.1601",
        "ListKeys | {'limit':123456789012345678901} | KMS.1601",
        "ListKeys | {'limit':99999999999999999999} | 200",
        "ListKeys | {'limit':[]} | KMS.0308",
        "ListKeys | {'limit':{}} | KMS.0308",
        "ListKeys | {'marker':-1} | KMS.1602",
        "ListKeys | {'marker':'abc'} | KMS.1602",
        "ListKeys | {'key_state':6} | KMS.0308",
        "ListKeys | {'key_state':'22'} | KMS.0308",
        "ListKeys | {'key_state':1} | 200",
        "ListKeys | {'key_spec':'ALL'} | 200",
        "ListKeys | {'key_spec':'RSA_2048'} | 200",
        "ListKeys | {'key_spec':'DES'} | KMS.0308",
        "ListKeys | {'enterprise_project_id':'all'} | 200",
        "ListKeys | {'enterprise_project_id':'x'} | KMS.0308",
        // sequence
        "ListKeys | {'sequence':'0123456789abcdef0123456789abcdef'} | 200",
        "ListKeys | {'sequence':'seq'} | 200",
        "ListKeys | {'sequence':7} | 200",
        "ListKeys | {'sequence':1.5} | 200",
        "ListKeys | {'sequence':{}} | KMS.0206",
        "ListKeys | {'sequence':[]} | KMS.0206",
        // Half a surrogate pair
        "ListKeys | {'enterprise_project_id':'\\ud800'} | KMS.0308",
        "ListKeys | {'enterprise_project_id':'\\ud83d\\ude00'} | KMS.0308",
        "UpdateKeyDescription | {'key_id':'KEY','key_description':'\\udc00x'} | KMS.0308",
        "UpdateKeyDescription | {'key_id':'KEY','key_description':'\\ud83d\\ude00'} | 200",
        "EncryptData | {'key_id':'KEY','plain_text':'\\ud800'} | KMS.2101",
        "EncryptData | {'key_id':'KEY','plain_text':'\\ud800\\ud800'} | KMS.2101",
        "EncryptData | {'key_id':'KEY','plain_text':'\\ud83d\\ude00'} | 200",
        // Keys
        "ListKeyDetail | {} | KMS.0204",
        "ListKeyDetail | {'key_id':''} | KMS.0204",
        "ListKeyDetail | {'key_id':null} | KMS.0204",
        "ListKeyDetail | {'key_id':'orders'} | KMS.0205",
        "ListKeyDetail | {'key_id':12} | KMS.0205",
        "ListKeyDetail | {'key_id':{}} | KMS.0308",
        "ListKeyDetail | {'key_id':'00000000-0000-4000-8000-000000000000'} | KMS.0207",
        "ListKeyDetail | {'key_id':'zzzzzzzz-0000-4000-8000-000000000000'} | KMS.0207",
        "ListKeyDetail | {'key_id':'alias/orders'} | KMS.0207",
        "ListKeyDetail | {'key_id':'kms:cn-north-4:b168:alias:orders'} | KMS.0207",
        "ListKeyDetail | {'key_id':'kms:eu-de:b168:alias:orders'} | KMS.0205",
        // Creation
        "CreateKey | {} | KMS.0204",
        "CreateKey | {'key_alias':null} | KMS.0204",
        "CreateKey | {'key_alias':''} | KMS.1101",
        "CreateKey | {'key_alias':'a b'} | KMS.1101",
        "CreateKey | {'key_alias':'obs/default'} | KMS.1101",
        "CreateKey | {'key_alias':'orders'} | KMS.1104",
        "CreateKey | {'key_alias':'a1','key_spec':'DES'} | KMS.1110",
        "CreateKey | {'key_alias':'a1','key_spec':'ML_DSA_45'} | KMS.1110",
        "CreateKey | {'key_alias':'a1','key_usage':'SIGN_VERIFY'} | KMS.1115",
        "CreateKey | {'key_alias':'a1','key_usage':'GENERATE_VERIFY_MAC'} | KMS.0308",
        "CreateKey | {'key_alias':'a1','key_usage':'x'} | KMS.0308",
        "CreateKey | {'key_alias':'a1','origin':'x'} | KMS.0308",
        "CreateKey | {'key_alias':'a1','enterprise_project_id':'x'} | KMS.0308",
        "CreateKey | {'key_alias':'a1','keystore_id':'1'} | KMS.0340",
        "CreateKey | {'key_alias':'a1','keystore_id':'nowhere'} | KMS.8003",
        "CreateKey | {'key_alias':'a1','realm':5} | KMS.1102",
        "CreateKey | {'key_alias':'a1','realm':['x']} | KMS.1102",
        "CreateKey | {'key_alias':'a1','vm_id':[]} | KMS.0308",
        "CreateKey | {'key_alias':'a1','key_policy':{},'key_type':'1','realm':''} | 200",
        // Names and dates
        "UpdateKeyAlias | {'key_id':'KEY'} | KMS.0204",
        "UpdateKeyAlias | {'key_id':'KEY','key_alias':''} | KMS.1101",
        "UpdateKeyAlias | {'key_id':'KEY','key_alias':'orders'} | 200",
        "UpdateKeyDescription | {'key_id':'KEY'} | KMS.0204",
        "UpdateKeyDescription | {'key_id':'KEY','key_description':''} | 200",
        "DeleteKey | {'key_id':'KEY'} | KMS.0204",
        "DeleteKey | {'key_id':'KEY','pending_days':6} | KMS.1401",
        "DeleteKey | {'key_id':'KEY','pending_days':'1097'} | KMS.1401",
        "DeleteKey | {'key_id':'KEY','pending_days':'week'} | KMS.1401",
        // Random numbers
        "CreateRandom | {} | KMS.0204",
        "CreateRandom | {'random_data_length':8} | 200",
        "CreateRandom | {'random_data_length':'8192'} | 200",
        "CreateRandom | {'random_data_length':0} | KMS.1801",
        "CreateRandom | {'random_data_length':8200} | KMS.1801",
        "CreateRandom | {'random_data_length':12} | KMS.1802",
        "CreateRandom | {'random_data_length':'many'} | KMS.1801",
        // Data
        "EncryptData | {'key_id':'KEY'} | KMS.0204",
        "EncryptData | {'key_id':'KEY','plain_text':''} | KMS.2101",
        "EncryptData | {'key_id':'KEY','plain_text':7} | KMS.0308",
        "EncryptData | {'key_id':'KEY','plain_text':null} | KMS.0204",
        "EncryptData | {'key_id':'KEY','plain_text':'x','encryption_algorithm':'x'} | KMS.0308",
        "EncryptData | {'key_id':'KEY','plain_text':'x','encryption_algorithm':''} | 200",
        "EncryptData | {'key_id':'KEY','plain_text':'x','encryption_algorithm':'SM2_ENCRYPT'} |"
            + " KMS.2105",
        "EncryptData | {'key_id':'KEY','plain_text':'x','encryption_context':{'a':1}} | KMS.0208",
        "EncryptData | {'key_id':'KEY','plain_text':'x','encryption_context':{'a':null}} |"
            + " KMS.0208",
        "EncryptData | {'key_id':'KEY','plain_text':'x','encryption_context':{'a':'\\ud800'}} |"
            + " KMS.0208",
        "EncryptData | {'key_id':'KEY','plain_text':'x','encryption_context':{'\\ud800':'a'}} |"
            + " KMS.0208",
        "EncryptData | {'key_id':'KEY','plain_text':'x','encryption_context':[]} | KMS.0208",
        "EncryptData | {'key_id':'KEY','plain_text':'x','encryption_context':7} | KMS.0208",
        "EncryptData | {'key_id':'KEY','plain_text':'x','encryption_context':'text'} | 200",
        "EncryptData | {'key_id':'KEY','plain_text':'x','encryption_context':{}} | 200",
        "EncryptData | {'key_id':'KEY','plain_text':'x','encryption_context':''} | 200",
        "EncryptData | {'key_id':'KEY','plain_text':'x','encryption_context':null} | 200",
        "EncryptData | {'key_id':'KEY','plain_text':'x','encryption_context':{'a':'1','a':'2'}} |"
            + " KMS.0202",
        "DecryptData | {} | KMS.0204",
        "DecryptData | {'cipher_text':'AAAA'} | KMS.2201",
        "DecryptData | {'cipher_text':'AAAA','key_id':'orders'} | KMS.0205",
        // Data keys
        "CreateDatakey | {'key_id':'KEY','datakey_length':512} | 200",
        "CreateDatakey | {'key_id':'KEY','datakey_length':'64'} | 200",
        "CreateDatakey | {'key_id':'KEY','datakey_length':0} | KMS.1901",
        "CreateDatakey | {'key_id':'KEY','datakey_length':8193} | KMS.1901",
        "CreateDatakey | {'key_id':'KEY','datakey_length':12} | KMS.1903",
        "CreateDatakey | {'key_id':'KEY','key_spec':'DES'} | KMS.1902",
        "CreateDatakey | {'key_id':'KEY','key_spec':'AES_128','datakey_length':'128'} | 200",
        "CreateDatakey | {'key_id':'KEY','pin':'1234','pin_type':'PlainText'} | 200",
        "CreateDatakey | {'key_id':'KEY','pin_type':'x'} | KMS.0308",
        "EncryptDatakey | {'key_id':'KEY','datakey_plain_length':'1'} | KMS.0204",
        "EncryptDatakey | {'key_id':'KEY','plain_text':'zz','datakey_plain_length':'1'} | KMS.2101",
        "EncryptDatakey | {'key_id':'KEY','plain_text':'000','datakey_plain_length':1} | KMS.2101",
        "EncryptDatakey | {'key_id':'KEY','plain_text':'0000','datakey_plain_length':1} | KMS.2104",
        "EncryptDatakey | {'key_id':'KEY','plain_text':'00','datakey_plain_length':0} | KMS.2102",
        "EncryptDatakey | {'key_id':'KEY','plain_text':'00','datakey_plain_length':1025} |"
            + " KMS.2102",
        "DecryptDatakey | {'key_id':'KEY','datakey_cipher_length':1} | KMS.0204",
        "DecryptDatakey | {'key_id':'KEY','cipher_text':'00','datakey_cipher_length':1} | KMS.2201",
        "DecryptDatakey | {'key_id':'KEY','cipher_text':'zz','datakey_cipher_length':1} | KMS.2201",
        "DecryptDatakey | {'key_id':'KEY','cipher_text':'00','datakey_cipher_length':0} | KMS.2202",
        "DecryptDatakey | {'key_id':'KEY','cipher_text':'00','datakey_cipher_length':1025} |"
            + " KMS.2202",
        // Keystores
        "CreateKeyStore | {} | KMS.0204",
        "CreateKeyStore | {'keystore_alias':'a b','hsm_cluster_id':'c'} | KMS.0308",
        "CreateKeyStore | {'keystore_alias':'ab'} | KMS.0204",
        "CreateKeyStore | {'keystore_alias':'ab','cluster_id':'c','hsm_cluster_id':'d'} | KMS.0308",
        "CreateKeyStore | {'keystore_alias':'ab','cluster_id':'c','keystore_type':'0'} | KMS.0340",
        "CreateKeyStore | {'keystore_alias':'ab','cluster_id':'c','keystore_type':'x'} | KMS.0308",
      })
  void member(String operation, String body, String expected) {
    assertThat(code(operation, body == null ? "" : body)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u00c0\u0080",
        "\u00ed\u00a0\u0080",
        "\u00ff",
        "\u00e4",
        "\u00f5\u0080\u0080\u0080"
      })
  void bytesThatAreNoUtf8AreNoJson(String latin1) {
    byte[] body = ("{\"key_alias\":\"" + latin1 + "\"}").getBytes(ISO_8859_1);

    assertThat(calls.call("CreateKey", Map.of(), List.of(), body).code()).isEqualTo("KMS.0202");
  }

  @Test
  void lengthsAreLimitedToTheCharacter() {
    assertThat(code("CreateKey", "{'key_alias':'" + "n".repeat(255) + "'}")).isEqualTo("200");
    assertThat(code("CreateKey", "{'key_alias':'" + "n".repeat(256) + "'}")).isEqualTo("KMS.1101");
    String about = "{'key_id':'KEY','key_description':'";
    assertThat(code("UpdateKeyDescription", about + "\uD83D\uDE00".repeat(255) + "'}"))
        .isEqualTo("200");
    assertThat(code("UpdateKeyDescription", about + "d".repeat(256) + "'}")).isEqualTo("KMS.1103");
    assertThat(code("CreateKey", "{'key_alias':'r','realm':'" + "r".repeat(65) + "'}"))
        .isEqualTo("KMS.1102");
    String machine = "{'key_alias':'on-a-machine','vm_id':'";
    assertThat(code("CreateKey", machine + "m".repeat(65) + "'}")).isEqualTo("KMS.0308");
    assertThat(code("CreateKey", machine + "\uD83D\uDE00".repeat(64) + "'}")).isEqualTo("200");
    String sequence = "{'sequence':";
    assertThat(code("ListKeys", sequence + "7".repeat(255) + "}")).isEqualTo("200");
    assertThat(code("ListKeys", sequence + "7".repeat(256) + "}")).isEqualTo("KMS.0206");
    assertThat(code("ListKeys", sequence + "'" + "s".repeat(255) + "'}")).isEqualTo("200");
    assertThat(code("ListKeys", sequence + "'" + "s".repeat(256) + "'}")).isEqualTo("KMS.0206");
    String data = "{'key_id':'KEY','plain_text':'";
    assertThat(code("EncryptData", data + "x".repeat(4096) + "'}")).isEqualTo("200");
    assertThat(code("EncryptData", data + "x".repeat(4097) + "'}")).isEqualTo("KMS.2101");
    assertThat(code("EncryptData", data + "ä".repeat(2049) + "'}")).isEqualTo("KMS.2101");
    String bound = "{'key_id':'KEY','plain_text':'x','additional_authenticated_data':'";
    assertThat(code("EncryptData", bound + "a".repeat(128) + "'}")).isEqualTo("200");
    assertThat(code("EncryptData", bound + "a".repeat(129) + "'}")).isEqualTo("KMS.0308");
    assertThat(code("EncryptData", bound + "ä".repeat(65) + "'}")).isEqualTo("KMS.0308");
    String context = "{'key_id':'KEY','plain_text':'x','encryption_context':{'a':'";
    assertThat(code("EncryptData", context + "c".repeat(8184) + "'}}")).isEqualTo("200");
    assertThat(code("EncryptData", context + "\uD83D\uDE00".repeat(8184) + "'}}")).isEqualTo("200");
    assertThat(code("EncryptData", context + "c".repeat(8185) + "'}}")).isEqualTo("KMS.0208");
  }

  @Test
  void whatTheParserSaysIsNotRepeated() {
    Calls.Reply reply =
        calls.call("EncryptData", "{\"key_id\":\"x\",\"plain_text\":\"MARKER\u0001secret\"}");

    assertThat(reply.code()).isEqualTo("KMS.0202");
    assertThat(reply.body()).doesNotContain("MARKER").doesNotContain("secret");
  }

  @Test
  void onlyListKeysTakesAQueryOnAPostOfAProject() {
    List<String> taking =
        calls.routes().stream()
            .filter(route -> route.method().equals("POST"))
            .filter(route -> route.path().contains("{project_id}"))
            .map(Route::operation)
            .filter(operation -> !refusesAQuery(operation))
            .toList();
    assertThat(taking).containsExactly("ListKeys");

    assertThat(calls.query("ListKeys", "limit", "1", "marker", "0", "key_state", "2").status())
        .isEqualTo(200);
    assertThat(calls.query("ListKeys", "limit", "1", "limit", "2").code()).isEqualTo("KMS.0214");
    assertThat(calls.query("ListKeys", "limit", "x").code()).isEqualTo("KMS.1601");
    assertThat(calls.query("ListKeyStores", "limit", "x").code()).isEqualTo("KMS.1601");
    assertThat(calls.query("ListKeyStores", "offset", "-1").code()).isEqualTo("KMS.0417");
  }

  private static boolean refusesAQuery(String operation) {
    Calls.Reply reply =
        calls.call(
            operation,
            Map.of("key_id", key.id().text(), "keystore_id", key.id().text()),
            Calls.parameters("key_id", key.id().text()),
            "{}".getBytes(UTF_8));
    return reply.status() == 400 && reply.code().equals("KMS.0214");
  }
}
