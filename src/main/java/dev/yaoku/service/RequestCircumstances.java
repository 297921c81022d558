package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Directory;
import dev.yaoku.access.Principal;
import dev.yaoku.access.Session;
import dev.yaoku.access.Subject;
import dev.yaoku.access.policy.Circumstances;
import dev.yaoku.access.policy.ConditionKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;

/** What conditions of policies can ask of one request. */
record RequestCircumstances(
    Caller caller,
    String project,
    Action action,
    Subject subject,
    Directory directory,
    InstantSource clock)
    implements Circumstances {

  @Override
  public List<String> values(ConditionKey key) {
    Principal who = caller.principal();
    return switch (key.kind()) {
      case CURRENT_TIME -> List.of(clock.instant().toString());
      case SOURCE_ADDRESS -> List.of(caller.source());
      case SECURE_TRANSPORT -> truth(caller.secure());
      case USER_AGENT -> present(caller.userAgent());
      case DOMAIN_ID, PRINCIPAL_ACCOUNT -> List.of(who.account());
      case DOMAIN_NAME -> List.of(who.accountName());
      case PROJECT_ID -> present(project);
      case PROJECT_NAME -> ofProject(Directory.KnownProject::name);
      case REQUESTED_REGION -> ofProject(Directory.KnownProject::region);
      case USER_ID, PRINCIPAL_ID -> List.of(who.user());
      case USER_NAME -> List.of(who.userName());
      case PRINCIPAL_IS_ROOT -> truth(who.administrator());
      case PRINCIPAL_TYPE -> List.of(role() == null ? "User" : "AssumedAgency");
      case PRINCIPAL_URN -> List.of(who.urn());
      case MFA_PRESENT -> truth(false);
      case SERVICE_NAME -> List.of(action.policyName().substring(0, serviceEnd()));
      case TOKEN_ISSUED -> issued();
      case REQUEST_TAG -> caller.requestTags().values(key.tag());
      case TAG_KEYS -> caller.requestTags().keys();
      case REQUEST_ALIAS -> caller.keys().calledAs(subject);
      case RESOURCE_TAG,
          RESOURCE_ALIASES,
          ENTERPRISE_PROJECT,
          KEY_ORIGIN,
          KEY_SPEC,
          KEY_USAGE,
          MULTI_REGION ->
          subject.traits().values(key);
      // Nobody here has a second factor or tags of one's own, and there are no enclaves.
      case MFA_AGE, PRINCIPAL_TAG, ATTESTATION, ENCRYPTION_CONTEXT, FOREIGN -> List.of();
    };
  }

  private int serviceEnd() {
    return action.policyName().indexOf(':');
  }

  private Session.@org.jspecify.annotations.Nullable Role role() {
    return caller.principal().session().role();
  }

  private List<String> ofProject(Function<Directory.KnownProject, String> member) {
    return PolicyPermissions.place(caller, project, directory)
        .map(member)
        .map(List::of)
        .orElse(List.of());
  }

  private List<String> issued() {
    Instant at = caller.principal().session().since();
    return at == null ? List.of() : List.of(at.toString());
  }

  private static List<String> present(String value) {
    return value.isEmpty() ? List.of() : List.of(value);
  }

  private static List<String> truth(boolean value) {
    return List.of(Boolean.toString(value));
  }
}
