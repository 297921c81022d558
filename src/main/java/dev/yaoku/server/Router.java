package dev.yaoku.server;

import dev.yaoku.api.Route;
import dev.yaoku.api.iam.IamPaths;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Finds the route of a request. Literal segments win over variables, variables over the rest of the
 * path; empty segments are passed over, but kept in a rest, also where it begins: {@code //env} is
 * the tag {@code /env}. A literal that leads nowhere gives way to a variable, but is never taken
 * for a key's id ({@code operations-new.md} section 1).
 */
final class Router {
  private static final int VARIABLES_MAX = 8;
  private static final String KEY_ID = "{key_id}";

  private final Node root = new Node();

  /**
   * A route and the values of its variables.
   *
   * @param number the route's place in the list that the router was made of
   */
  record Match(Route route, int number, Map<String, String> variables) {}

  private record Leaf(Route route, int number, List<String> names) {}

  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    @Nullable Node keyId;
    @Nullable Node variable;
    final Map<String, Leaf> byMethod = new HashMap<>();
    final Map<String, Leaf> restByMethod = new HashMap<>();
  }

  Router(List<Route> routes) {
    for (int i = 0; i < routes.size(); i++) {
      add(routes.get(i), i);
    }
  }

  private void add(Route route, int number) {
    Node node = root;
    List<String> names = new ArrayList<>();
    Map<String, Leaf> leaves = null;
    for (String segment : route.segments()) {
      if (segment.startsWith("{") && segment.endsWith("...}")) {
        names.add(segment.substring(1, segment.length() - 4));
        leaves = node.restByMethod;
      } else if (segment.startsWith("{") && segment.endsWith("}")) {
        names.add(segment.substring(1, segment.length() - 1));
        node = segment.equals(KEY_ID) ? belowKeyId(node) : belowVariable(node);
      } else if (!segment.isEmpty()) {
        node = node.literals.computeIfAbsent(segment, _ -> new Node());
      }
    }
    if (leaves == null) {
      leaves = node.byMethod;
    }
    if (leaves.put(route.method(), new Leaf(route, number, List.copyOf(names))) != null) {
      throw new IllegalStateException("two routes for " + route.method() + " " + route.path());
    }
  }

  private static Node belowKeyId(Node node) {
    Node below = node.keyId == null ? new Node() : node.keyId;
    node.keyId = below;
    return below;
  }

  private static Node belowVariable(Node node) {
    Node below = node.variable == null ? new Node() : node.variable;
    node.variable = below;
    return below;
  }

  /**
   * The route of a request.
   *
   * @throws KmsException with {@link Problem.NoSuchRoute} or {@link Problem.MethodNotSupported}
   */
  Match match(String method, List<String> segments) {
    Search search = new Search(method, segments);
    Leaf leaf = search.from(root, 0, 0);
    if (leaf != null) {
      return new Match(leaf.route(), leaf.number(), search.variables(leaf));
    }
    throw new KmsException(
        search.allowed.isEmpty() || IamPaths.isUnpublished(method, segments)
            ? new Problem.NoSuchRoute()
            : new Problem.MethodNotSupported(String.join(", ", search.allowed)));
  }

  /** One walk through the tree, with the way back when a branch leads nowhere. */
  private static final class Search {
    final String method;
    final List<String> segments;
    final String[] values = new String[VARIABLES_MAX];
    Set<String> allowed = Set.of();

    Search(String method, List<String> segments) {
      this.method = method;
      this.segments = segments;
    }

    @Nullable Leaf from(Node node, int at, int found) {
      int next = at;
      while (next < segments.size() && segments.get(next).isEmpty()) {
        next++;
      }
      if (next == segments.size()) {
        return leaf(node.byMethod);
      }
      Node literal = node.literals.get(segments.get(next));
      Leaf leaf = literal == null ? null : from(literal, next + 1, found);
      leaf = leaf == null ? through(node.variable, next, found) : leaf;
      leaf = leaf == null && literal == null ? through(node.keyId, next, found) : leaf;
      if (leaf == null && !node.restByMethod.isEmpty() && found < values.length) {
        leaf = leaf(node.restByMethod);
        values[found] = String.join("/", segments.subList(at, segments.size()));
      }
      return leaf;
    }

    /** The segment taken for the value of a variable. */
    private @Nullable Leaf through(@Nullable Node variable, int at, int found) {
      if (variable == null || found == values.length) {
        return null;
      }
      values[found] = segments.get(at);
      return from(variable, at + 1, found + 1);
    }

    private @Nullable Leaf leaf(Map<String, Leaf> byMethod) {
      Leaf leaf = byMethod.get(method);
      if (leaf == null) {
        allow(byMethod.keySet());
      }
      return leaf;
    }

    private void allow(Set<String> methods) {
      Set<String> all = new TreeSet<>(allowed);
      all.addAll(methods);
      allowed = all;
    }

    Map<String, String> variables(Leaf leaf) {
      List<String> names = leaf.names();
      return switch (names.size()) {
        case 0 -> Map.of();
        case 1 -> Map.of(names.getFirst(), values[0]);
        case 2 -> Map.of(names.get(0), values[0], names.get(1), values[1]);
        default -> {
          Map<String, String> all = new HashMap<>();
          for (int i = 0; i < names.size(); i++) {
            all.put(names.get(i), values[i]);
          }
          yield Map.copyOf(all);
        }
      };
    }
  }
}
