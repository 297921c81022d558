package dev.yaoku.api.iam;

import dev.yaoku.access.RequestHead;
import dev.yaoku.api.PublicUrl;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;

/** Where clients are told that this server is. */
final class Endpoints {
  private Endpoints() {}

  /**
   * The URL under which this request reached the server, without a slash at its end.
   *
   * @throws KmsException with {@link Problem.BadRequest} if its {@code Host} says none
   */
  static String base(RequestHead head) {
    return PublicUrl.of(head)
        .orElseThrow(() ->
            new KmsException(new Problem.BadRequest("The Host header is missing or malformed.")));
  }
}
