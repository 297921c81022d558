package dev.yaoku.server;

import static dev.yaoku.server.Staff.allow;
import static dev.yaoku.server.Staff.name;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever moves an alias needs the right on the alias, on the key that it leaves, and on the key
 * that it comes to: the right on two of them moves nothing (SECURITY_DESIGN H13).
 */
class AliasMovesTest {
  private static final String ALL = allow("'kms:cmk:get','kms:cmk:list','kms:alias:associate'");

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;
  private static Staff staff;

  private String left = "";
  private String target = "";
  private String alias = "";

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of());
    owner = Tenant.first(server);
    staff = new Staff(owner);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void givesAKeyAnAlias() {
    left = owner.key(name("left"), "");
    target = owner.key(name("target"), "");
    alias = name("prod");
    owner.ok("aliases", "{'key_id':'%s','alias':'alias/%s'}".formatted(left, alias));
  }

  /** Somebody who may move any alias from any key to any other, but for this. */
  private static Tenant deniedOnly(String resource) {
    return staff.holding(
        ALL,
        "{'Effect':'Deny','Action':['kms:alias:associate'],'Resource':['kms:*:*:%s']}"
            .formatted(resource));
  }

  private Reply move(Tenant who) {
    return who.kms(
        "alias/associate", "{'alias':'alias/%s','target_key_id':'%s'}".formatted(alias, target));
  }

  private String keyOfTheAlias() {
    return owner.ok("describe-key", "{'key_id':'alias/" + alias + "'}").text("/key_info/key_id");
  }

  private void isNotMovedBy(Tenant who) {
    assertThat(move(who).is(403).code()).isEqualTo("KMS.0306");
    assertThat(keyOfTheAlias()).isEqualTo(left);
  }

  @Test
  void theRightOnBothKeysDoesNotMoveAnAliasThatIsDenied() {
    isNotMovedBy(deniedOnly("alias:" + alias));
  }

  @Test
  void theRightOnTheAliasAndItsNewKeyDoesNotTakeItFromAKeyThatIsDenied() {
    isNotMovedBy(deniedOnly("KeyId:" + left));
  }

  @Test
  void theRightOnTheAliasAndItsOldKeyDoesNotBringItToAKeyThatIsDenied() {
    isNotMovedBy(deniedOnly("KeyId:" + target));
  }

  @Test
  void theRightOnAllThreeMovesTheAliasWhateverElseIsDenied() {
    move(deniedOnly("KeyId:" + owner.key(name("another"), ""))).is(200);
    assertThat(keyOfTheAlias()).isEqualTo(target);
  }

  @Test
  void aDenialOfAnotherAliasMovesThisOne() {
    move(deniedOnly("alias:" + name("another"))).is(200);
    assertThat(keyOfTheAlias()).isEqualTo(target);
  }
}
