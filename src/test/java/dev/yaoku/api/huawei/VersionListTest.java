package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.service.KeyWorld;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What yaoku-list-versions shows (docs/beyond-the-api.md). */
class VersionListTest {
  @TempDir Path directory;
  private KeyWorld world;
  private Blobs blobs;

  @BeforeEach
  void open() {
    world = KeyWorld.in(directory);
    blobs = new Blobs(new Calls(world));
  }

  @AfterEach
  void close() {
    world.close();
  }

  private List<JsonNode> versions(String key) {
    JsonNode answer = blobs.call("ListKeyVersions", "{'key_id':'" + key + "'}").json();
    assertThat(answer.propertyNames()).containsExactly("key_id", "versions");
    assertThat(answer.at("/key_id").stringValue()).isEqualTo(key);
    return StreamSupport.stream(answer.at("/versions").spliterator(), false).toList();
  }

  @Test
  void aKeysVersionsAreShownNewestFirstWithTheirTimesAndState() {
    String key = blobs.key("k", "AES_256");
    for (int version = 2; version <= 4; version++) {
      world.pass(Duration.ofDays(1));
      JsonNode made = blobs.call("RotateKeyNow", "{'key_id':'" + key + "'}").json();
      assertThat(made.propertyNames()).containsExactly("key_id", "version");
      assertThat(made.at("/version").intValue()).isEqualTo(version);
    }

    List<JsonNode> versions = versions(key);

    assertThat(versions).hasSize(4);
    for (int i = 0; i < 4; i++) {
      JsonNode version = versions.get(i);
      assertThat(version.propertyNames())
          .containsExactly("version", "material_id", "create_time", "expiration_time", "state");
      assertThat(version.at("/version").isInt()).isTrue();
      assertThat(version.at("/version").intValue()).isEqualTo(4 - i);
      long made = KeyWorld.START.plus(Duration.ofDays(3 - i)).toEpochMilli();
      assertThat(version.at("/create_time").stringValue()).isEqualTo(Long.toString(made));
      assertThat(version.at("/expiration_time").stringValue()).isEmpty();
      assertThat(version.at("/state").isInt()).isTrue();
      assertThat(version.at("/state").intValue()).isEqualTo(2);
      assertThat(version.at("/material_id").stringValue())
          .matches("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");
    }
    assertThat(versions.stream().map(v -> v.at("/material_id").stringValue()))
        .doesNotHaveDuplicates();
  }

  @Test
  void materialThatIsNotHereIsNotShown() {
    String key =
        blobs.call("CreateKey", "{'key_alias':'e','origin':'external'}").text("/key_info/key_id");

    assertThat(versions(key)).isEmpty();
  }

  @Test
  void whoMayNotSeeTheRotationSeesNoVersions() {
    String key = blobs.key("k", "AES_256");
    world.denied.add(dev.yaoku.access.Action.GET_ROTATION);

    assertThat(blobs.call("ListKeyVersions", "{'key_id':'" + key + "'}").code())
        .isEqualTo("KMS.0306");
    assertThat(blobs.call(world.mallory(), "ListKeyVersions", "{'key_id':'" + key + "'}").code())
        .isEqualTo("KMS.0207");
  }
}
