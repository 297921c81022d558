package dev.yaoku.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.policy.CompiledPolicies;
import org.junit.jupiter.api.Test;

/** Whoever calls, and by what. */
class PrincipalTest {
  private static final Principal ALICE =
      new Principal("account", "home", "user", "alice", false, "credential", true, "project");

  @Test
  void onlyWhatPoliciesNarrowChangesWhereOneIsNarrowed() {
    Principal narrowed = ALICE.narrowedTo(CompiledPolicies.NONE);
    assertThat(narrowed.session().narrowing()).isSameAs(CompiledPolicies.NONE);
    assertThat(narrowed.session().isLesser()).isTrue();
    assertThat(narrowed).usingRecursiveComparison().ignoringFields("session").isEqualTo(ALICE);
    assertThat(ALICE.narrowedTo(null)).isEqualTo(ALICE);
  }

  @Test
  void policiesThatNarrowAreNotForgottenForOthers() {
    Principal narrowed = ALICE.narrowedTo(CompiledPolicies.NONE);
    assertThatThrownBy(() -> narrowed.narrowedTo(null)).isInstanceOf(IllegalStateException.class);
    assertThat(narrowed.in("other").session().narrowing()).isSameAs(CompiledPolicies.NONE);
  }
}
