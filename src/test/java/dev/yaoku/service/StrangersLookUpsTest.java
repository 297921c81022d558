package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.yaoku.access.FailureThrottle;
import dev.yaoku.access.Heads;
import dev.yaoku.access.LockOut;
import dev.yaoku.access.RequestAuthenticator;
import dev.yaoku.access.RequestHead;
import dev.yaoku.access.SignatureRules;
import dev.yaoku.access.Target;
import dev.yaoku.access.TokenText;
import dev.yaoku.crypto.RevocationLists;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What somebody who has proved nothing may cost the store: nothing before form, date, body and the
 * record of failures are right, and then one of few look-ups at once (SECURITY_DESIGN H9).
 */
@Timeout(60)
class StrangersLookUpsTest {
  private static final String PLACE = "198.51.100.1";
  private static final String SIGNATURE = "0".repeat(64);
  private static final int STRANGERS_MAX = 32;
  private static final int EACH = 100;
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  @TempDir private Path directory;
  private Household household;
  private AskedStore store;
  private FailureThrottle throttle;
  private RequestAuthenticator authenticator;

  /** A store that counts who asks it, and holds them up while it is told to. */
  private static final class AskedStore extends PassingStore {
    private final AtomicInteger asked = new AtomicInteger();
    private volatile CountDownLatch open = new CountDownLatch(0);
    private volatile Runnable came = () -> {};

    AskedStore(Store store) {
      super(store);
    }

