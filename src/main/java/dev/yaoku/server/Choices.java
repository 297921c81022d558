package dev.yaoku.server;

import dev.yaoku.access.FailureThrottle;
import dev.yaoku.api.huawei.HuaweiOptions;
import dev.yaoku.service.Rules;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Hands each room the part of the configuration that it understands. */
final class Choices {
  private Choices() {}

  static Rules rules(Config config) {
    return new Rules(
        regions(config),
        names(config.contract().duplicateNames()),
        config.quotas().keys(),
        config.quotas().tags(),
        config.quotas().aliases(),
        config.quotas().grants(),
        config.grants().cascade(),
        config.keys().purgeGrace(),
        config.keys().cacheCount(),
        config.keys().cacheBytes(),
        config.keys().cacheTime(),
        config.crypto().sm(),
        config.contract().freeAliasMoves(),
        config.crypto().rsaPairsAhead(),
        new Rules.KeySpaces(
            Set.copyOf(config.keySpaces().allowed()),
            config.quotas().accessPoints(),
            config.keySpaces().privateKeyOnce()));
  }

  /** This server's own region, then the others. */
  static List<String> regions(Config config) {
    return Stream.concat(Stream.of(config.region()), config.otherRegions().stream())
        .distinct()
        .toList();
  }

  private static Rules.NameRule names(String choice) {
    return switch (choice) {
      case "refuse" -> Rules.NameRule.UNIQUE;
      case "refuse-also-deleted" -> Rules.NameRule.UNIQUE_WITH_PENDING;
      case "return-deleted" -> Rules.NameRule.RETURN_PENDING;
      case "allow" -> Rules.NameRule.DUPLICATES;
      default -> throw new IllegalStateException("contract.duplicate-names: " + choice);
    };
  }

  static HuaweiOptions dialect(Config config) {
    return new HuaweiOptions(
        config.auth().tokenExpiredStatus() == 401,
        config.contract().flatErrorsToo(),
        config.contract().listAesOnly(),
        config.contract().importOaepSha1(),
        aliasList(config.contract().aliasList()));
  }

  private static HuaweiOptions.AliasList aliasList(String choice) {
    return switch (choice) {
      case "array" -> HuaweiOptions.AliasList.ARRAY;
      case "object" -> HuaweiOptions.AliasList.OBJECT;
      default -> HuaweiOptions.AliasList.BY_USER_AGENT;
    };
  }

  /** A tenth of what may pile up is forgiven each second. */
  static FailureThrottle.Limits failures(Config config) {
    int source = config.auth().failuresPerSource();
    int credential = config.auth().failuresPerCredential();
    return new FailureThrottle.Limits(
        source,
        Math.ceilDiv(source, 10),
        credential,
        Math.ceilDiv(credential, 10),
        FailureThrottle.Limits.USUAL.entriesMax());
  }
}
