package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.service.KeyWorld;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is bound to a ciphertext, said in all the ways that mean the same and in many that do not
 * (SECURITY_DESIGN H2).
 */
class BoundContextTest {
  /** Each line: ways to say one thing. No two lines mean the same. */
  private static final List<List<String>> MEANINGS =
      List.of(
          List.of(
              "",
              ",'encryption_context':{}",
              ",'encryption_context':''",
              ",'encryption_context':null",
              ",'additional_authenticated_data':''",
              ",'additional_authenticated_data':null,'encryption_context':{}"),
          List.of(
              ",'encryption_context':{'a':'1','b':'2'}",
              ",'encryption_context':{'b':'2','a':'1'}",
              ",'encryption_context':{'\\u0062':'2','\\u0061':'\\u0031'}"),
          List.of(
              ",'encryption_context':{'\\uff61':'1','\\ud800\\udc00':'2'}",
              ",'encryption_context':{'\\ud800\\udc00':'2','\\uff61':'1'}",
              ",'encryption_context':{'\ud800\udc00':'2','\uff61':'1'}"),
          List.of(",'encryption_context':{'a':'2','b':'1'}"),
          List.of(",'encryption_context':{'a':'1'}"),
          List.of(",'encryption_context':{'a':'1','b':''}"),
          List.of(",'encryption_context':{'a':''}"),
          List.of(",'encryption_context':{'':''}"),
          List.of(",'encryption_context':{'':'a'}"),
          List.of(",'encryption_context':{'ab':'12'}"),
          List.of(",'encryption_context':{'a':'1b2'}"),
          List.of(",'encryption_context':'{\\u0022a\\u0022:\\u00221\\u0022}'"),
          List.of(",'encryption_context':'a'"),
          List.of(",'encryption_context':'\\u0000'"),
          List.of(",'encryption_context':{'\\u0000':''}"),
          List.of(",'additional_authenticated_data':'a'"),
          List.of(",'additional_authenticated_data':'\\u0000'"),
          List.of(",'additional_authenticated_data':'a','encryption_context':'a'"),
          List.of(",'additional_authenticated_data':'a','encryption_context':{'a':''}"),
          List.of(
              ",'additional_authenticated_data':'\\u00e9'", ",'additional_authenticated_data':'é'"),
          List.of(",'additional_authenticated_data':'e\\u0301'"));

  @TempDir static Path directory;
  private static KeyWorld world;
  private static Blobs blobs;
  private static String aes;
  private static String sm4;

  @BeforeAll
  static void open() {
    world = KeyWorld.in(directory, KeyWorld.roomy());
    blobs = new Blobs(new Calls(world));
    aes = blobs.key("aes", "AES_256");
    sm4 = blobs.key("sm4", "SM4");
  }

  @AfterAll
  static void close() {
    world.close();
  }

  static List<List<String>> meanings() {
    return MEANINGS;
  }

  @ParameterizedTest
  @MethodSource("meanings")
  void dataOpensWhereTheSameIsMeantAndNowhereElse(List<String> ways) {
    for (String key : List.of(aes, sm4)) {
      for (String way : ways) {
        String blob =
            blobs
                .call("EncryptData", "{'key_id':'" + key + "','plain_text':'x'" + way + "}")
                .text("/cipher_text");
        for (List<String> meaning : MEANINGS) {
          for (String said : meaning) {
            Calls.Reply reply =
                blobs.call("DecryptData", "{'cipher_text':'" + blob + "'" + said + "}");
            assertThat(reply.code())
                .as("made with %s, opened with %s", way, said)
                .isEqualTo(meaning.equals(ways) ? "" : "KMS.2201");
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("meanings")
  void aDataKeyOpensWhereTheSameIsMeantAndNowhereElse(List<String> ways) {
    String way = ways.getLast();
    String blob =
        blobs.call("CreateDatakey", "{'key_id':'" + aes + "'" + way + "}").text("/cipher_text");
    for (List<String> meaning : MEANINGS) {
      for (String said : meaning) {
        String unwrapping = Blobs.unwrapping(aes, blob, 32);
        String body = unwrapping.substring(0, unwrapping.length() - 1) + said + "}";
        assertThat(blobs.call("DecryptDatakey", body).code())
            .as("made with %s, opened with %s", way, said)
            .isEqualTo(meaning.equals(ways) ? "" : "KMS.2203");
      }
    }
  }
}
