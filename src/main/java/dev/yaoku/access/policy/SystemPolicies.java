package dev.yaoku.access.policy;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The policies that every account has ({@code permissions.md}, section 5; {@code
 * authentication.md}, section 7.2). Where the vendor gives only a sentence, the actions are ours,
 * and so are the ids other than {@code system_all_38}, {@code system_all_39} and {@code te_admin}.
 * The two of key pairs are about a service that is not here; who has them is known to have them, no
 * more.
 */
public final class SystemPolicies {
  /** Names of all actions of the service. */
  private static final List<String> EVERYTHING = List.of("kms:*:*");

  private static final List<String> ON_KEYS =
      List.of("kms:cmk:*", "kms:dek:*", "kms:grant:*", "kms:cmkTag:*", "kms:alias:*");

  private static final List<String> READING =
      List.of(
          "kms:cmk:get",
          "kms:cmk:list",
          "kms:cmk:getInstance",
          "kms:cmk:getQuota",
          "kms:cmk:getRotation",
          "kms:cmkTag:list*",
          "kms:grant:list");

  private static final List<String> GUEST =
      List.of(
          "kms:cmk:create",
          "kms:cmk:createDataKey",
          "kms:cmk:createDataKeyWithoutPlaintext",
          "kms:cmk:encryptDataKey",
          "kms:cmk:decryptDataKey",
          "kms:cmk:encryptData",
          "kms:cmk:decryptData",
          "kms:grant:retire",
          "kms:cmk:generate");

  private static final List<Policy> ALL =
      List.of(
          policy("kms_adm", "KMS Administrator", EVERYTHING),
          policy("system_all_38", "KMS CMKFullAccess", ON_KEYS),
          policy("system_all_39", "KMS CMKReadOnlyAccess", READING),
          policy("kms_cmk_admin", "KMS CMK Admin", ON_KEYS),
          policy("te_admin", "Tenant Administrator", EVERYTHING),
          new Policy(
              "te_guest", "Tenant Guest", Language.CUSTOM, List.of(allow(READING), allow(GUEST))),
          policy("te_agency", "Agent Operator", List.of("iam:tokens:assume")),
          policy("dew_keypair_full", "DEW KeypairFullAccess", List.of("kps:*:*")),
          policy(
              "dew_keypair_read",
              "DEW KeypairReadOnlyAccess",
              List.of("kps:*:get*", "kps:*:list*")));

  /** Those that the vendor calls roles: its clients ask for these or for the others. */
  private static final Set<String> ROLES = Set.of("kms_adm", "te_admin", "te_guest", "te_agency");

  private SystemPolicies() {}

  /** All of them. */
  public static List<Policy> all() {
    return ALL;
  }

  /** The one of a name as the vendor writes it. */
  public static Optional<Policy> named(String name) {
    return ALL.stream().filter(policy -> policy.name().equals(name)).findFirst();
  }

  /** The one of an id. */
  public static Optional<Policy> withId(String id) {
    return ALL.stream().filter(policy -> policy.id().equals(id)).findFirst();
  }

  /** Whether the vendor calls it a role. */
  public static boolean isRole(String id) {
    return ROLES.contains(id);
  }

  private static Policy policy(String id, String name, List<String> actions) {
    return new Policy(id, name, Language.CUSTOM, List.of(allow(actions)));
  }

  private static Statement allow(List<String> actions) {
    return new Statement("", Effect.ALLOW, actions, false, List.of(), false, List.of());
  }
}
