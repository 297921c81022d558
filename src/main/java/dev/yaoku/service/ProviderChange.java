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
import java.util.LinkedHashSet;
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
   * Looks whether all that was sent is as it should be. To read keys and rules takes long, so this
   * is asked before a transaction and not in it (SECURITY_DESIGN H9).
   *
   * @param keys what knows which places of keys are allowed
   * @throws KmsException with {@link Problem.BadValue}
   */
  void mustBeInOrder(KeyKeeper keys) {
    mustBeText("description", description);
    mustBeText("idp_url", issuer);
    if (issuer != null && issuer.isBlank()) {
      throw bad("idp_url", "must be the issuer exactly as the tokens name it");
    }
    if (audiences != null) {
      mustBeAudiences(audiences);
    }
    if (algorithms != null) {
      mustBeAlgorithms(algorithms);
    }
    if (keysLocation != null && !keysLocation.isEmpty()) {
      mustBeLocation(keysLocation, keys);
    }
    if (keySet != null && !keySet.isEmpty()) {
      mustBeKeySet(keySet);
    }
    if (mapping != null && !mapping.isEmpty()) {
      MappingReader.read(mapping);
    }
  }

  /**
   * What is kept afterwards, of a change that is in order.
   *
   * @param caller who changes it
   */
  Rights.IdentityProvider appliedTo(Rights.IdentityProvider row, Caller caller) {
    boolean counts = Objects.requireNonNullElse(enabled, row.enabled());
    boolean keysSaid = keysLocation != null || keySet != null;
    return new Rights.IdentityProvider(
        row.id(),
        row.account(),
        row.name(),
        Objects.requireNonNullElse(description, row.description()),
        Objects.requireNonNullElse(issuer, row.issuer()),
        audiences == null ? row.audiences() : String.join("\n", audiences),
        algorithms == null ? row.algorithms() : String.join("\n", new LinkedHashSet<>(algorithms)),
        keysSaid ? Objects.requireNonNullElse(keysLocation, "") : row.jwksLocation(),
        keysSaid ? Objects.requireNonNullElse(keySet, "") : row.jwks(),
        Objects.requireNonNullElse(mapping, row.mapping()),
        counts,
        row.createdAt(),
        row.byAdministrators() && caller.principal().administrator(),
        row.enabled() && !counts ? row.generation() + 1 : row.generation(),
        row.rowVersion());
  }

  private static void mustBeText(String member, @Nullable String given) {
    if (given != null
        && (given.length() > TEXT_MAX || given.chars().anyMatch(Character::isISOControl))) {
      throw bad(member, "must have at most 255 characters, none a control character");
    }
  }

  private static void mustBeAudiences(List<String> given) {
    if (given.isEmpty() || given.size() > AUDIENCES_MAX) {
      throw bad("client_id", "must be 1 to 10 audiences");
    }
    given.forEach(one -> {
      mustBeText("client_id", one);
      if (Objects.requireNonNullElse(one, "").isBlank()) { // as JSON may have null there
        throw bad("client_id", "must not be empty");
      }
    });
  }

  private static void mustBeAlgorithms(List<String> given) {
    if (given.isEmpty() || given.stream().anyMatch(name -> TokenAlgorithm.named(name).isEmpty())) {
      throw bad("algorithms", "must be some of RS256, PS256, ES256, ES384, EdDSA");
    }
  }

  private static void mustBeLocation(String given, KeyKeeper keys) {
    boolean file = given.startsWith(FILE);
    KeySource source =
        file ? new KeySource.Named(given.substring(FILE.length())) : new KeySource.Url(given);
    if (!keys.takes(source)) {
      throw bad(
          file ? "jwks_file" : "jwks_uri",
          file
              ? "must be the name of a file in the folder that the operator set as"
                  + " federation.key-files"
              : "must be an https URL of a host that the operator named in federation.hosts");
    }
  }

  private static void mustBeKeySet(String given) {
    if (KeySet.read(given).isEmpty()) {
      throw bad(
          "signing_key",
          "must be a JSON Web Key Set with a public key for signatures: RSA of 2048 bits or more,"
              + " P-256, P-384 or Ed25519");
    }
  }

  private static KmsException bad(String member, String why) {
    return Names.bad(member, member + " " + why + ".");
  }
}
