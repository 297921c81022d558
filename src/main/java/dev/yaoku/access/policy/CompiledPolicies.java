package dev.yaoku.access.policy;

import dev.yaoku.access.Action;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All policies of one principal, ready to decide: a statement that denies goes before everything;
 * then each policy that narrows the session must allow, then one of the principal's own ({@code
 * authentication.md}, section 7). Immutable, for any number of threads; a decision allocates
 * nothing but what the circumstances and the conditions on numbers, times and addresses do.
 */
public final class CompiledPolicies {
  /** Of a principal without policies: nothing is allowed. */
  public static final CompiledPolicies NONE = of(List.of());

  /** The principal's own, then one for each narrowing. */
  private final Layer[] layers;

  private CompiledPolicies(Layer[] layers) {
    this.layers = layers;
  }

  /** Compiles policies that the reader read. */
  public static CompiledPolicies of(List<Policy> policies) {
    return new CompiledPolicies(new Layer[] {new Layer(policies)});
  }

  /** The same for a session that may do only what this policy allows too. */
  public CompiledPolicies narrowedBy(Policy session) {
    Layer[] more = new Layer[layers.length + 1];
    System.arraycopy(layers, 0, more, 0, layers.length);
    more[layers.length] = new Layer(List.of(session));
    return new CompiledPolicies(more);
  }

  /** The same for a session that may do only what those allow too. */
  public CompiledPolicies narrowedBy(CompiledPolicies session) {
    Layer[] more = new Layer[layers.length + session.layers.length];
    System.arraycopy(layers, 0, more, 0, layers.length);
    System.arraycopy(session.layers, 0, more, layers.length, session.layers.length);
    return new CompiledPolicies(more);
  }

  /** Whether any statement could allow the action, whatever it is about. */
  public boolean couldAllow(Action action) {
    for (Layer layer : layers) {
      if (layer.allowances(action).length == 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether any statement could deny the action. */
  public boolean couldDeny(Action action) {
    for (Layer layer : layers) {
      if (layer.denials(action).length > 0) {
        return true;
      }
    }
    return false;
  }

  /**
   * Decides about one request.
   *
   * @param action what is asked for
   * @param resource what it is about
   * @param circumstances what conditions look at
   */
  public Decision decide(Action action, Resource resource, Circumstances circumstances) {
    for (Layer layer : layers) {
      Decision denied = first(layer.denials(action), resource, circumstances);
      if (denied != null) {
        return denied;
      }
    }
    for (int i = 1; i < layers.length; i++) {
      if (first(layers[i].allowances(action), resource, circumstances) == null) {
        return Decision.OUTSIDE_SESSION;
      }
    }
    Decision allowed = first(layers[0].allowances(action), resource, circumstances);
    return allowed == null ? Decision.NOT_ALLOWED : allowed;
  }

  private static @Nullable Decision first(
      CompiledStatement[] statements, Resource resource, Circumstances circumstances) {
    for (CompiledStatement statement : statements) {
      if (statement.applies(resource, circumstances)) {
        return statement.decision();
      }
    }
    return null;
  }

  /** Policies of which one allowance suffices; by action, so that others cost nothing. */
  private static final class Layer {
    private static final CompiledStatement[] NOTHING = {};

    private final Map<Action, CompiledStatement[]> denials;
    private final Map<Action, CompiledStatement[]> allowances;

    Layer(List<Policy> policies) {
      List<CompiledStatement> all =
          policies.stream()
              .flatMap(policy ->
                  IntStream.range(0, policy.statements().size())
                      .mapToObj(index -> new CompiledStatement(policy, index)))
              .toList();
      denials = byAction(all, true);
      allowances = byAction(all, false);
    }

    CompiledStatement[] denials(Action action) {
      return denials.getOrDefault(action, NOTHING);
    }

    CompiledStatement[] allowances(Action action) {
      return allowances.getOrDefault(action, NOTHING);
    }

    private static Map<Action, CompiledStatement[]> byAction(
        List<CompiledStatement> all, boolean denying) {
      Map<Action, CompiledStatement[]> found = new EnumMap<>(Action.class);
      for (Action action : Action.values()) {
        found.put(
            action,
            all.stream()
                .filter(one -> one.denies() == denying && one.isAbout(action))
                .toArray(CompiledStatement[]::new));
      }
      return found;
    }
  }
}
