package dev.yaoku.store;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a task did to the rows, so far: what its transaction and other servers must know of it. */
final class Written {
  private final Statements statements;
  private final SqlDialect dialect;
  private final List<RowChange> changes = new ArrayList<>();

  /** Keys of which other servers may have something in memory that is not so any more. */
  private final Set<ChangedKeys.Touched> touched = new LinkedHashSet<>();

  /** Nobody knows an id before its key is there, so nothing is in memory of these. */
  private final Set<String> fresh = new HashSet<>();

  private boolean wrote;
  private boolean changed;
  private boolean purged;

  Written(Statements statements, SqlDialect dialect) {
    this.statements = statements;
    this.dialect = dialect;
  }

  /** Whether there is anything to roll back. */
  boolean wrote() {
    return wrote;
  }

  /** Whether anything but events was written. */
  boolean changed() {
    return changed;
  }

  /** Whether key material, or what opens it on its way here, was removed for good. */
  boolean purged() {
    return purged;
  }

  /** The keys that others must look at anew. */
  Set<ChangedKeys.Touched> touched() {
    touched.removeIf(what -> fresh.contains(what.key()));
    return touched;
  }

  /** The changes, in order. */
  List<RowChange> changes() {
    return List.copyOf(changes);
  }

  /** Something is about to be written, so that there is something to roll back if it fails. */
  void noteWrite() {
    wrote = true;
  }

  /** The same with what counts as a change, but is no row of {@link Tables}. */
  void noteChange() {
    wrote = true;
    changed = true;
  }

  /** Writes rows that are read anew wherever they count, so that nobody must look for changes. */
  void unnoticed(Runnable writes) {
    boolean before = changed;
    writes.run();
    changed = before;
  }

  /** Key material, or what opens it on its way here, was removed for good. */
  void notePurge() {
    purged = true;
  }

  /** A key is about to be inserted. */
  void noteNewKey(String key) {
    fresh.add(key);
  }

  /** Others must look at a key anew. */
  void noteTouched(String key) {
    if (dialect == SqlDialect.POSTGRES) {
      touched.add(ChangedKeys.Touched.key(key, statements));
    }
  }

  /** A row was changed, or deleted: then its version is 0 and its MAC empty. */
  void note(Row row, long version, String mac) {
    if (dialect == SqlDialect.POSTGRES) {
      touched.addAll(ChangedKeys.touchedBy(row, statements));
    }
    note(List.of(new RowChange(row.table().name(), row.primaryKey(), version, mac)));
  }

  /** Changes that touch no key. */
  void note(Collection<RowChange> made) {
    changed |= !made.isEmpty();
    changes.addAll(made);
  }
}
