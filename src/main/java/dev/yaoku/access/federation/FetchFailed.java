package dev.yaoku.access.federation;

import java.io.IOException;
import java.io.Serial;

/** Keys could not be fetched, for a reason that the operator may read. */
final class FetchFailed extends IOException {
  @Serial private static final long serialVersionUID = 1;

  FetchFailed(String why) {
    super(why);
  }
}
