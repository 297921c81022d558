package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;
import static dev.yaoku.service.Household.ACCOUNT;
import static dev.yaoku.service.Household.ALICE;
import static dev.yaoku.service.Household.BOB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.access.ClientCertificate;
import dev.yaoku.access.Credentials;
import dev.yaoku.access.Directory;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Standing;
import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Wish;
import dev.yaoku.access.TokenText;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Rights.Attachment;
import dev.yaoku.store.Rights.HolderKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Of requests that were let in, none makes anything that lasts once what let it in has ended, in
 * however short a time (SECURITY_DESIGN H11).
 */
class EndedBeforeTheChangeTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant UNTIL = Instant.parse("2026-01-10T00:00:00Z");
  private static final TestPki PKI = new TestPki("CN=ours", FROM, UNTIL);
  private static final String NAME = "dns:alice.example.com";
  private static final Attachments.Holder BOB_HIMSELF = new Attachments.Holder.User(BOB);

  @TempDir private Path directory;
  private Household house;
  private int made;

  @BeforeEach
  void open() throws IOException {
    house = new Household(directory);
  }

  @AfterEach
  void close() {
    house.close();
  }

  @Test
  void aTokenThatAPasswordResetEndsLeavesNoAccessKey() {
    Caller before = byToken();
    Caller meanwhile = byToken();
    makeAccessKey(before);

    house.services.users().setPassword(house.caller(ALICE), BOB, Household.text("Another horse 1"));

    isRefused(() -> makeAccessKey(meanwhile), Problem.BadToken.class);
    assertThat(house.services.accessKeys().list(house.caller(ALICE), BOB)).hasSize(1);
    makeAccessKey(byToken());
  }

  @Test
  void anAccessKeyThatIsDisabledMakesNoUser() {
    Caller before = byAccessKey();
    Caller meanwhile = byAccessKey();
    makeUser(before);

    house.disableAccessKey();

    isRefused(() -> makeUser(meanwhile), Problem.BadSignature.class);
  }

  @Test
  void aUserWhoIsDisabledMakesNoAccessKey() {
    Caller meanwhile = byToken();

    house.disableUser(BOB);

    isRefused(() -> makeAccessKey(meanwhile), Problem.BadToken.class);
  }

  @Test
  void aCertificateWhoseNameIsTakenAwayMakesNoUser() {
    trust();
    Caller before = byCertificate();
    Caller meanwhile = byCertificate();
    makeUser(before);

    house.clientAuthorities().unmap(house.caller(ALICE), "ca", NAME);

    isRefused(() -> makeUser(meanwhile), Problem.BadCertificate.class);
  }

  @Test
  void aCertificateOfAnAuthorityThatIsStoppedTrustsNoProvider() {
    trust();
    Caller meanwhile = byCertificate();

    house.clientAuthorities().put(house.caller(ALICE), "ca", null, false);

    isRefused(
        () -> house.clientAuthorities().put(meanwhile, "second", PKI.pem(), true),
        Problem.BadCertificate.class);
  }

  @Test
  void aNameThatIsGivenToAnotherIsNotTheFirstOnesAnyMore() {
    trust();
    Caller meanwhile = byCertificate();

    house.clientAuthorities().map(house.caller(ALICE), "ca", NAME, BOB);

    isRefused(() -> makeUser(meanwhile), Problem.BadCertificate.class);
  }

  @Test
  void aRightThatIsTakenAwayMakesNoUser() {
    house.allow(BOB, "iam:users:createUser", "*");
    Caller before = byToken();
    Caller meanwhile = byToken();
    makeUser(before);

    house.store.write(tx -> {
      tx.rights().remove(tx.rights().attachmentsOf(HolderKind.USER, BOB).getFirst());
      return BOB;
    });

    isRefused(() -> makeUser(meanwhile), Problem.NotAllowed.class);
  }

  @Test
  void whoTakesARightFromHimselfIsNotInHisOwnWay() {
    house.allow(BOB, "iam:permissions:revokeRole", "*");
    String policy =
        house.services.attachments().of(house.caller(ALICE), BOB_HIMSELF).getFirst().policy();

    house.services.attachments().detach(byToken(), BOB_HIMSELF, Attachment.ACCOUNT, policy);

    assertThat(house.services.attachments().of(house.caller(ALICE), BOB_HIMSELF)).isEmpty();
  }

  private void trust() {
    house.clientAuthorities().put(house.caller(ALICE), "ca", PKI.pem(), null);
    house.clientAuthorities().map(house.caller(ALICE), "ca", NAME, ALICE);
  }

  // Who is let in

  private Caller byToken() {
    String token = house.issue(BOB, new TokenScope.Unsaid()).text().value();
    Directory.KnownToken known = house.identities.token(TokenText.sha256(token)).orElseThrow();
    return letIn(known.principal(), known.standing());
  }

  private Caller byAccessKey() {
    Directory.KnownKey known = house.identities.accessKey(ACCESS_KEY).orElseThrow();
    return letIn(known.principal(), known.standing());
  }

  private Caller byCertificate() {
    ClientCertificate shown =
        ClientCertificate.of(PKI.issue(Wish.client(FROM, UNTIL, NAME)).chain()).orElseThrow();
    Directory.KnownCertificate known = house.identities.certificate(shown).getFirst();
    assertThat(known.principal().account()).isEqualTo(ACCOUNT);
    return letIn(known.principal(), known.standing());
  }

  /** A caller with what he holds, as it is when he is let in. */
  private Caller letIn(Principal who, Standing standing) {
    Caller caller =
        house.admission.callerOf(who, new Proved(who, standing), "", "0".repeat(32), "192.0.2.1");
    caller.prepare();
    return caller;
  }

  /** Credentials that were found to be right. */
  private record Proved(Principal who, Standing standing) implements Credentials {
    @Override
    public Principal prove(byte[] body) {
      return who;
    }

    @Override
    public Principal stillStands() {
      return who;
    }
  }

  // What they make

  private void makeUser(Caller caller) {
    made++;
    house.services.users().create(caller, new Users.Order("user-" + made, null, true, "", ""));
  }

  private void makeAccessKey(Caller caller) {
    house.services.accessKeys().create(caller, BOB, "").secret().close();
  }

  private static void isRefused(ThrowingCallable change, Class<? extends Problem> as) {
    assertThat(Refused.problem(change)).isInstanceOf(as);
  }
}
