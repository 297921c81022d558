package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Grants as a client sees them, from creation to end, through a whole server. */
class GrantsOverHttpTest {
  private static final String GRANTEE = "13gg44z4g2sglzk0egw0u726zoyzvrs8";

  @TempDir Path scratch;

  private static String about(String key, String more) {
    return "{'key_id':'" + key + "'" + more + "}";
  }

  @Test
  void aGrantIsMadeListedRetiredAndRevoked() throws IOException {
    try (LiveServer server = new LiveServer(scratch.resolve("data"), Map.of())) {
      String key = server.kms("create-key", "{'key_alias':'shared'}", "/key_info/key_id");
      String order =
          about(
              key,
              ",'grantee_principal':'"
                  + GRANTEE
                  + "','operations':['describe-key','create-datakey'],'name':'app'");
      String first = server.kms("create-grant", order, "/grant_id");
      String second = server.kms("create-grant", order, "/grant_id");
      assertThat(first).matches("[0-9a-f]{64}").isNotEqualTo(second);

      JsonNode listed = server.kms("list-grants", about(key, ",'limit':100"));
      assertThat(listed.at("/total").intValue()).isEqualTo(2);
      assertThat(listed.at("/grants/0/grantee_principal").asString()).isEqualTo(GRANTEE);
      assertThat(listed.at("/grants/0/name").asString()).isEqualTo("app");
      assertThat(listed.at("/grants/0").has("retiring_principal")).isFalse();

      assertThat(server.kms("list-retirable-grants", "{'limit':100}").at("/total").intValue())
          .isEqualTo(2);
      assertThat(server.kms("retire-grant", about(key, ",'grant_id':'" + first + "'"))).isEmpty();
      assertThat(server.kms("revoke-grant", about(key, ",'grant_id':'" + second + "'"))).isEmpty();
      assertThat(
              server
                  .kms("revoke-grant", about(key, ",'grant_id':'" + second + "'"))
                  .at("/error/error_code")
                  .asString())
          .isEqualTo("KMS.2501");
      assertThat(server.kms("list-grants", about(key, "")).at("/total").intValue()).isZero();
    }
  }
}
