package dev.yaoku.service;

import static dev.yaoku.service.Household.ACCESS_KEY;

import dev.yaoku.access.Caller;
import dev.yaoku.access.ClientCertificate;
import dev.yaoku.access.Credentials;
import dev.yaoku.access.Directory;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Standing;
import dev.yaoku.access.TokenText;
import java.time.Duration;

/** Lets requests of a household's people in: what each caller holds is as it is then. */
final class LetIn {
  private final Household house;

  LetIn(Household house) {
    this.house = house;
  }

  /** Somebody with a token of a password that was just said. */
  Caller byToken(String user) {
    return byToken(house.issue(user, new TokenScope.Unsaid()));
  }

  /** Somebody with a token by which a user plays a role. */
  Caller playing(Role role, String user) {
    String parent = sha256(house.issue(user, new TokenScope.Unsaid()));
    return byToken(house.tokens.assume(house.caller(user), parent, role, new TokenScope.Unsaid()));
  }

  private Caller byToken(Tokens.New token) {
    Directory.KnownToken known = house.identities.token(sha256(token)).orElseThrow();
    return letIn(known.principal(), known.standing());
  }

  private static String sha256(Tokens.New token) {
    return TokenText.sha256(token.text().value());
  }

  /** The user of the household's one access key. */
  Caller byAccessKey() {
    return byAccessKey(ACCESS_KEY);
  }

  private Caller byAccessKey(String id) {
    Directory.KnownKey known = house.identities.accessKey(id).orElseThrow();
    return letIn(known.principal(), known.standing());
  }

  /** Somebody with a temporary access key that was made of a token. */
  Caller byTemporaryKey(String user) {
    String parent = sha256(house.issue(user, new TokenScope.Unsaid()));
    TemporaryKeys.Order order = new TemporaryKeys.Order(Duration.ofMinutes(15), null);
    TemporaryKeys.New made = house.temporaryKeys.make(house.caller(user), parent, order);
    made.secret().close();
    return byAccessKey(made.access());
  }

  /** The user of the household's one access key in a project. */
  Caller byAccessKeyIn(String project, String region) {
    return byAccessKeyIn(ACCESS_KEY, project, region);
  }

  /** The user of any access key in a project. */
  Caller byAccessKeyIn(String id, String project, String region) {
    Directory.KnownKey known = house.identities.accessKey(id).orElseThrow();
    Caller caller = letIn(known.principal(), known.standing(), project);
    caller.foundIn(region);
    return caller;
  }

  /** The one for whom a certificate stands. */
  Caller byCertificate(ClientCertificate shown) {
    Directory.KnownCertificate known = house.identities.certificate(shown).getFirst();
    return letIn(known.principal(), known.standing());
  }

  private Caller letIn(Principal who, Standing standing) {
    return letIn(who, standing, "");
  }

  private Caller letIn(Principal who, Standing standing, String project) {
    Credentials proved = new Proved(who, standing);
    Caller caller = house.admission.callerOf(who, proved, project, "0".repeat(32), "192.0.2.1");
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
}
