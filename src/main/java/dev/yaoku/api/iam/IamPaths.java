package dev.yaoku.api.iam;

import dev.yaoku.api.Dialect;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which paths are the identity service's, and how it refuses there.
 *
 * @see "contract/authentication.md, section 4.4"
 */
public final class IamPaths {
  private static final Dialect OLDER = new IamErrors();
  private static final Dialect NEWER = new NewerIamErrors();

  private static final Pattern PROJECT = Pattern.compile("/*v3/+projects/+[^/]+/*");

  private IamPaths() {}

  /**
   * How the identity service refuses what is sent to this path; nothing if the path is not its own.
   *
   * @param target as a client sent it, which may mean nothing
   */
  public static Optional<Dialect> dialectOf(String target) {
    String[] parts = target.split("[/?]", 3);
    return switch (parts.length < 2 ? "" : parts[1]) {
      case "v3" -> Optional.of(OLDER);
      case "v3.0", "v5" -> Optional.of(NEWER);
      default -> Optional.empty();
    };
  }

  /**
   * Whether the cloud's gateway has no such call on a path where others are, and a client needs to
   * hear just that. Nobody deletes a project; Terraform gives one up when there is no call for it,
   * and fails for ever on any other refusal.
   */
  public static boolean isUnpublished(String method, List<String> segments) {
    return method.equals("DELETE") && PROJECT.matcher(String.join("/", segments)).matches();
  }
}
