package dev.yaoku.conformance;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Which answers a bad value of a member of an identity operation may have. Operations and places
 * are named together, as in {@code CreateAgency /agency/name}.
 */
final class ExpectedOfIdentity {
  /** In the older form and the newer: whatever it is, it may be malformed. */
  private static final Set<String> MALFORMED = Set.of("400", "IAM.0007", "IAM.0011");

  /** A text may name what is not there, or nobody's, or prove nothing. */
  private static final Set<String> UNKNOWN =
      Set.of("401", "403", "404", "IAM.0001", "IAM.0002", "IAM.0004");

  /** What is right may be taken, or there may be enough of it. */
  private static final Set<String> TAKEN = Set.of("409", "IAM.0005");

  /** A few wrong passwords make the next log-ins wait. */
  private static final Pattern LOGS_IN = Pattern.compile("(CreateToken|KeystoneUpdateUserPa).*");

  private static final Pattern NOT_READ = Pattern.compile("\\w+OpenIdConnectConfig .*/access_mode");

  /** What may be left out. */
  private static final List<Pattern> OPTIONAL =
      patterns(
          ".*/(algorithms|audiences|certificate|client_id|description|duration|email|idp_url)",
          ".*/(jwks_file|jwks_uri|mobile|parent_id|pwd_status|scope|signing_key)",
          ".*/(duration_seconds|trust_domain_id|trust_domain_name|verification_method)",
          ".* /(policy_ids|source_identity|tags|transitive_tag_keys)",
          "Create(Token|TokenWithIdToken) /auth/scope/.*",
          "CreateToken /auth/identity/password/user/(id|name|domain.*)",
          "Create\\w+ .*assume_role/(domain_id|domain_name|session_user.*)",
          "CreateToken .*assume_role/(agency_name|xrole_name)",
          "CreateTemporaryAccessKey /auth/identity/(policy|token|token/id)",
          "AssumeAgency /policy",
          "\\w+CustomPolicy /role/(type|policy/Statement/0/Action/1)",
          "(KeystoneC|C)reate(User|Group|Project|Agency) .*/(domain_id|status|access_mode)",
          "(KeystoneC|C)reateUser /user/(enabled|password)",
          "(CreateIdentityProvider|PutClientAuthority) .*/enabled",
          "(KeystoneU|U)pdate(User|UserByAdmin|Group|Project|Agency) .*/(name|domain_id|password)",
          "(KeystoneU|U)pdate(User|UserByAdmin|IdentityProvider|Project) .*/(enabled|status)",
          "UpdateUser /user/access_mode",
          "UpdateProjectStatus /project/(name|domain_id)",
          "CreatePermanentAccessKey /credential/status",
          "UpdatePermanentAccessKey /credential/(user_id|status)");

  /** Objects none of whose members must be there; what they do not know is passed over. */
  private static final List<Pattern> NEEDS_NOTHING =
      patterns(
          "(KeystoneU|U)pdate(User|UserByAdmin|UserInformation|Group|Project|Agency) /\\w+",
          "UpdatePermanentAccessKey /credential",
          "(Create|Update)IdentityProvider /identity_provider",
          "\\w+OpenIdConnectConfig /openid_connect_config",
          "PutClientAuthority /client_authority",
          "Create\\w+ /auth/(scope|scope/project/domain|identity/password/user/domain)",
          "Create\\w+ /auth/identity/(token|\\w*assume_role/session_user)");

  private static final List<Pattern> FLAGS = patterns(".*/(enabled|pwd_status)");

  /** What is a name as good as any. */
  private static final List<Pattern> NAMED =
      patterns(
          ".*/(description|agency_session_name|xuser_id|idp_url|audiences/0|session_user/name)",
          "(KeystoneC|C)reate(Account|Agency|Group|User) /\\w+/name",
          "\\w+CustomPolicy /role/display_name");

  private static final Pattern NAME = Pattern.compile("[\\w-]{1,64}");

  /** Texts of which not much is asked. */
  private static final List<Pattern> FREE =
      patterns(
          "(KeystoneC|C)reateUser /user/password",
          "(KeystoneU|U)pdate(User|UserByAdmin) /user/password",
          "\\w+IdentityMapping /mapping/rules/0/(local/0/user/name|remote/0/type)");

  private static final Pattern SHORT = Pattern.compile("(?s).{8,64}");

  /** Texts that decide nothing, as another member does, or as the cloud keeps them so. */
  private static final List<Pattern> MEANINGLESS =
      patterns(
          ".*/(client_id|parent_id|trust_domain_id|verification_method)",
          "Create(Token|TokenWithIdToken) /auth/scope/.*/name",
          "Create(Token|TokenWithIdToken) /auth/scope/project/domain/id",
          "CreateToken /auth/identity/password/user/(name|domain/id|domain/name)",
          "Keystone(Create|Update)Project /project/status",
          "KeystoneUpdateProject /project/domain_id",
          "UpdateProjectStatus /project/(name|domain_id|description)",
          "UpdateAgency /agency/(name|domain_id)",
          "UpdatePermanentAccessKey /credential/user_id");

  private ExpectedOfIdentity() {}

  private static List<Pattern> patterns(String... expressions) {
    return List.of(expressions).stream().map(Pattern::compile).toList();
  }

  /** What a request with every member gives: nobody may play a role here, and no keys are there. */
  static String usual(Step full) {
    if (full.body().contains("assume_role") && full.operation().equals("CreateToken")) {
      return "403";
    }
    return full.body().contains("\"jwks_") ? "IAM.0007" : Outcomes.OK;
  }

  /** Whether this outcome may be of a request with this value in this place. */
  static boolean may(String operation, String place, JsonNode wrong, String outcome) {
    String here = operation + " " + place;
    return MALFORMED.contains(outcome)
        || (wrong.isString() && UNKNOWN.contains(outcome))
        || (wrong.isString() && TAKEN.contains(outcome))
        || (outcome.equals("429") && LOGS_IN.matcher(operation).matches())
        || ((outcome.equals(Outcomes.OK) || TAKEN.contains(outcome)) && isRight(here, wrong));
  }

  private static boolean isRight(String here, JsonNode value) {
    if (NOT_READ.matcher(here).matches()) {
      return true;
    }
    if (value.isMissingNode() || value.isNull()) {
      return any(OPTIONAL, here);
    }
    if (value.isObject()) {
      return any(NEEDS_NOTHING, here);
    }
    if (value.isBoolean()) {
      return any(FLAGS, here);
    }
    return value.isString() && isRight(here, value.stringValue());
  }

  private static boolean isRight(String here, String text) {
    return (text.isEmpty() && any(OPTIONAL, here))
        || any(MEANINGLESS, here)
        || (NAME.matcher(text).matches() && any(NAMED, here))
        || (SHORT.matcher(text).matches() && any(FREE, here));
  }

  private static boolean any(List<Pattern> patterns, String here) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(here).matches());
  }
}
