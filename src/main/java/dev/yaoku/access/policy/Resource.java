package dev.yaoku.access.policy;

/**
 * What a request is about ({@code permissions.md}, section 3). A part that no one value fits, such
 * as the id where keys are created or listed, is {@code *}: only a pattern for everything in that
 * part matches it.
 *
 * @param service such as {@code kms}
 * @param region the region
 * @param account the account (domain) id
 * @param type such as {@code KeyId}
 * @param id the last part
 * @param uri its other name; empty for all but agencies
 */
public record Resource(
    String service, String region, String account, String type, String id, String uri) {
  /** What has no other name. */
  public Resource(String service, String region, String account, String type, String id) {
    this(service, region, account, type, id, "");
  }

  /** Of a request that is about nothing that has a name. */
  public static final Resource NONE = new Resource("*", "*", "*", "*", "*");

  private static final String KMS = "kms";
  private static final String ALL = "*";

  /** A key. */
  public static Resource key(String region, String account, String id) {
    return new Resource(KMS, region, account, "KeyId", id);
  }

  /** The keys of an account, where one is created or several are listed. */
  public static Resource keys(String region, String account) {
    return key(region, account, ALL);
  }

  /** A further name of a key, without {@code alias/} before it. */
  public static Resource alias(String region, String account, String name) {
    return new Resource(KMS, region, account, "alias", name);
  }

  /** A keystore. */
  public static Resource keystore(String region, String account, String id) {
    return new Resource(KMS, region, account, "keystore", id);
  }

  @Override
  public String toString() {
    return String.join(":", service, region, account, type, id);
  }
}