    @Override
    public <T> T read(Function<? super Reading, T> work) {
      asked.incrementAndGet();
      came.run();
      await(open);
      return super.read(work);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void open() throws IOException {
    household = new Household(directory);
    store = new AskedStore(household.store);
    throttle = new FailureThrottle(FailureThrottle.Limits.USUAL, household.clock);
    authenticator =
        new RequestAuthenticator(
            new Identities(
                store,
                household.hierarchy,
                household.clock,
                Identities.Limits.USUAL,
                RevocationLists.none()),
            throttle,
            new LockOut(true, household.clock),
            SignatureRules.USUAL,
            household.clock,
            household.clock,
            household.randomness.secret(40));
  }

  @AfterEach
  void close() {
    household.close();
  }

  private RequestHead head(RequestHead.Header... headers) {
    return Heads.plain("GET", Target.parse("/"), List.of(headers), PLACE, true);
  }

  private RequestHead bearing(String token) {
    return head(new RequestHead.Header("x-auth-token", token));
  }

  private RequestHead signed(String accessKey, String signature, Instant date) {
    return head(dated(date), authorization(accessKey, signature));
  }

  private RequestHead signed(String accessKey) {
    return signed(accessKey, SIGNATURE, household.now);
  }

  private static RequestHead.Header dated(Instant date) {
    return new RequestHead.Header("x-sdk-date", DATE.format(date));
  }

  private static RequestHead.Header authorization(String accessKey, String signature) {
    return new RequestHead.Header(
        "authorization",
        "SDK-HMAC-SHA256 Access=%s, SignedHeaders=x-sdk-date, Signature=%s"
            .formatted(accessKey, signature));
  }

  private static String token(int number) {
    byte[] random = new byte[TokenText.RANDOM_BYTES];
    random[0] = (byte) number;
    return TokenText.of(random);
  }

  private Problem refusalOf(RequestHead head) {
    return catchThrowableOfType(
            KmsException.class, () -> authenticator.read(head).prove(new byte[0]))
        .problem();
  }

  private void isRefusedUnseen(RequestHead head, Class<? extends Problem> why) {
    int before = store.asked.get();
    assertThat(refusalOf(head)).isInstanceOf(why);
    assertThat(store.asked).hasValue(before);
  }

  /** Otherwise nothing would be looked up anyway: for a moment it counts that nothing was there. */
  private void letWhatWasNotThereBeForgotten() {
    household.now = household.now.plusSeconds(2);
  }

  @Test
  void aStrangersAccessKeyOrTokenIsLookedUpWhereAllElseIsRight() {
    assertThat(refusalOf(signed(ACCESS_KEY))).isInstanceOf(Problem.BadSignature.class);
    assertThat(store.asked).hasValue(1);
    assertThat(refusalOf(bearing(token(1)))).isInstanceOf(Problem.BadToken.class);
    assertThat(store.asked).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(longs = {-901, 901, -86_400, 86_400})
  void aDateOutsideTheWindowCostsNoLookUp(long seconds) {
    Instant date = household.now.plusSeconds(seconds);
    isRefusedUnseen(signed(ACCESS_KEY, SIGNATURE, date), Problem.SignatureExpired.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "YK", "ykalice0000000000001", "YKALICE-000000000001"})
  void whatCannotBeAnAccessKeyCostsNoLookUp(String accessKey) {
    isRefusedUnseen(signed(accessKey), Problem.BadSignature.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "no signature", "zz"})
  void whatCannotBeASignatureCostsNoLookUp(String signature) {
    isRefusedUnseen(signed(ACCESS_KEY, signature, household.now), Problem.BadSignature.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"yk1_", "yk2_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
  void whatCannotBeATokenCostsNoLookUp(String token) {
    isRefusedUnseen(bearing(token), Problem.BadToken.class);
  }

  @Test
  void aTokenWithoutAValueCostsNoLookUp() {
    isRefusedUnseen(bearing(""), Problem.NoCredentials.class);
  }

  @Test
  void aBodyThatIsNotSignedCostsNoLookUp() {
    RequestHead.Header unsigned =
        new RequestHead.Header("x-sdk-content-sha256", "UNSIGNED-PAYLOAD");
    isRefusedUnseen(
        head(dated(household.now), unsigned, authorization(ACCESS_KEY, SIGNATURE)),
        Problem.UnsignedBody.class);
  }

  @Test
  void aSourceThatFailedTooOftenCostsNoLookUp() {
    for (int i = 0; i < FailureThrottle.Limits.USUAL.perSource(); i++) {
      throttle.failed(PLACE, "anything " + i);
    }
    isRefusedUnseen(signed(ACCESS_KEY), Problem.Throttled.class);
    isRefusedUnseen(bearing(token(1)), Problem.Throttled.class);
  }

  @Test
  void aTokenThatFailedTooOftenFromOneSourceCostsNoLookUp() {
    for (int i = 0; i < FailureThrottle.Limits.USUAL.perPair(); i++) {
      throttle.failed(PLACE, TokenText.sha256(token(1)));
    }
    isRefusedUnseen(bearing(token(1)), Problem.Throttled.class);
    assertThat(refusalOf(bearing(token(2)))).isInstanceOf(Problem.BadToken.class);
    assertThat(store.asked).hasValue(1);
  }

  @Test
  void anAccessKeyThatIsLockedCostsNoLookUp() {
    for (int i = 0; i < 6; i++) {
      assertThat(refusalOf(signed(ACCESS_KEY))).isInstanceOf(Problem.BadSignature.class);
    }
    letWhatWasNotThereBeForgotten();
    isRefusedUnseen(signed(ACCESS_KEY), Problem.AccessKeyLocked.class);

    household.now = household.now.plus(Duration.ofMinutes(5));
    assertThat(refusalOf(signed(ACCESS_KEY))).isInstanceOf(Problem.BadSignature.class);
    assertThat(store.asked).hasValue(2);
  }

  @Test
  void fewStrangersAreLookedUpAtOnceWhetherTheyComeWithAccessKeysOrTokens() throws Exception {
    CountDownLatch arrived = new CountDownLatch(2 * EACH);
    store.open = new CountDownLatch(1);
    store.came = arrived::countDown;
    List<Future<Problem>> answers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < EACH; i++) {
        RequestHead byToken = bearing(token(i));
        RequestHead byKey = signed("YKNOBODY%012d".formatted(i));
        for (RequestHead head : List.of(byToken, byKey)) {
          answers.add(threads.submit(() -> answer(head, arrived)));
        }
      }
      arrived.await();
      int atOnce = store.asked.get();
      store.open.countDown();
      assertThat(atOnce).isEqualTo(STRANGERS_MAX);
      int turnedAway = 0;
      for (Future<Problem> answer : answers) {
        turnedAway += answer.get() instanceof Problem.Throttled ? 1 : 0;
      }
      assertThat(turnedAway).isEqualTo(2 * EACH - STRANGERS_MAX);
    }
  }

  /** Whoever is turned away has arrived, too; whoever asks the store says so himself. */
  private Problem answer(RequestHead head, CountDownLatch arrived) {
    Problem refusal = refusalOf(head);
    if (refusal instanceof Problem.Throttled) {
      arrived.countDown();
    }
    return refusal;
  }
}
