package dev.yaoku.service;

import dev.yaoku.store.Rows;

/**
 * What is kept of a user for the tools that sent it. It decides nothing.
 *
 * @param areaCode the country's, such as {@code 0086}; empty for none
 * @param phone empty for none
 * @param accessMode {@code default} or {@code programmatic}
 * @param pwdStatus whether a console should ask for a new password
 * @param externalId the user's in another system, empty for none
 * @param externalType of that system, empty for none
 */
public record Profile(
    String areaCode,
    String phone,
    String accessMode,
    boolean pwdStatus,
    String externalId,
    String externalType) {
  static final String DEFAULT = "default";
  static final String PROGRAMMATIC = "programmatic";

  /** The one type of other systems that there is. */
  static final String TENANT_IDP = "TenantIdp";

  static Profile of(Rows.User user) {
    Rows.Profile kept = user.profile();
    String unsaid = user.password().length > 0 ? DEFAULT : PROGRAMMATIC;
    return new Profile(
        kept.areaCode(),
        kept.phone(),
        kept.accessMode().isEmpty() ? unsaid : kept.accessMode(),
        kept.pwdStatus() == null || kept.pwdStatus(),
        kept.externalId(),
        kept.externalId().isEmpty() ? "" : TENANT_IDP);
  }
}
