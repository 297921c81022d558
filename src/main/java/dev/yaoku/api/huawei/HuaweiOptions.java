package dev.yaoku.api.huawei;

/**
 * What an operator may choose where documents, clients and the live service disagree.
 *
 * @param expiredTokenIs401 answers an expired token with 401 APIGW.0307 and not with 403 KMS.0303
 *     (errors.md 4)
 * @param flatErrorsToo repeats the error pair at the top level of nested errors, for the Node SDK
 *     (authentication.md 6.4)
 * @param listOnlyAes256ByDefault follows the document that lists AES_256 keys only when a request
 *     names no spec (quirks.md D3)
 * @param importOaepSha1 takes RSAES_OAEP_SHA_1 for imports, as OTC's documents have it, and as
 *     destination of re-encrypt (semantics.md 8)
 * @param aliasList the shape of the list of aliases
 */
public record HuaweiOptions(
    boolean expiredTokenIs401,
    boolean flatErrorsToo,
    boolean listOnlyAes256ByDefault,
    boolean importOaepSha1,
    AliasList aliasList) {

  /** The shape of the list of aliases (quirks.md 1). */
  public enum AliasList {
    /** An array for the official SDKs, an object for everyone else. */
    BY_USER_AGENT,
    ARRAY,
    OBJECT
  }

  /** What most clients get on with. */
  public static HuaweiOptions defaults() {
    return new HuaweiOptions(false, false, false, false, AliasList.BY_USER_AGENT);
  }
}
