package dev.yaoku.access.policy;

import dev.yaoku.access.Action;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
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
    return ofParts(policies.stream().map(PolicyParts::of).toList());
  }

  /** Puts policies together that were compiled before. */
  public static CompiledPolicies ofParts(List<PolicyParts> policies) {
    return new CompiledPolicies(new Layer[] {new Layer(policies)});
  }

  /** The same for a session that may do only what this policy allows too. */
  public CompiledPolicies narrowedBy(Policy session) {
    Layer[] more = new Layer[layers.length + 1];
    System.arraycopy(layers, 0, more, 0, layers.length);
    more[layers.length] = new Layer(List.of(PolicyParts.of(session)));
    return new CompiledPolicies(more);
  }

  /** The same for a session that may do only what those allow too. */
  public CompiledPolicies narrowedBy(CompiledPolicies session) {
    Layer[] more = new Layer[layers.length + session.layers.length];
    System.arraycopy(layers, 0, more, 0, layers.length);
    System.arraycopy(session.layers, 0, more, layers.length, session.layers.length);
    return new CompiledPolicies(more);
  }

  /** How much of the heap it takes besides what {@link PolicyParts} take, in bytes, about. */
  public int weight() {
    return Stream.of(layers).mapToInt(layer -> layer.weight).sum();
  }

  /** How much of the heap it takes with all its parts, in bytes, about. */
  public int weightWithParts() {
    return weight() + Stream.of(layers).mapToInt(layer -> layer.weightOfParts).sum();
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

  /**
   * Decides about one request.
   *
   * @param action what is asked for
   * @param resource what it is about
   * @param circumstances what conditions look at
   */
  public Decision decide(Action action, Resource resource, Circumstances circumstances) {
    Decision plain = layers.length == 1 ? layers[0].lists(action).plain() : null;
    return plain != null ? plain : decide(action, resource, circumstances, new Work());
  }

  /** Decides within so much work. */
  Decision decide(Action action, Resource resource, Circumstances circumstances, Work work) {
    for (Layer layer : layers) {
      Decision denied = first(layer.denials(action), resource, circumstances, work);
      if (denied != null) {
        return denied;
      }
    }
    for (int i = 1; i < layers.length; i++) {
      if (first(layers[i].allowances(action), resource, circumstances, work) == null) {
        return Decision.OUTSIDE_SESSION;
      }
    }
    Decision allowed = first(layers[0].allowances(action), resource, circumstances, work);
    return allowed == null ? Decision.NOT_ALLOWED : allowed;
  }

  private static @Nullable Decision first(
      StatementList statements, Resource resource, Circumstances circumstances, Work work) {
    CompiledStatement statement = statements.first(resource, circumstances, work);
    return statement == null ? null : statement.decision();
  }

  /** What denies an action and what allows it. */
  private record Lists(StatementList denials, StatementList allowances, @Nullable Decision plain) {
    Lists(StatementList denials, StatementList allowances) {
      this(denials, allowances, plain(denials, allowances));
    }

    /** What is said whatever the request is about; null if that depends. */
    private static @Nullable Decision plain(StatementList denials, StatementList allowances) {
      CompiledStatement decides = denials.isEmpty() ? allowances.always() : denials.always();
      if (decides != null) {
        return decides.decision();
      }
      return denials.isEmpty() && allowances.isEmpty() ? Decision.NOT_ALLOWED : null;
    }
  }

  /** Policies of which one allowance suffices; by action, so that others cost nothing. */
  private static final class Layer {
    /** With the map. */
    private static final int OWN_BYTES = 1_000;

    private static final int STATEMENT_BYTES = 100;
    private static final int LISTS_BYTES = 24;

    private final Map<Action, Lists> lists = new EnumMap<>(Action.class);

    /** Without that of the policies' own parts. */
    private final int weight;

    private final int weightOfParts;

    Layer(List<PolicyParts> policies) {
      Vocabulary.Numbering numbering = new Vocabulary.Numbering();
      List<CompiledStatement> all =
          policies.stream()
              .flatMap(policy -> policy.statements().stream())
              .map(parts -> new CompiledStatement(parts, numbering))
              .toList();
      Vocabulary vocabulary = numbering.done();
      HookRoom room = new HookRoom(all);
      Map<Action, StatementList> denials = byAction(vocabulary, all, true, room);
      Map<Action, StatementList> allowances = byAction(vocabulary, all, false, room);
      Map<Lists, Lists> made = new HashMap<>();
      for (Action action : Action.values()) {
        Lists both =
            new Lists(
                Objects.requireNonNull(denials.get(action)),
                Objects.requireNonNull(allowances.get(action)));
        lists.put(action, made.computeIfAbsent(both, one -> one));
      }
      weight =
          OWN_BYTES
              + vocabulary.weight()
              + STATEMENT_BYTES * all.size()
              + LISTS_BYTES * made.size()
              + weight(denials)
              + weight(allowances);
      weightOfParts = policies.stream().mapToInt(PolicyParts::weight).sum();
    }

    private static int weight(Map<Action, StatementList> lists) {
      return lists.values().stream().distinct().mapToInt(StatementList::weight).sum();
    }

    Lists lists(Action action) {
      return Objects.requireNonNull(lists.get(action));
    }

    StatementList denials(Action action) {
      return lists(action).denials;
    }

    StatementList allowances(Action action) {
      return lists(action).allowances;
    }

    /** Actions with the same statements share one list: most policies name many by a wildcard. */
    private static Map<Action, StatementList> byAction(
        Vocabulary vocabulary, List<CompiledStatement> all, boolean denying, HookRoom room) {
      Map<List<CompiledStatement>, StatementList> made = new HashMap<>();
      Map<Action, StatementList> found = new EnumMap<>(Action.class);
      for (Action action : Action.values()) {
        List<CompiledStatement> about =
            all.stream().filter(one -> one.denies() == denying && one.isAbout(action)).toList();
        found.put(
            action,
            made.computeIfAbsent(
                about, statements -> new StatementList(vocabulary, statements, room)));
      }
      return found;
    }
  }
}
