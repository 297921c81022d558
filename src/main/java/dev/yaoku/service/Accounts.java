package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.Directory.KnownProject;
import dev.yaoku.store.Store;
import java.util.List;

/** What callers may learn of their own account. */
public final class Accounts {
  private final Store store;

  /** An account as its members see it. */
  public record Account(String id, String name, boolean enabled) {}

  /** Accounts of one installation. */
  public Accounts(Store store) {
    this.store = store;
  }

  /**
   * The projects of the caller's account, by name. That they are there is told to everybody in it,
   * what is written about one to those who may have it shown.
   */
  public List<Projects.Project> projects(Caller caller) {
    caller.mustBeAllowed(Action.LIST_PROJECTS);
    String account = caller.principal().account();
    return store
        .read(tx -> tx.projects(account).stream().map(Projects.Project::of).toList())
        .stream()
        .map(project ->
            caller.mayDo(Action.SHOW_PROJECT, Projects.subject(caller, project.name()))
                ? project
                : project.withoutDescription())
        .toList();
  }

  /** The projects that the caller's services are in. */
  public List<KnownProject> catalog(Caller caller) {
    caller.mustBeAllowed(Action.SHOW_CATALOG);
    return ofAccountOf(caller);
  }

  /** The same as part of an answer to a question that was permitted already. */
  public List<KnownProject> ofAccountOf(Caller caller) {
    return of(caller.principal().account());
  }

  /** The projects of an account that the caller has just got a token for. */
  public List<KnownProject> of(String account) {
    return store.read(tx -> tx.projects(account).stream().map(Identities::known).toList());
  }

  /** The caller's account, as a list of one. */
  public List<Account> domains(Caller caller) {
    caller.mustBeAllowed(Action.LIST_DOMAINS);
    String account = caller.principal().account();
    return store.read(tx ->
        tx.account(account).stream().map(a -> new Account(a.id(), a.name(), a.enabled())).toList());
  }
}
