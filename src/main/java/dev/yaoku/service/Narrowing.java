package dev.yaoku.service;

import dev.yaoku.access.policy.CompiledPolicies;
import dev.yaoku.access.policy.Policy;
import dev.yaoku.access.policy.PolicyReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Policies that a credential is narrowed to, as its row keeps them: JSON texts, one after the other
 * (RFC 7464). Whatever is derived from it is narrowed to the same and may be to more.
 */
final class Narrowing {
  /** Cannot be part of valid JSON, so no policy can pretend to be two. */
  private static final char RECORD_SEPARATOR = '\u001e';

  private static final String NAME = "of the session";
  private static final String MEMBER = "auth.identity.policy";

  /** Of all policies of one credential: it keeps those of all that it came from. */
  private static final int BYTES_MAX = 12_288;

  private Narrowing() {}

  /**
   * Looks at a policy that is to narrow something, which takes long.
   *
   * @param document the policy; null for none
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.BadRequest} if it is none
   */
  static void mustBeInOrder(@Nullable String document) {
    if (document != null) {
      Policies.mustBeInOrder(MEMBER, NAME, document);
    }
  }

  /**
   * What is kept once one more policy narrows it.
   *
   * @param kept what was kept before, or null
   * @param document the policy, which is in order; null for none
   * @throws dev.yaoku.key.KmsException with {@link dev.yaoku.key.Problem.BadRequest} if they are
   *     too long together
   */
  static @Nullable String and(@Nullable String kept, @Nullable String document) {
    if (document == null) {
      return kept;
    }
    String all = (kept == null ? "" : kept) + RECORD_SEPARATOR + document + '\n';
    if (all.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX) {
      throw Names.bad(
          MEMBER,
          MEMBER
              + " and the policies that the credential is narrowed to already must have at most "
              + BYTES_MAX
              + " bytes together.");
    }
    return all;
  }

  /** Ready to decide; null if nothing narrows. */
  static @Nullable CompiledPolicies compile(@Nullable String kept) {
    if (kept == null) {
      return null;
    }
    CompiledPolicies all = null;
    for (Policy policy : policies(kept)) {
      CompiledPolicies one = CompiledPolicies.of(List.of(policy));
      all = all == null ? one : all.narrowedBy(one);
    }
    return all;
  }

  private static List<Policy> policies(String kept) {
    List<Policy> policies = new ArrayList<>();
    for (String document : kept.substring(1).split(String.valueOf(RECORD_SEPARATOR), -1)) {
      policies.add(PolicyReader.read("session", NAME, document));
    }
    return policies;
  }
}
