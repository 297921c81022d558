package dev.yaoku.api.iam;

import dev.yaoku.access.Caller;
import dev.yaoku.access.RequestHead;
import dev.yaoku.access.TokenText;
import java.util.Objects;

/** By what callers prove who they are, as the name under which it is stored. */
final class Parents {
  private Parents() {}

  /** Whether the head of a request says who calls. */
  static boolean areOffered(RequestHead head) {
    return offers(head, "authorization") || offers(head, "x-auth-token");
  }

  /** Whether a header is there and not empty. */
  static boolean offers(RequestHead head, String header) {
    String value = head.only(header);
    return value != null && !value.isEmpty();
  }

  /** The SHA-256 of the token, or the access key that signed; a signature goes before a token. */
  static String of(RequestHead head, Caller caller) {
    return caller.principal().byToken()
        ? TokenText.sha256(Objects.requireNonNullElse(head.only("x-auth-token"), ""))
        : caller.principal().credential();
  }
}
