package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.fits;
import static dev.yaoku.api.iam.IamFrame.mustBeOwn;
import static dev.yaoku.api.iam.IamFrame.object;
import static dev.yaoku.api.iam.IamFrame.orEmpty;
import static dev.yaoku.api.iam.IamFrame.required;
import static dev.yaoku.api.iam.IamFrame.variable;

import dev.yaoku.access.Caller;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.service.Agencies;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Agencies: {@code /v3.0/OS-AGENCY/agencies}. */
final class AgencyApi {
  private static final String ALL = "/v3.0/OS-AGENCY/agencies";
  private static final String ONE = ALL + "/{agency_id}";
  private static final String FOREVER = "FOREVER";
  private static final String ONE_DAY = "ONEDAY";
  private static final int DAYS_MAX = 3650;

  private final IamFrame frame;
  private final Agencies agencies;

  AgencyApi(IamFrame frame, Agencies agencies) {
    this.frame = frame;
    this.agencies = agencies;
  }

  record Request(@Nullable Order agency) {}

  record Order(
      @Nullable String name,
      @Nullable String domainId,
      @Nullable String trustDomainId,
      @Nullable String trustDomainName,
      @Nullable String description,
      @Nullable JsonNode duration) {}

  record One(Agency agency) {}

  record Many(List<Agency> agencies) {}

  record Agency(
      String id,
      String name,
      String domainId,
      String trustDomainId,
      String trustDomainName,
      String description,
      String duration,
      String createTime,
      @Nullable String expireTime,
      String agencyUrn) {}

  List<Route> routes() {
    return List.of(
        frame
            .bare("ListAgencies", "GET", ALL, this::list)
            .answering(Many.class)
            .takingQuery("domain_id", "name", "page", "per_page", "trust_domain_id"),
        frame
            .reading("CreateAgency", "POST", ALL, Request.class, this::create)
            .answering(One.class),
        frame.bare("ShowAgency", "GET", ONE, this::show).answering(One.class),
        frame.reading("UpdateAgency", "PUT", ONE, Request.class, this::update).answering(One.class),
        frame.bare("DeleteAgency", "DELETE", ONE, this::delete));
  }

  private static Agency shown(Agencies.Shown agency) {
    boolean forever = agency.life().isZero();
    return new Agency(
        agency.id(),
        agency.name(),
        agency.account(),
        agency.trustedAccount(),
        agency.trustedName(),
        agency.description(),
        forever ? FOREVER : Long.toString(agency.life().toHours()),
        TokenAnswer.text(agency.createdAt()),
        forever ? null : TokenAnswer.text(agency.createdAt().plus(agency.life())),
        "iam::" + agency.account() + ":agency:" + agency.name());
  }

  private Answer list(Exchange exchange) {
    Caller caller = exchange.proved();
    mustBeOwn(caller, exchange.head().target().parameter("domain_id"));
    List<Agency> found =
        agencies.list(caller).stream()
            .map(AgencyApi::shown)
            .filter(agency -> fits(exchange, "name", agency.name()))
            .filter(agency -> fits(exchange, "trust_domain_id", agency.trustDomainId()))
            .toList();
    return answer(200, new Many(IamFrame.page(exchange, found)));
  }

  private Answer create(Exchange exchange, Request request) {
    Order order = object(request.agency(), "agency");
    mustBeOwn(exchange.proved(), order.domainId());
    Agencies.Trusted trusted = trusted(order);
    if (trusted == null) {
      required(null, "agency.trust_domain_id");
    }
    Duration life = life(order.duration());
    Agencies.Shown made =
        agencies.create(
            exchange.proved(),
            required(order.name(), "agency.name"),
            orEmpty(order.description()),
            object(trusted, "agency.trust_domain_id"),
            life == null ? Duration.ZERO : life);
    return answer(201, new One(shown(made)));
  }

  private static Agencies.@Nullable Trusted trusted(Order order) {
    String id = orEmpty(order.trustDomainId());
    String name = orEmpty(order.trustDomainName());
    return id.isEmpty() && name.isEmpty()
        ? null
        : new Agencies.Trusted(id.isEmpty() ? null : id, name.isEmpty() ? null : name);
  }

  /**
   * Null if it is not said, zero for no end. A number is one of days (the IAM API's CreateAgency),
   * though an answer counts hours.
   */
  private static @Nullable Duration life(@Nullable JsonNode duration) {
    if (duration == null || duration.isNull()) {
      return null;
    }
    if (duration.isString() && duration.stringValue().isEmpty()) {
      return null;
    }
    String text = duration.isValueNode() ? duration.asString() : "";
    if (text.equals(FOREVER)) {
      return Duration.ZERO;
    }
    if (text.equals(ONE_DAY)) {
      return Duration.ofDays(1);
    }
    boolean digits =
        !text.isEmpty() && text.length() <= 6 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    int days = digits ? Integer.parseInt(text) : 0;
    if (days < 1 || days > DAYS_MAX) {
      throw IamFrame.bad(
          "agency.duration",
          "agency.duration must be FOREVER, ONEDAY or a number of days from 1 to 3650.");
    }
    return Duration.ofDays(days);
  }

  private Answer show(Exchange exchange) {
    return answer(
        200, new One(shown(agencies.show(exchange.proved(), variable(exchange, "agency_id")))));
  }

  private Answer update(Exchange exchange, Request request) {
    Order order = object(request.agency(), "agency");
    Agencies.Shown changed =
        agencies.update(
            exchange.proved(),
            variable(exchange, "agency_id"),
            order.description(),
            trusted(order),
            life(order.duration()));
    return answer(200, new One(shown(changed)));
  }

  private Answer delete(Exchange exchange) {
    agencies.delete(exchange.proved(), variable(exchange, "agency_id"));
    return Answer.noContent();
  }
}
