package dev.yaoku.server;

import static dev.yaoku.server.Staff.allow;
import static dev.yaoku.server.Staff.deny;
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
 * {@code kms:RequestAlias} is the name by which a request calls the very key that is asked about: a
 * key that somebody may use by its name vouches for no other key of the same request.
 */
class RequestAliasOverHttpTest {
  private static final String KEY = "kms:RequestAlias";
  private static final String SEEING = allow("'kms:cmk:get','kms:cmk:list'");
  private static final String USING =
      "'kms:cmk:reEncryptFrom','kms:cmk:reEncryptTo','kms:cmk:encryptData','kms:alias:associate'";

  @TempDir static Path folder;
  private static LiveServer server;
  private static Tenant owner;
  private static Staff staff;

  private String mine = "";
  private String others = "";
  private String alias = "";
  private String prod = "";

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of("quotas.keys", "1000"));
    owner = Tenant.first(server);
    staff = new Staff(owner);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void makesAKeyOfOnesOwnAndOneOfOthers() {
    mine = owner.key(name("mine"), "");
    others = owner.key(name("others"), "");
    alias = named(mine, "mine");
    prod = named(others, "prod");
  }

  private static String named(String key, String what) {
    String alias = "alias/" + name(what);
    owner.ok("aliases", "{'key_id':'%s','alias':'%s'}".formatted(key, alias));
    return alias;
  }

  /** Somebody who may use the key that the alias names, called so. */
  private Tenant allowedByName() {
    return staff.holding(SEEING, allow(USING, "StringEquals", KEY, alias));
  }

  /** Somebody who may use all keys but those that are not called by the alias. */
  private Tenant deniedOtherNames() {
    return staff.holding(SEEING, allow(USING), deny(USING, "StringNotEquals", KEY, alias));
  }

  private Reply steal(Tenant who) {
    return who.kms("alias/associate", "{'alias':'%s','target_key_id':'%s'}".formatted(prod, alias));
  }

  private String keyOfProd() {
    return owner.ok("describe-key", "{'key_id':'" + prod + "'}").text("/key_info/key_id");
  }

  private static Reply reEncrypt(Tenant who, String from, String to) {
    String text =
        owner
            .ok("encrypt-data", "{'key_id':'%s','plain_text':'x'}".formatted(from))
            .text("/cipher_text");
    return who.kms(
        "re-encrypt",
        "{'source_key_id':'%s','destination_key_id':'%s','cipher_text':'%s'}"
            .formatted(from, to, text));
  }

  @Test
  void anAliasOfOnesOwnKeyMovesNoAliasOfOthers() {
    assertThat(steal(allowedByName()).is(403).code()).isEqualTo("KMS.0306");
    assertThat(steal(deniedOtherNames()).is(403).code()).isEqualTo("KMS.0306");
    assertThat(keyOfProd()).isEqualTo(others);

    steal(staff.holding(SEEING, allow(USING))).is(200);
    assertThat(keyOfProd()).isEqualTo(mine);
  }

  @Test
  void theAliasOfTheSourceIsNoNameOfTheDestination() {
    assertThat(reEncrypt(allowedByName(), alias, others).is(403).code()).isEqualTo("KMS.0306");
    assertThat(reEncrypt(deniedOtherNames(), alias, others).is(403).code()).isEqualTo("KMS.0306");
    reEncrypt(allowedByName(), alias, alias).is(200);
    reEncrypt(deniedOtherNames(), alias, alias).is(200);
  }

  @Test
  void theAliasOfTheDestinationIsNoNameOfTheSource() {
    assertThat(reEncrypt(allowedByName(), others, alias).is(403).code()).isEqualTo("KMS.0306");
    assertThat(reEncrypt(deniedOtherNames(), prod, alias).is(403).code()).isEqualTo("KMS.0306");
  }

  @Test
  void eachKeyOfARequestIsAskedAboutByItsOwnAlias() {
    Tenant mover =
        staff.holding(
            SEEING,
            allow("'kms:cmk:reEncryptFrom'", "StringEquals", KEY, alias),
            allow("'kms:cmk:reEncryptTo'", "StringEquals", KEY, prod));

    reEncrypt(mover, alias, prod).is(200);
    reEncrypt(mover, prod, alias).is(403);
  }

  @Test
  void aKeyThatIsCalledByTwoNamesIsAskedAboutByBoth() {
    String second = named(mine, "second");
    Tenant mover =
        staff.holding(
            SEEING,
            allow("'kms:cmk:reEncryptFrom'", "StringEquals", KEY, alias),
            allow("'kms:cmk:reEncryptTo'", "StringEquals", KEY, second));

    reEncrypt(mover, alias, second).is(200);
    reEncrypt(mover, alias, mine).is(403);
  }

  @Test
  void whoMayUseAKeyByOneNameUsesItByNoOther() {
    Tenant person = allowedByName();
    String body = "{'key_id':'%s','plain_text':'x'}";

    person.kms("encrypt-data", body.formatted(alias)).is(200);
    person.kms("encrypt-data", body.formatted(mine)).is(403);
    person.kms("encrypt-data", body.formatted(prod)).is(403);
  }
}
