package dev.yaoku.service;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Rows;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is to become different in a {@link Profile}, as a client sent it: null for what was not
 * sent, empty for none. An area code and its phone belong together, and so do an external id and
 * its type.
 *
 * @see "Huawei Cloud IAM API, CreateUser and UpdateUser"
 */
public record ProfileChange(
    @Nullable String areaCode,
    @Nullable String phone,
    @Nullable String accessMode,
    @Nullable Boolean pwdStatus,
    @Nullable String externalId,
    @Nullable String externalType) {
  /** Nothing. */
  public static final ProfileChange NOTHING = new ProfileChange(null, null, null, null, null, null);

  private static final Pattern AREA_CODE = Pattern.compile("[0-9]{1,8}");
  private static final Pattern PHONE = Pattern.compile("[0-9]{1,32}");
  private static final Pattern EXTERNAL_ID = Pattern.compile("[^\\p{Cc}\\p{Zl}\\p{Zp}]{1,128}");

  /** Another phone, or none if both are empty. */
  public static ProfileChange phone(String areaCode, String phone) {
    return new ProfileChange(areaCode, phone, null, null, null, null);
  }

  /**
   * What is kept afterwards.
   *
   * @throws KmsException with {@link Problem.BadValue}
   */
  Rows.Profile of(Rows.Profile before) {
    mustBePhone();
    mustBeAccessMode();
    mustBeExternal();
    boolean otherPhone = areaCode != null || phone != null;
    boolean otherId = externalId != null || externalType != null;
    return new Rows.Profile(
        otherPhone ? orEmpty(areaCode) : before.areaCode(),
        otherPhone ? orEmpty(phone) : before.phone(),
        Objects.requireNonNullElse(accessMode, before.accessMode()),
        otherId ? orEmpty(externalId) : before.externalId(),
        pwdStatus == null ? before.pwdStatus() : pwdStatus);
  }

  private void mustBePhone() {
    mustBePair("user.areacode", areaCode, "user.phone", phone);
    if (!fits(AREA_CODE, areaCode)) {
      throw Names.bad("user.areacode", "user.areacode must have 1 to 8 digits, such as 0086.");
    }
    if (!fits(PHONE, phone)) {
      throw Names.bad("user.phone", "user.phone must have 1 to 32 digits.");
    }
  }

  private void mustBeAccessMode() {
    switch (orEmpty(accessMode)) {
      case "", Profile.DEFAULT, Profile.PROGRAMMATIC -> {}
      case "console" ->
          throw Names.bad(
              "user.access_mode",
              "user.access_mode cannot be console: there is no console, and the user would keep all"
                  + " other access. Use default or programmatic.");
      default ->
          throw Names.bad("user.access_mode", "user.access_mode must be default or programmatic.");
    }
  }

  private void mustBeExternal() {
    mustBePair("user.xuser_id", externalId, "user.xuser_type", externalType);
    if (!orEmpty(externalType).isEmpty() && !Profile.TENANT_IDP.equals(externalType)) {
      throw Names.bad("user.xuser_type", "user.xuser_type must be TenantIdp.");
    }
    if (!fits(EXTERNAL_ID, externalId)) {
      throw Names.bad(
          "user.xuser_id",
          "user.xuser_id must have at most 128 characters, none of them a control character.");
    }
  }

  private static void mustBePair(
      String one, @Nullable String value, String other, @Nullable String otherValue) {
    if (orEmpty(value).isEmpty() != orEmpty(otherValue).isEmpty()) {
      throw Names.bad(one, one + " and " + other + " belong together. Send both or neither.");
    }
  }

  private static boolean fits(Pattern pattern, @Nullable String text) {
    return text == null || text.isEmpty() || pattern.matcher(text).matches();
  }

  private static String orEmpty(@Nullable String text) {
    return Objects.requireNonNullElse(text, "");
  }
}
