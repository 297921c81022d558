package dev.yaoku.access.federation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.federation.MappingRules.Named;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MappingRulesTest {
  private static final String STAFF = "'local':[{'user':{'name':'staff'}}]}]";
  private static final String NO_GUESTS =
      "[{'remote':[{'type':'groups','not_any_of':['guest']}]," + STAFF;

  private static String q(String text) {
    return text.replace('\'', '"');
  }

  private static Optional<Named> map(String rules, String claims) {
    Claims said =
        new Claims(
            StrictJson.object(q(claims).getBytes(StandardCharsets.UTF_8)).orElseThrow(),
            Instant.EPOCH);
    return MappingReader.read(q(rules)).apply(said);
  }

  @Test
  void aClaimNamesTheUser() {
    assertThat(
            map("[{'remote':[{'type':'sub'}],'local':[{'user':{'name':'{0}'}}]}]", "{'sub':'a'}"))
        .contains(new Named(false, "a"));
    assertThat(map("[{'remote':[{'type':'uid'}],'local':[{'user':{'id':'{0}'}}]}]", "{'uid':7}"))
        .contains(new Named(true, "7"));
  }

  @Test
  void claimsWithoutAConditionAreCountedFromZero() {
    String rules =
        "[{'remote':[{'type':'env','any_one_of':['prod']},{'type':'ns'},{'type':'sa'}],"
            + "'local':[{'user':{'name':'{0}-{1}'}}]}]";
    assertThat(map(rules, "{'env':'prod','ns':'shop','sa':'web'}"))
        .contains(new Named(false, "shop-web"));
    assertThat(map(rules, "{'env':'test','ns':'shop','sa':'web'}")).isEmpty();
    assertThat(map(rules, "{'ns':'shop','sa':'web'}")).isEmpty();
    assertThat(map(rules, "{'env':'prod','ns':'shop'}")).isEmpty();
  }

  @Test
  void aValueThatLooksLikeAPlaceIsNotFilledAgain() {
    String rules = "[{'remote':[{'type':'a'},{'type':'b'}],'local':[{'user':{'name':'{0}/{1}'}}]}]";
    assertThat(map(rules, "{'a':'{1}','b':'$1'}")).contains(new Named(false, "{1}/$1"));
  }

  @Test
  void theFirstRuleThatFitsDecides() {
    String rules =
        "[{'remote':[{'type':'groups','any_one_of':['ops','dev']}],'local':[{'user':{'name':'ops'}}]},"
            + "{'remote':[{'type':'groups','not_any_of':['guest']}],"
            + "'local':[{'user':{'name':'staff'}}]}]";
    assertThat(map(rules, "{'groups':['x','dev']}")).contains(new Named(false, "ops"));
    assertThat(map(rules, "{'groups':['x']}")).contains(new Named(false, "staff"));
    assertThat(map(rules, "{'groups':['x','guest']}")).isEmpty();
    assertThat(map(rules, "{'groups':[]}")).isEmpty();
    assertThat(map(rules, "{}")).isEmpty();
  }

  @Test
  void everyValueIsLookedAtHoweverManyThereAre() {
    String many = "{'groups':[" + "'x',".repeat(500) + "'guest']}";
    assertThat(map(NO_GUESTS, many)).isEmpty();
    assertThat(map(NO_GUESTS.replace("not_any_of", "any_one_of"), many))
        .contains(new Named(false, "staff"));
  }

  /** Nobody knows what it would say where it is not understood. */
  @ParameterizedTest
  @ValueSource(strings = {"['guest']", "{'name':'guest'}", "null"})
  void aClaimWithAnythingElseAmongItsValuesFitsNoCondition(String other) {
    String claims = "{'groups':['x'," + other + "]}";
    assertThat(map(NO_GUESTS, claims)).isEmpty();
    assertThat(map("[{'remote':[{'type':'groups','any_one_of':['x']}]," + STAFF, claims)).isEmpty();
    assertThat(map("[{'remote':[{'type':'groups'}]," + STAFF, claims)).isEmpty();
    assertThat(map(NO_GUESTS, "{'groups':['x',7,true]}")).contains(new Named(false, "staff"));
  }

  @Test
  void aClaimWithSeveralValuesNamesNobody() {
    String rules = "[{'remote':[{'type':'sub'}],'local':[{'user':{'name':'{0}'}}]}]";
    assertThat(map(rules, "{'sub':['a','b']}")).isEmpty();
    assertThat(map(rules, "{'sub':{'a':'b'}}")).isEmpty();
    assertThat(map(rules, "{'sub':null}")).isEmpty();
    assertThat(map(rules, "{'sub':''}")).isEmpty();
    assertThat(map(rules, "{'sub':'" + "a".repeat(256) + "'}")).isEmpty();
  }

  @Test
  void aPathReachesNestedClaims() {
    String rules =
        "[{'remote':[{'type':'/kubernetes.io/serviceaccount/name'}],"
            + "'local':[{'user':{'name':'{0}'}}]}]";
    assertThat(map(rules, "{'kubernetes.io':{'serviceaccount':{'name':'web'}}}"))
        .contains(new Named(false, "web"));
    assertThat(map(rules, "{'kubernetes.io':'web'}")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "[]",
        "[1]",
        "[{'remote':[],'local':[{'user':{'name':'a'}}]}]",
        "[{'local':[{'user':{'name':'a'}}]}]",
        "[{'remote':[{'type':'sub'}]}]",
        "[{'remote':[{'type':'sub'}],'local':[]}]",
        "[{'remote':[{'type':'sub'}],'local':[{'group':{'name':'a'}}]}]",
        "[{'remote':[{'type':'sub'}],'local':[{'user':{'name':'{1}'}}]}]",
        "[{'remote':[{'type':'sub','any_one_of':['a']}],'local':[{'user':{'name':'{0}'}}]}]",
        "[{'remote':[{'type':'sub'}],'local':[{'user':{'name':'a','id':'b'}}]}]",
        "[{'remote':[{'type':'sub'}],'local':[{'user':{}}]}]",
        "[{'remote':[{'type':'sub','anyone_of':['a']}],'local':[{'user':{'name':'a'}}]}]",
        "[{'remote':[{'type':'sub','any_one_of':[]}],'local':[{'user':{'name':'a'}}]}]",
        "[{'remote':[{'type':'sub','any_one_of':['a'],'not_any_of':['b']}],"
            + "'local':[{'user':{'name':'a'}}]}]",
        "[{'remote':[{'type':'sub','regex':true}],'local':[{'user':{'name':'a'}}]}]",
        "[{'remote':[{'type':''}],'local':[{'user':{'name':'a'}}]}]",
        "[{'remote':[{'type':'sub'}],'local':[{'user':{'name':'a'}}],'local':[]}]"
      })
  void rulesThatMeanNothingAreRefused(String rules) {
    assertThatThrownBy(() -> MappingReader.read(q(rules)))
        .isInstanceOfSatisfying(
            KmsException.class,
            refused -> assertThat(refused.problem()).isInstanceOf(Problem.BadRequest.class));
  }
}
