package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.answer;
import static dev.yaoku.api.iam.IamFrame.bad;
import static dev.yaoku.api.iam.IamFrame.required;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Session;
import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.Route;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Role;
import dev.yaoku.service.TemporaryKeys;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the cloud calls STS: {@code POST /v5/agencies/assume}, the newer way to play a role, and
 * {@code GET /v5/caller-identity}, by which clients find out who they are.
 *
 * @see "the vendor's AssumeAgency and GetCallerIdentity"
 */
final class AssumedAgencyApi {
  private static final Duration USUAL_LIFE = Duration.ofHours(1);
  private static final Duration LIFE_MIN = Duration.ofMinutes(15);
  private static final Duration LIFE_MAX = Duration.ofHours(12);
  private static final int OK = 200;
  private static final int URN_PARTS = 5;

  private final TemporaryKeys keys;

  AssumedAgencyApi(TemporaryKeys keys) {
    this.keys = keys;
  }

  /** The members from {@code policyIds} on are not built; passed over, they would widen or lie. */
  record Request(
      @Nullable String agencyUrn,
      @Nullable String agencySessionName,
      @Nullable JsonNode durationSeconds,
      @Nullable JsonNode policy,
      @Nullable JsonNode policyIds,
      @Nullable JsonNode tags,
      @Nullable JsonNode transitiveTagKeys,
      @Nullable JsonNode sourceIdentity) {}

  record Assumed(AssumedAgency assumedAgency, Credentials credentials) {}

  record AssumedAgency(String urn, String id) {}

  /** With the secrets, which are shown once and have no other way out. */
  record Credentials(
      String accessKeyId, String secretAccessKey, String securityToken, String expiration) {
    @Override
    public String toString() {
      return "Credentials[" + accessKeyId + "]";
    }
  }

  record CallerIdentity(String accountId, String principalUrn, String principalId) {}

  List<Route> routes(IamFrame frame) {
    return List.of(
        frame
            .secret("AssumeAgency", "POST", "/v5/agencies/assume", Request.class, this::assume)
            .answering(Assumed.class),
        frame
            .bare("GetCallerIdentity", "GET", "/v5/caller-identity", this::callerIdentity)
            .answering(CallerIdentity.class));
  }

  private Answer assume(Exchange exchange, Request request) {
    mustBeAbsent(request.policyIds(), "policy_ids");
    mustBeAbsent(request.tags(), "tags");
    mustBeAbsent(request.transitiveTagKeys(), "transitive_tag_keys");
    mustBeAbsent(request.sourceIdentity(), "source_identity");
    Role role =
        role(
            required(request.agencyUrn(), "agency_urn"),
            required(request.agencySessionName(), "agency_session_name"));
    Duration life = TemporaryKeyApi.life(request.durationSeconds(), USUAL_LIFE);
    if (life.compareTo(LIFE_MIN) < 0 || life.compareTo(LIFE_MAX) > 0) {
      throw bad(
          "duration_seconds",
          "duration_seconds must be " + LIFE_MIN.toSeconds() + " to " + LIFE_MAX.toSeconds() + ".");
    }
    var order = new TemporaryKeys.Order(life, TemporaryKeyApi.document(request.policy()));
    Caller caller = exchange.proved();
    return assumed(role, keys.assume(caller, Parents.of(exchange.head(), caller), role, order, OK));
  }

  private static void mustBeAbsent(@Nullable JsonNode value, String member) {
    boolean empty =
        value == null
            || value.isNull()
            || (value.isContainer() && value.isEmpty())
            || (value.isString() && value.stringValue().isEmpty());
    if (!empty) {
      throw bad(member, "This server does not know " + member + ". Leave it out.");
    }
  }

  /** Of {@code iam::<account>:agency:<name>}. */
  private static Role role(String urn, String session) {
    String[] parts = urn.split(":", URN_PARTS);
    boolean inOrder =
        parts.length == URN_PARTS
            && parts[0].equals("iam")
            && parts[1].isEmpty()
            && !parts[2].isEmpty()
            && parts[3].equals("agency")
            && !parts[4].isEmpty();
    if (!inOrder) {
      throw bad("agency_urn", "agency_urn must be iam::<account id>:agency:<agency name>.");
    }
    return new Role(parts[2], null, parts[4], session);
  }

  private static Answer assumed(Role role, TemporaryKeys.New key) {
    String session = IamFrame.orEmpty(role.session());
    try (SecretBytes secret = key.secret()) {
      return answer(
          OK,
          new Assumed(
              new AssumedAgency(
                  "sts::" + role.accountId() + ":assumed-agency:" + role.agency() + "/" + session,
                  key.agency() + ":" + session),
              new Credentials(
                  key.access(),
                  secret.lend(bytes -> new String(bytes, StandardCharsets.US_ASCII)),
                  key.securityToken().value(),
                  TokenAnswer.text(key.expiresAt()))));
    }
  }

  /** Whoever proved an identity may know it, so that no policy is asked. */
  private Answer callerIdentity(Exchange exchange) {
    Principal who = exchange.proved().principal();
    Session.Role role = who.session().role();
    String id = role == null ? who.user() : who.user() + ":" + role.name();
    return answer(OK, new CallerIdentity(who.account(), who.urn(), id));
  }
}
