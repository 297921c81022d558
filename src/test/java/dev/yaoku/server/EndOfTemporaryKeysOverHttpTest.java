package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.server.Tenant.Reply;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** When temporary access keys end, over HTTP: by time, and with what they come from. */
class EndOfTemporaryKeysOverHttpTest extends TemporaryKeyServer {
  @Test
  void aKeyEndsOnTheSecond() {
    Temporary key = temporary(person());
    Duration rest = Duration.between(Instant.now(), key.expiresAt());
    String path = "/v1.0/" + owner.project + "/kms/list-keys";

    AHEAD.set(rest.minusSeconds(5));
    Instant then = Instant.now().plus(AHEAD.get());
    key.send(Signer.PLAIN, true, then, "POST", path, "{}").is(200);
    AHEAD.set(rest);
    then = Instant.now().plus(AHEAD.get());
    Reply ended = key.send(Signer.PLAIN, true, then, "POST", path, "{}").is(403);
    assertThat(ended.code()).isEqualTo("KMS.0303");
    assertThat(key.with(null).send(Signer.PLAIN, true, then, "POST", path, "{}").status())
        .as("nobody is told more without the token")
        .isEqualTo(401);
  }

  @Test
  void aKeyEndsWithItsTokenAtTheLatest() {
    Tenant person = person();
    String token = login(person, ofProject(owner));
    AHEAD.set(Duration.ofHours(23));
    Temporary key =
        Temporary.of(
            server, held(token, "POST", PATH, byToken(",'token':{'duration_seconds':86400}")));
    assertThat(Duration.between(Instant.now(), key.expiresAt()))
        .isBetween(Duration.ofHours(23), Duration.ofHours(24));
  }

  @Test
  void everythingEndsThatTakesRightsFromItsPerson() {
    Tenant who = person();
    String user = "/v3/users/" + who.user;
    String policy = "/v3/projects/" + owner.project + "/users/" + who.user + "/roles/kms_adm";
    String access = "/v3.0/OS-CREDENTIAL/credentials/" + who.accessKey();
    String[][] ends = {
      {"PATCH", user, "{'user':{'enabled':false}}", "PATCH", user, "{'user':{'enabled':true}}"},
      {
        "PATCH",
        user,
        "{'user':{'password':'Correct-Horse-2'}}",
        "PATCH",
        user,
        "{'user':{'password':'Correct-Horse-1'}}"
      },
      {
        "PUT",
        access,
        "{'credential':{'status':'inactive'}}",
        "PUT",
        access,
        "{'credential':{'status':'active'}}"
      },
      {"DELETE", policy, "", "PUT", policy, ""},
    };
    for (String[] end : ends) {
      Temporary signed = temporary(who);
      String token = login(who, ofProject(owner));
      Temporary byToken = Temporary.of(server, held(token, "POST", PATH, byToken("")));
      Temporary child = Temporary.of(server, byToken.send("POST", PATH, byToken("")));
      signed.lists(owner.project).is(200);
      byToken.lists(owner.project).is(200);
      child.lists(owner.project).is(200);

      assertThat(owner.send(end[0], end[1], end[2]).status()).isLessThan(300);
      signed.isNobody(owner.project);
      byToken.isNobody(owner.project);
      child.isNobody(owner.project);
      assertThat(held(token, "GET", "/v3/auth/projects", "").status()).isEqualTo(401);
      assertThat(owner.send(end[3], end[4], end[5]).status()).isLessThan(300);
      signed.isNobody(owner.project);
      byToken.isNobody(owner.project);
    }
    Temporary last = temporary(who);
    last.lists(owner.project).is(200);
    owner.send("DELETE", access, "").is(204);
    last.isNobody(owner.project);
  }

  @Test
  void aKeyEndsWithTheTokenThatItWasMadeFrom() {
    Tenant person = person();
    String token = login(person, ofProject(owner));
    Temporary key = Temporary.of(server, held(token, "POST", PATH, byToken("")));
    Temporary child = Temporary.of(server, key.send("POST", PATH, byToken("")));
    Temporary other = temporary(person);
    child.lists(owner.project).is(200);
    HttpResponse<String> revoked = server.revoke(token);
    assertThat(revoked.statusCode()).isEqualTo(204);
    key.isNobody(owner.project);
    child.isNobody(owner.project);
    other.lists(owner.project).is(200);
  }
}
