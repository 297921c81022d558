package dev.yaoku.access.policy;

import dev.yaoku.access.Action;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * All policies of one principal, ready to decide: a statement that denies goes before everything;
 * then each policy that narrows the session must allow, then one of the principal's own ({@code
 * authentication.md}, section 7). Immutable, for any number of threads.
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
      if (layer.allowances(action).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  /** Whether any statement could deny the action. */
  public boolean couldDeny(Action action) {
    for (Layer layer : layers) {
      if (!layer.denials(action).isEmpty()) {
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
      StatementList statements, Resource resource, Circumstances circumstances) {
    CompiledStatement statement = statements.first(resource, circumstances);
    return statement == null ? null : statement.decision();
  }

  /** Policies of which one allowance suffices; by action, so that others cost nothing. */
  private static final class Layer {
    private final Map<Action, StatementList> denials;
    private final Map<Action, StatementList> allowances;

    Layer(List<Policy> policies) {
      Vocabulary vocabulary = new Vocabulary();
      List<CompiledStatement> all =
          policies.stream()
              .flatMap(policy ->
                  IntStream.range(0, policy.statements().size())
                      .mapToObj(index -> new CompiledStatement(policy, index, vocabulary)))
              .toList();
      denials = byAction(vocabulary, all, true);
      allowances = byAction(vocabulary, all, false);
    }

    StatementList denials(Action action) {
      return Objects.requireNonNull(denials.get(action));
    }

    StatementList allowances(Action action) {
      return Objects.requireNonNull(allowances.get(action));
    }

    /** Actions with the same statements share one list: most policies name many by a wildcard. */
    private static Map<Action, StatementList> byAction(
        Vocabulary vocabulary, List<CompiledStatement> all, boolean denying) {
      Map<List<CompiledStatement>, StatementList> made = new HashMap<>();
      Map<Action, StatementList> found = new EnumMap<>(Action.class);
      for (Action action : Action.values()) {
        List<CompiledStatement> about =
            all.stream().filter(one -> one.denies() == denying && one.isAbout(action)).toList();
        found.put(
            action,
            made.computeIfAbsent(about, statements -> new StatementList(vocabulary, statements)));
      }
      return found;
    }
  }
}
