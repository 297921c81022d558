package dev.yaoku.access.federation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** What a token that was checked says of its owner. */
public final class Claims {
  private final JsonNode members;
  private final Instant expiresAt;

  Claims(JsonNode members, Instant expiresAt) {
    this.members = members;
    this.expiresAt = expiresAt;
  }

  /** When the token's life is over. */
  public Instant expiresAt() {
    return expiresAt;
  }

  /**
   * The values of a claim: one of a text, a number or a truth value, several of an array of such;
   * none of anything else, nor of an array with anything else in it, which may be what a condition
   * forbids. There are no more than a token has room for.
   *
   * @param name the claim's name, or a path to a nested one that begins with a slash, such as
   *     {@code /realm_access/roles} (RFC 6901)
   * @see IdentityToken#CHARACTERS_MAX
   */
  public List<String> values(String name) {
    JsonNode claim = name.startsWith("/") ? members.at(name) : members.get(name);
    if (claim == null) {
      return List.of();
    }
    List<String> values = new ArrayList<>();
    for (JsonNode value : claim.isArray() ? claim : List.of(claim)) {
      String one = text(value);
      if (one == null) {
        return List.of();
      }
      values.add(one);
    }
    return values;
  }

  private static @Nullable String text(JsonNode value) {
    if (value.isString()) {
      return value.stringValue();
    }
    return value.isNumber() || value.isBoolean() ? value.asString() : null;
  }
}
