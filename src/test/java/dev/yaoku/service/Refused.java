package dev.yaoku.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Says that a call is refused, and why. */
public final class Refused {
  private Refused() {}

  /** The refusal of a call that must be refused. */
  public static Problem problem(ThrowingCallable call) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).isInstanceOf(KmsException.class);
    return ((KmsException) thrown).problem();
  }

  /** Says that a call is refused with exactly this problem. */
  public static void with(Problem problem, ThrowingCallable call) {
    assertThat(problem(call)).isEqualTo(problem);
  }
}
