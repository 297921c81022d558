package dev.yaoku.service;

import dev.yaoku.crypto.KeySpec;
import java.time.Duration;

/**
 * What an operator may choose about keys.
 *
 * @param region what a key's realm is unless the request names one
 * @param names when a key's name is taken
 * @param keysPerProjectMax quota of keys, those of cloud services not counted
 * @param tagsPerKeyMax quota of tags
 * @param aliasesPerKeyMax quota of aliases
 * @param grantsPerKeyMax quota of grants, and of one grantee's grants on a key
 * @param purgeGrace how long a key whose deletion date is reached can still be brought back
 * @param cachedKeysMax how many keys are kept in memory
 * @param cachedBytesMax how many bytes they may take, roughly
 * @param cachedFor how long at most
 * @param chineseAlgorithms whether SM2, SM3 and SM4 are offered
 * @param freeAliasMoves whether an alias may move to a key with imported material
 */
public record Rules(
    String region,
    NameRule names,
    int keysPerProjectMax,
    int tagsPerKeyMax,
    int aliasesPerKeyMax,
    int grantsPerKeyMax,
    Duration purgeGrace,
    int cachedKeysMax,
    long cachedBytesMax,
    Duration cachedFor,
    boolean chineseAlgorithms,
    boolean freeAliasMoves) {

  /** Whether keys of this kind can be made. */
  boolean offers(KeySpec spec) {
    return chineseAlgorithms || !spec.isChinese();
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

  /** What the contract decides. */
  public static Rules defaults(String region) {
    return new Rules(
        region,
        NameRule.UNIQUE,
        100,
        20,
        50,
        100,
        Duration.ofDays(7),
        10_000,
        32L << 20,
        Duration.ofMinutes(5),
        true,
        false);
  }
}
