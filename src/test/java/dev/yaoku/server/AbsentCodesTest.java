package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What the cloud answers with a code that this server has not is answered as {@link
 * PublishedCodesTest} gives the reason.
 */
class AbsentCodesTest {
  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant tenant;
  private static String key = "";
  private static String rsa = "";

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of());
    tenant = Tenant.first(server);
    key = tenant.key("orders", "");
    rsa = tenant.key("letters", "'key_spec':'RSA_2048','key_usage':'ENCRYPT_DECRYPT'");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest(name = "{0} {4}")
  @CsvSource(
      delimiter = '|',
      value = {
        "KMS.0319|200||POST|/kms/enable-key-rotation|{'key_id':'$key'}",
        "KMS.0418|200||POST|/kms/resource_instances/action"
            + "|{'action':'count','offset':'-1','limit':'0'}",
        "KMS.1603|400|KMS.0417|POST|/kms/resource_instances/action|{'offset':'x'}",
        "KMS.1904|400|KMS.0325|POST|/kms/create-datakey|{'key_id':'$rsa','datakey_length':'1528'}",
        "KMS.2001|400|KMS.1901|POST|/kms/create-datakey-without-plaintext"
            + "|{'key_id':'$key','datakey_length':'8200'}",
        "KMS.2302|405|KMS.0215|PUT|/kms/user-quotas|{}",
        "KMS.3901|404|APIGW.0101|GET|/kms/jobs/1|''",
      })
  void anotherAnswerComesInstead(
      String absent,
      int status,
      @Nullable String code,
      String method,
      String path,
      @Nullable String body) {
    String filled = (body == null ? "" : body).replace("$key", key).replace("$rsa", rsa);

    Tenant.Reply reply = tenant.call(method, path, filled).is(status);

    assertThat(PublishedCodesTest.byCode(PublishedCodesTest.NOT_HERE)).containsKey(absent);
    if (code != null) {
      assertThat(reply.raw().body()).contains("\"error_code\":\"" + code + "\"");
    }
  }
}
