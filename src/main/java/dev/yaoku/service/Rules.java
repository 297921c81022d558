package dev.yaoku.service;

import dev.yaoku.crypto.KeySpec;
import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What an operator may choose about keys.
 *
 * @param regions what is served, this server's own region first
 * @param names when a key's name is taken
 * @param keysPerProjectMax quota of keys, those of cloud services not counted
 * @param tagsPerKeyMax quota of tags
 * @param aliasesPerKeyMax quota of aliases
 * @param grantsPerKeyMax quota of grants, and of one grantee's grants on a key
 * @param grantsCascade whether a grant that a grantee gave ends with his own
 * @param purgeGrace how long a key whose deletion date is reached can still be brought back
 * @param cachedKeysMax how many keys are kept in memory
 * @param cachedBytesMax how many bytes they may take, roughly
 * @param cachedFor how long at most
 * @param chineseAlgorithms whether SM2, SM3 and SM4 are offered
 * @param freeAliasMoves whether an alias may move to a key with imported material
 * @param rsaPairsAhead how many RSA pairs of each size are made ahead, 0 for none
 * @param keySpaces what holds in key spaces
 */
public record Rules(
    List<String> regions,
    NameRule names,
    int keysPerProjectMax,
    int tagsPerKeyMax,
    int aliasesPerKeyMax,
    int grantsPerKeyMax,
    boolean grantsCascade,
    Duration purgeGrace,
    int cachedKeysMax,
    long cachedBytesMax,
    Duration cachedFor,
    boolean chineseAlgorithms,
    boolean freeAliasMoves,
    int rsaPairsAhead,
    KeySpaces keySpaces) {

  /** Keeps a copy of the list. */
  public Rules {
    regions = List.copyOf(regions);
  }

  /**
   * Refuses to make keys of a kind that the operator does not want.
   *
   * @throws KmsException with {@link Problem.SpecNotOffered}
   */
  void mustOffer(KeySpec spec) {
    if (spec.isChinese() && !chineseAlgorithms) {
      throw new KmsException(new Problem.SpecNotOffered(spec.name()));
    }
  }

  /**
   * What an operator may choose about key spaces.
   *
   * @param allowed ids of the key spaces there are; empty if every id is one
   * @param accessPointsPerProjectMax quota of access points
   * @param privateKeyOnce whether the private key of an access point is handed out once only
   */
  public record KeySpaces(
      Set<String> allowed, int accessPointsPerProjectMax, boolean privateKeyOnce) {
    /** What the contract decides. */
    public static final KeySpaces USUAL = new KeySpaces(Set.of(), 1000, false);

    /**
     * Refuses a key space that there is not.
     *
     * @throws KmsException with {@link Problem.BadValue}
     */
    void mustHave(String keySpace) {
      if (!allowed.isEmpty() && !allowed.contains(keySpace)) {
        throw new KmsException(
            new Problem.BadValue(
                Field.OTHER, "keyspace_id", "keyspace_id must be one of this server's."));
      }
    }
  }

  /** When the name of a key is taken (contract/quirks.md D2). */
  public enum NameRule {
    /** By a key of the project that is not pending deletion. */
    UNIQUE,
    /** By any key of the project. */
    UNIQUE_WITH_PENDING,
    /** As {@link #UNIQUE}, but a key pending deletion is returned instead of a new one. */
    RETURN_PENDING,
    /** Never. */
    DUPLICATES
  }

  /**
   * What the contract decides.
   *
   * @param regions the server's own first
   */
  public static Rules defaults(String... regions) {
    return new Rules(
        List.of(regions),
        NameRule.UNIQUE,
        100,
        20,
        50,
        100,
        false,
        Duration.ofDays(7),
        10_000,
        32L << 20,
        Duration.ofMinutes(5),
        true,
        false,
        4,
        KeySpaces.USUAL);
  }
}
