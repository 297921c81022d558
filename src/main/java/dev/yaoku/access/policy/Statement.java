package dev.yaoku.access.policy;

import java.util.List;

/**
 * One statement of a policy. It applies to a request if action, resource and every condition do.
 *
 * @param sid its name; empty if it has none
 * @param effect what it does
 * @param actions names with wildcards
 * @param butActions whether it is about all actions but those ({@code NotAction})
 * @param resources names with wildcards, or the URIs of agencies; empty for all
 * @param butResources whether it is about all resources but those ({@code NotResource})
 * @param conditions all must hold
 */
public record Statement(
    String sid,
    Effect effect,
    List<String> actions,
    boolean butActions,
    List<String> resources,
    boolean butResources,
    List<Condition> conditions) {
  /** A statement. */
  public Statement {
    actions = List.copyOf(actions);
    resources = List.copyOf(resources);
    conditions = List.copyOf(conditions);
  }
}
