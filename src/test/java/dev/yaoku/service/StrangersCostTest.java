package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.Authenticators;
import dev.yaoku.access.FailureThrottle;
import dev.yaoku.access.Heads;
import dev.yaoku.access.RequestAuthenticator;
import dev.yaoku.access.RequestHead;
import dev.yaoku.access.SignatureRules;
import dev.yaoku.access.Target;
import dev.yaoku.crypto.Hashes;
import dev.yaoku.crypto.RevocationLists;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.secret.SecretBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever tries names of access keys learns nothing by what an answer costs: the store is asked the
 * same, whether there is such a key, whether it is in use, and whether it is disabled
 * (SECURITY_DESIGN M3, threat model).
 */
class StrangersCostTest {
  private static final String UNKNOWN = "YKNOBODY000000000001";
  private static final String OWNERS_PLACE = "192.0.2.1";
  private static final String STRANGERS_PLACE = "198.51.100.1";
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  /** How long a stranger waits from one try to the next. */
  private static final List<Duration> PAUSES =
      List.of(
          Duration.ZERO,
          Duration.ofMillis(300),
          Duration.ofMillis(1_500),
          Duration.ofSeconds(5),
          Duration.ofMillis(999),
          Duration.ofMillis(1),
          Duration.ofSeconds(70));

  /** A way to prove who one is by an access key. */
  private interface Attempt {
    void by(String accessKey, String secret, String source);
  }

  private Attempt attempt = this::call;

