package dev.yaoku.access.policy;

import java.util.Arrays;
import java.util.Optional;

/**
 * What a condition looks at: a known key, of tags together with the tag's key.
 *
 * @param kind the key
 * @param tag the tag's key, exactly as written; empty for keys without one
 */
public record ConditionKey(Kind kind, String tag) {
  private static final int TAG_CHARACTERS_MAX = 128;

  /** A key without a tag. */
  public static ConditionKey of(Kind kind) {
    return new ConditionKey(kind, "");
  }

  /**
   * The keys: the global ones and those of the key service ({@code permissions.md}, section 4;
   * {@code authentication.md}, section 7). A key of another service is {@link #FOREIGN}; no request
   * to this server has a value for it.
   */
  public enum Kind {
    CURRENT_TIME("g:CurrentTime"),
    DOMAIN_ID("g:DomainId"),
    DOMAIN_NAME("g:DomainName"),
    ENTERPRISE_PROJECT("g:EnterpriseProjectId"),
    MFA_AGE("g:MFAAge"),
    MFA_PRESENT("g:MFAPresent"),
    PRINCIPAL_ACCOUNT("g:PrincipalAccount"),
    PRINCIPAL_ID("g:PrincipalId"),
    PRINCIPAL_IS_ROOT("g:PrincipalIsRootUser"),
    PRINCIPAL_TAG("g:PrincipalTag/"),
    PRINCIPAL_TYPE("g:PrincipalType"),
    PRINCIPAL_URN("g:PrincipalUrn"),
    PROJECT_ID("g:ProjectId"),
    PROJECT_NAME("g:ProjectName"),
    REQUESTED_REGION("g:RequestedRegion"),
    REQUEST_TAG("g:RequestTag/"),
    RESOURCE_TAG("g:ResourceTag/"),
    SECURE_TRANSPORT("g:SecureTransport"),
    SERVICE_NAME("g:ServiceName"),
    SOURCE_ADDRESS("g:SourceIp"),
    TAG_KEYS("g:TagKeys"),
    TOKEN_ISSUED("g:TokenIssueTime"),
    USER_AGENT("g:UserAgent"),
    USER_ID("g:UserId"),
    USER_NAME("g:UserName"),
    ENCRYPTION_CONTEXT("kms:EncryptionContext"),
    KEY_ORIGIN("kms:KeyOrigin"),
    KEY_SPEC("kms:KeySpec"),
    KEY_USAGE("kms:KeyUsage"),
    MULTI_REGION("kms:MultiRegionKeyType"),
    ATTESTATION("kms:RecipientAttestation"),
    REQUEST_ALIAS("kms:RequestAlias"),
    RESOURCE_ALIASES("kms:ResourceAliases"),
    FOREIGN("");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /** The key as policies write it; ends in a slash where a tag's key follows. */
    public String text() {
      return text;
    }

    boolean hasTag() {
      return text.endsWith("/");
    }

    /** Whether its values are names of aliases, without {@code alias/}. */
    boolean isAlias() {
      return this == REQUEST_ALIAS || this == RESOURCE_ALIASES;
    }
  }

  /** Reads a key, whose name compares without case; nothing if there is no such key. */
  static Optional<ConditionKey> parse(String text) {
    if (isOfAnotherService(text)) {
      return Optional.of(new ConditionKey(Kind.FOREIGN, text));
    }
    return Arrays.stream(Kind.values())
        .filter(kind -> kind != Kind.FOREIGN && names(kind, text))
        .findFirst()
        .map(kind -> new ConditionKey(kind, text.substring(kind.text.length())));
  }

  private static boolean names(Kind kind, String text) {
    int length = kind.text.length();
    int rest = text.length() - length;
    return text.regionMatches(true, 0, kind.text, 0, length)
        && (kind.hasTag() ? rest > 0 && rest <= TAG_CHARACTERS_MAX : rest == 0);
  }

  private static boolean isOfAnotherService(String text) {
    int colon = text.indexOf(':');
    return colon > 0
        && colon < text.length() - 1
        && !text.regionMatches(true, 0, "g:", 0, 2)
        && !text.regionMatches(true, 0, "kms:", 0, 4);
  }
}
