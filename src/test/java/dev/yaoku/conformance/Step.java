package dev.yaoku.conformance;

import java.util.Map;

/**
 * One call that succeeds, of the walk through all operations. {@code $name} stands for what an
 * earlier step noted; apostrophes in the body stand for quotes.
 *
 * @param target path and query
 * @param body empty for none
 * @param notes what to keep of the answer: pointers into it, by name
 */
record Step(
    String operation, String method, String target, String body, Map<String, String> notes) {

  private static final String PROJECT = "/v1.0/$project";

  /** A POST below {@code /kms/}. */
  static Step kms(String operation, String path, String body) {
    return new Step(operation, "POST", PROJECT + "/kms/" + path, body, Map.of());
  }

  static Step get(String operation, String target) {
    return new Step(operation, "GET", target, "", Map.of());
  }

  /** A call of the project with any method. */
  static Step project(String operation, String method, String path, String body) {
    return new Step(operation, method, PROJECT + path, body, Map.of());
  }

  /** A call about a key below {@code /v2}. */
  static Step region(String operation, String method, String path, String body) {
    return new Step(operation, method, "/v2/$project/kms/" + path, body, Map.of());
  }

  Step noting(String name, String pointer) {
    return new Step(operation, method, target, body, Map.of(name, pointer));
  }

  Step noting(String name, String pointer, String other, String otherPointer) {
    return new Step(operation, method, target, body, Map.of(name, pointer, other, otherPointer));
  }
}