  @TempDir private Path directory;
  private Household household;
  private CountingStore store;
  private Identities identities;
  private RequestAuthenticator authenticator;

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
    store = new CountingStore(household.store);
    identities =
        new Identities(
            store,
            household.hierarchy,
            household.clock,
            Identities.Limits.USUAL,
            RevocationLists.none());
    authenticator =
        Authenticators.of(
            identities,
            new FailureThrottle(FailureThrottle.Limits.USUAL, household.clock),
            SignatureRules.USUAL,
            household.clock,
            household.randomness.secret(40));
  }

  @AfterEach
  void close() {
    household.close();
  }

  @Test
  void aKeyThatIsThereCostsAStrangerWhatNoneCosts() {
    List<List<String>> ofNone = tries(UNKNOWN);
    assertThat(ofNone.getFirst())
        .containsExactly("accessKey", "accessKey", "temporaryKey", "transaction");
    assertThat(ofNone.get(1)).isEmpty();
    assertThat(tries(ACCESS_KEY)).isEqualTo(ofNone);
  }

  @Test
  void aKeyInUseCostsAStrangerWhatNoneCosts() {
    List<List<String>> ofNone = tries(UNKNOWN);
    call(ACCESS_KEY, Household.SECRET, OWNERS_PLACE);
    household.now = household.now.plusSeconds(10);
    call(ACCESS_KEY, Household.SECRET, OWNERS_PLACE);
    store.asked();
    assertThat(tries(ACCESS_KEY)).isEqualTo(ofNone);
  }

  @Test
  void aDisabledKeyCostsAStrangerWhatNoneCosts() {
    List<List<String>> ofNone = tries(UNKNOWN);
    household.disableAccessKey();
    assertThat(tries(ACCESS_KEY)).isEqualTo(ofNone);
  }

  @Test
  void aSecretThatIsShownCostsWhatASignatureCosts() {
    List<List<String>> ofNone = tries(UNKNOWN);
    attempt = this::show;
    assertThat(tries(UNKNOWN)).isEqualTo(ofNone);
    assertThat(tries(ACCESS_KEY)).isEqualTo(ofNone);
    show(ACCESS_KEY, Household.SECRET, OWNERS_PLACE);
    household.now = household.now.plusSeconds(10);
    show(ACCESS_KEY, Household.SECRET, OWNERS_PLACE);
    store.asked();
    assertThat(tries(ACCESS_KEY)).isEqualTo(ofNone);
    household.disableAccessKey();
    assertThat(tries(ACCESS_KEY)).isEqualTo(ofNone);
  }

  @Test
  void aKeyThatWasLookedUpJustNowCostsAStrangerWhatNoneCosts() {
    List<List<String>> ofNone = tries(UNKNOWN);
    call(ACCESS_KEY, Household.SECRET, OWNERS_PLACE);
    household.now = household.now.plusSeconds(2);
    call(ACCESS_KEY, Household.SECRET, OWNERS_PLACE);
    assertThat(store.asked()).isNotEmpty();
    assertThat(tries(ACCESS_KEY)).isEqualTo(ofNone);
  }

  @Test
  void aTemporaryKeyCostsAStrangerWhatNoneCosts() {
    List<List<String>> ofNone = tries(UNKNOWN);
    TemporaryKeys.New made =
        household.temporaryKeys.make(
            household.caller(ALICE),
            ACCESS_KEY,
            new TemporaryKeys.Order(Duration.ofHours(1), null));
    made.secret().close();
    assertThat(tries(made.access())).isEqualTo(ofNone);
    household.disableAccessKey();
    assertThat(tries(made.access())).isEqualTo(ofNone);
  }

  @Test
  void whatOthersChangeMeanwhileTellsAStrangerNothing() {
    Runnable change = () -> identities.userChanged(BOB);
    List<List<String>> ofNone = tries(UNKNOWN, change);
    assertThat(tries(ACCESS_KEY, change)).isEqualTo(ofNone);
    assertThat(ofNone.get(1)).isEmpty();
  }

  @Test
  void itsOwnerPaysEverMoreRarely() {
    List<Integer> paid = new ArrayList<>();
    for (int second = 0; second < 300; second++) {
      call(ACCESS_KEY, Household.SECRET, OWNERS_PLACE);
      if (!store.asked().isEmpty()) {
        paid.add(second);
      }
      household.now = household.now.plusSeconds(1);
    }
    assertThat(paid).containsExactly(0, 2, 6, 18, 54, 114, 174, 234, 294);
  }

  /** What each of a stranger's tries asks of the store; every one is refused in the same words. */
  private List<List<String>> tries(String accessKey) {
    return tries(accessKey, () -> {});
  }

  private List<List<String>> tries(String accessKey, Runnable between) {
    List<List<String>> costs = new ArrayList<>();
    for (Duration pause : PAUSES) {
      between.run();
      household.now = household.now.plus(pause);
      assertThatThrownBy(() -> attempt.by(accessKey, "wrong", STRANGERS_PLACE))
          .isInstanceOfSatisfying(
              KmsException.class,
              refused -> assertThat(refused.problem()).isInstanceOf(Problem.BadSignature.class));
      costs.add(store.asked());
    }
    household.now = household.now.plusSeconds(100);
    return costs;
  }

  private void show(String accessKey, String secret, String source) {
    try (SecretBytes shown = Household.text(secret)) {
      authenticator.logins().prove(accessKey, shown, source);
    }
  }

  private void call(String accessKey, String secret, String source) {
    String date = DATE.format(household.now);
    String canonical = "GET\n/\n\nx-sdk-date:" + date + "\n\nx-sdk-date\n" + hex("");
    String toSign = "SDK-HMAC-SHA256\n" + date + "\n" + hex(canonical);
    byte[] signature = Hashes.hmacSha256(bytes(secret), bytes(toSign));
    RequestHead head =
        Heads.plain(
            "GET",
            Target.parse("/"),
            List.of(
                new RequestHead.Header("x-sdk-date", date),
                new RequestHead.Header(
                    "authorization",
                    "SDK-HMAC-SHA256 Access="
                        + accessKey
                        + ", SignedHeaders=x-sdk-date, Signature="
                        + HexFormat.of().formatHex(signature))),
            source,
            true);
    authenticator.read(head).prove(new byte[0]);
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(Hashes.sha256(bytes(text)));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
