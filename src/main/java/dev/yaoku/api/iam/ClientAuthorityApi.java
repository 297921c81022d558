package dev.yaoku.api.iam;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.service.ClientAuthorities;
import dev.yaoku.service.ClientAuthorities.Authority;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Authorities of client certificates; Yaoku's own, as the cloud knows no such thing. */
final class ClientAuthorityApi {
  private final ClientAuthorities authorities;

  ClientAuthorityApi(ClientAuthorities authorities) {
    this.authorities = authorities;
  }

  record Request(@Nullable Members clientAuthority) {
    Members members() {
      return FederationRecords.required(clientAuthority, "client_authority");
    }
  }

  record Members(@Nullable String certificate, @Nullable Boolean enabled) {}

  record NameRequest(@Nullable String userId) {}

  record One(Detail clientAuthority) {}

  record All(List<Detail> clientAuthorities) {}

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Detail(
      String id,
      boolean enabled,
      String sha256,
      String subject,
      @Nullable String expiresAt,
      List<Name> names) {
    static Detail of(Authority authority) {
      return new Detail(
          authority.name(),
          authority.enabled(),
          authority.sha256(),
          authority.subject(),
          authority.notAfter() == null ? null : TokenAnswer.text(authority.notAfter()),
          authority.names().stream().map(n -> new Name(n.name(), n.user())).toList());
    }
  }

  record Name(String name, String userId) {}

  private static String id(Exchange exchange) {
    return exchange.path().getOrDefault("id", "");
  }

  private static String name(Exchange exchange) {
    return exchange.path().getOrDefault("name", "");
  }

  Answer list(Exchange exchange) {
    return ok(new All(authorities.list(exchange.proved()).stream().map(Detail::of).toList()));
  }

  Answer show(Exchange exchange) {
    return ok(new One(Detail.of(authorities.show(exchange.proved(), id(exchange)))));
  }

  Answer put(Exchange exchange) {
    Members asked = IamJson.read(exchange.json(), Request.class).members();
    return ok(
        new One(
            Detail.of(
                authorities.put(
                    exchange.proved(), id(exchange), asked.certificate(), asked.enabled()))));
  }

  Answer remove(Exchange exchange) {
    authorities.remove(exchange.proved(), id(exchange));
    return Answer.noContent();
  }

  Answer map(Exchange exchange) {
    String user =
        FederationRecords.required(
            IamJson.read(exchange.json(), NameRequest.class).userId(), "user_id");
    return ok(
        new One(Detail.of(authorities.map(exchange.proved(), id(exchange), name(exchange), user))));
  }

  Answer unmap(Exchange exchange) {
    authorities.unmap(exchange.proved(), id(exchange), name(exchange));
    return Answer.noContent();
  }

  private static Answer ok(Object body) {
    return Answer.json(200, IamJson.write(body));
  }
}
