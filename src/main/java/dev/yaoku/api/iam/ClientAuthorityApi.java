package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.object;
import static dev.yaoku.api.iam.IamFrame.required;
import static dev.yaoku.api.iam.IamFrame.variable;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.service.ClientAuthorities;
import dev.yaoku.service.ClientAuthorities.Authority;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Authorities of client certificates; Yaoku's own, as the cloud knows no such thing. */
final class ClientAuthorityApi {
  private static final String ALL = "/v3/OS-YAOKU/client-authorities";
  private static final String ONE = ALL + "/{id}";
  private static final String NAME = ONE + "/names/{name}";

  private final IamFrame frame;
  private final ClientAuthorities authorities;

  ClientAuthorityApi(IamFrame frame, ClientAuthorities authorities) {
    this.frame = frame;
    this.authorities = authorities;
  }

  List<Route> routes() {
    return List.of(
        frame.bare("ListClientAuthorities", "GET", ALL, this::list).answering(All.class),
        frame.bare("ShowClientAuthority", "GET", ONE, this::show).answering(One.class),
        frame
            .reading("PutClientAuthority", "PUT", ONE, Request.class, this::put)
            .answering(One.class),
        frame.bare("DeleteClientAuthority", "DELETE", ONE, this::remove),
        frame
            .reading("PutCertificateName", "PUT", NAME, NameRequest.class, this::map)
            .answering(One.class),
        frame.bare("DeleteCertificateName", "DELETE", NAME, this::unmap));
  }

  record Request(@Nullable Members clientAuthority) {
    Members members() {
      return object(clientAuthority, "client_authority");
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
    return variable(exchange, "id");
  }

  private static String name(Exchange exchange) {
    return variable(exchange, "name");
  }

  private Answer list(Exchange exchange) {
    return ok(new All(authorities.list(exchange.proved()).stream().map(Detail::of).toList()));
  }

  private Answer show(Exchange exchange) {
    return ok(new One(Detail.of(authorities.show(exchange.proved(), id(exchange)))));
  }

  private Answer put(Exchange exchange, Request request) {
    Members asked = request.members();
    return ok(
        new One(
            Detail.of(
                authorities.put(
                    exchange.proved(), id(exchange), asked.certificate(), asked.enabled()))));
  }

  private Answer remove(Exchange exchange) {
    authorities.remove(exchange.proved(), id(exchange));
    return Answer.noContent();
  }

  private Answer map(Exchange exchange, NameRequest request) {
    String user = required(request.userId(), "user_id");
    return ok(
        new One(Detail.of(authorities.map(exchange.proved(), id(exchange), name(exchange), user))));
  }

  private Answer unmap(Exchange exchange) {
    authorities.unmap(exchange.proved(), id(exchange), name(exchange));
    return Answer.noContent();
  }

  private static Answer ok(Object body) {
    return answer(200, body);
  }
}
