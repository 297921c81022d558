package dev.yaoku.api;

import dev.yaoku.key.Problem;

/** How one family of routes writes its refusals. */
public interface Dialect {
  /** The answer for a refusal: one exhaustive switch over all problems. */
  Answer refusal(Problem problem, String requestId);
}
