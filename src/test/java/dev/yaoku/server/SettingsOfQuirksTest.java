package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * Settings that turn quirks round which have no number of their own, over HTTP.
 *
 * @see "contract/quirks.md"
 */
class SettingsOfQuirksTest extends QuirkServer {
  @Test
  void errorsAreAlsoFlatIfSet() throws IOException {
    try (LiveServer flat = with("contract.flat-errors-too", "true")) {
      JsonNode body = Tenant.first(flat).kms("describe-key", "{}").is(400).json();
      assertThat(body.at("/error/error_code").stringValue()).isEqualTo("KMS.0204");
      assertThat(body.at("/error_code")).isEqualTo(body.at("/error/error_code"));
      assertThat(body.at("/error_msg")).isEqualTo(body.at("/error/error_msg"));
    }
  }

  @Test
  void anAliasMovesToImportedMaterialOnlyIfSet() throws IOException {
    String move = "{'alias':'alias/moves','target_key_id':'";
    String external = tenant.key("imported", "'origin':'external'");
    tenant.ok("aliases", about(key, ",'alias':'alias/moves'"));
    assertThat(tenant.kms("alias/associate", move + external + "'}").code()).isEqualTo("KMS.0308");
    try (LiveServer free = with("contract.free-alias-moves", "true")) {
      Tenant caller = Tenant.first(free);
      caller.ok("aliases", about(caller.key("made", ""), ",'alias':'alias/moves'"));
      String to = caller.key("imported", "'origin':'external'");
      caller.ok("alias/associate", move + to + "'}");
    }
  }

  @Test
  void theListOfAliasesHasOneShapeForAllIfSet() throws IOException {
    for (String shape : List.of("object", "array")) {
      try (LiveServer fixed =
          new LiveServer(own.resolve(shape), Map.of("contract.alias-list", shape))) {
        Tenant caller = Tenant.first(fixed);
        for (String agent : List.of("huaweicloud-usdk-java/3.0", "curl/8")) {
          JsonNode list =
              caller
                  .send(
                      "GET",
                      "/v1.0/" + caller.project + "/kms/aliases",
                      "",
                      Map.of("user-agent", agent))
                  .is(200)
                  .json();
          assertThat(list.isArray()).as(shape + " for " + agent).isEqualTo(shape.equals("array"));
        }
      }
    }
  }
}
