package dev.yaoku.service;

import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.ProjectKey;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import java.time.Duration;
import java.util.List;
import java.util.function.LongSupplier;

/** The keys of projects, opened when needed and kept for a while. */
final class ProjectKeys {
  private static final int OPEN_MAX = 1_000;
  private static final int NEWEST = 0;

  private final Store store;
  private final Hierarchy hierarchy;
  private final SecretCache<Name, Open> cache;

  ProjectKeys(Store store, Hierarchy hierarchy, Duration keptFor, LongSupplier nanos) {
    this.store = store;
    this.hierarchy = hierarchy;
    this.cache = new SecretCache<>(OPEN_MAX, Long.MAX_VALUE, keptFor, nanos, _ -> 1);
  }

  private record Name(String project, int version) {}

  /** A project key in the cache. */
  record Open(ProjectKey key) implements SecretCache.Kept {
    @Override
    public void close() {
      key.close();
    }
  }

  /** The version that wraps new material. */
  Lease<Open> newest(String project) {
    return cache.borrow(new Name(project, NEWEST), this::load);
  }

  /** The version that wrapped some material. */
  Lease<Open> version(String project, int version) {
    return cache.borrow(new Name(project, version), this::load);
  }

  /** The version that wraps new material, for a transaction, which reads by itself. */
  Lease<Open> newest(Reading tx, String project) {
    return cache.borrow(new Name(project, NEWEST), name -> load(tx, name));
  }

  /** The version that wrapped some material, for a transaction. */
  Lease<Open> version(Reading tx, String project, int version) {
    return cache.borrow(new Name(project, version), name -> load(tx, name));
  }

  void sweep() {
    cache.sweep();
  }

  private Open load(Name name) {
    return store.read(tx -> load(tx, name));
  }

  private Open load(Reading tx, Name name) {
    List<Rows.ProjectKey> rows = tx.projectKeys(name.project());
    Rows.ProjectKey row =
        rows.stream()
            .filter(r -> name.version() == NEWEST || r.version() == name.version())
            .reduce((_, later) -> later)
            .orElseThrow(() -> new IllegalStateException("a project has no key: " + name));
    return new Open(
        hierarchy.openProjectKey(row.project(), row.version(), row.wrapped(), row.lasting()));
  }
}
