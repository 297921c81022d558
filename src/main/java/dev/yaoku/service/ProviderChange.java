package dev.yaoku.service;

import dev.yaoku.access.Caller;
import dev.yaoku.access.federation.KeyKeeper;
import dev.yaoku.access.federation.KeySet;
import dev.yaoku.access.federation.KeySource;
import dev.yaoku.access.federation.MappingReader;
import dev.yaoku.access.federation.TokenAlgorithm;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Rights;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What is to become different in an identity provider, as a client sent it: null for what stays.
 *
 * @param keysLocation URL or {@code file:NAME}; together with the key set, one takes the place of
 *     the other
 * @param keySet JSON Web Key Set (RFC 7517)
 * @param mapping the rules, JSON; empty for none
 */
public record ProviderChange(
    @Nullable String description,
    @Nullable Boolean enabled,
    @Nullable String issuer,
    @Nullable List<String> audiences,
    @Nullable List<String> algorithms,
    @Nullable String keysLocation,
    @Nullable String keySet,
    @Nullable String mapping) {
  private static final int TEXT_MAX = 255;
  private static final int AUDIENCES_MAX = 10;
  private static final String FILE = "file:";

  /** Only the mapping rules. */
  public static ProviderChange ofMapping(String rules) {
    return new ProviderChange(null, null, null, null, null, null, null, rules);
  }

  /** Only what people see and whether it counts. */
  public static ProviderChange of(@Nullable String description, @Nullable Boolean enabled) {
    return new ProviderChange(description, enabled, null, null, null, null, null, null);
  }

  /** Whether it stops the provider and does nothing else. */
  boolean stops() {
    return equals(of(null, false));
  }

  /**
   * What is kept afterwards.
   *
   * @param caller who changes it
   * @param keys what knows which places of keys are allowed
   * @throws KmsException with {@link Problem.BadValue}
   */
  Rights.IdentityProvider of(Rights.IdentityProvider row, Caller caller, KeyKeeper keys) {
    boolean counts = Objects.requireNonNullElse(enabled, row.enabled());
    boolean keysSaid = keysLocation != null || keySet != null;
    return new Rights.IdentityProvider(
        row.id(),
        row.account(),
        row.name(),
        text("description", description, row.description()),
        issuerAfter(row.issuer()),
        audiencesAfter(row.audiences()),
        algorithmsAfter(row.algorithms()),
        keysSaid ? location(keys) : row.jwksLocation(),
        keysSaid ? keySetOrNone() : row.jwks(),
        mappingAfter(row.mapping()),
        counts,
        row.createdAt(),
        row.byAdministrators() && caller.principal().administrator(),
        row.enabled() && !counts ? row.generation() + 1 : row.generation(),
        row.rowVersion());
  }

  private static String text(String member, @Nullable String given, String before) {
    if (given == null) {
      return before;
    }
    if (given.length() > TEXT_MAX || given.chars().anyMatch(Character::isISOControl)) {
      throw bad(member, "must have at most 255 characters, none a control character");
    }
    return given;
  }

  private String issuerAfter(String before) {
    String after = text("idp_url", issuer, before);
    if (issuer != null && after.isBlank()) {
      throw bad("idp_url", "must be the issuer exactly as the tokens name it");
    }
    return after;
  }

  private String audiencesAfter(String before) {
    if (audiences == null) {
      return before;
    }
    if (audiences.isEmpty() || audiences.size() > AUDIENCES_MAX) {
      throw bad("client_id", "must be 1 to 10 audiences");
    }
    audiences.forEach(one -> {
      if (text("client_id", one, "").isBlank()) {
        throw bad("client_id", "must not be empty");
      }
    });
    return String.join("\n", audiences);
  }

  private String algorithmsAfter(String before) {
    if (algorithms == null) {
      return before;
    }
    if (algorithms.isEmpty()
        || algorithms.stream().anyMatch(name -> TokenAlgorithm.named(name).isEmpty())) {
      throw bad("algorithms", "must be some of RS256, PS256, ES256, ES384, EdDSA");
    }
    return String.join("\n", algorithms.stream().distinct().toList());
  }

  private String location(KeyKeeper keys) {
    if (keysLocation == null || keysLocation.isEmpty()) {
      return "";
    }
    boolean file = keysLocation.startsWith(FILE);
    KeySource source =
        file
            ? new KeySource.Named(keysLocation.substring(FILE.length()))
            : new KeySource.Url(keysLocation);
    if (!keys.takes(source)) {
      throw bad(
          file ? "jwks_file" : "jwks_uri",
          file
              ? "must be the name of a file in the folder that the operator set as"
                  + " federation.key-files"
              : "must be an https URL of a host that the operator named in federation.hosts");
    }
    return keysLocation;
  }

  private String keySetOrNone() {
    if (keySet == null || keySet.isEmpty()) {
      return "";
    }
    if (KeySet.read(keySet).isEmpty()) {
      throw bad(
          "signing_key",
          "must be a JSON Web Key Set with a public key for signatures: RSA of 2048 bits or more,"
              + " P-256, P-384 or Ed25519");
    }
    return keySet;
  }

  private String mappingAfter(String before) {
    if (mapping == null) {
      return before;
    }
    if (!mapping.isEmpty()) {
      MappingReader.read(mapping);
    }
    return mapping;
  }

  private static KmsException bad(String member, String why) {
    return Names.bad(member, member + " " + why + ".");
  }
}
