package dev.yaoku.api.iam;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Dialect;
import dev.yaoku.key.Problem;

/**
 * How the newer identity routes, those under {@code /v3.0} and {@code /v5}, write refusals: {@code
 * {"error_code":"IAM.0011","error_msg":…}}. Status, sentence and headers are those of the older
 * ones.
 *
 * @see "contract/authentication.md, section 4.4"
 */
final class NewerIamErrors implements Dialect {
  record Body(String errorMsg, String errorCode) {}

  @Override
  public Answer refusal(Problem problem, String requestId) {
    IamErrors.Said said = IamErrors.say(problem);
    String code = code(problem, said.status());
    return new Answer(
        said.status(), said.headers(), IamJson.write(new Body(said.message(), code)), code);
  }

  private static String code(Problem problem, int status) {
    return switch (problem) {
      case Problem.BadJson _ -> "IAM.0011";
      case Problem.NotAllowed _, Problem.KeyNotAllowed _, Problem.ForAdministrators _ -> "IAM.0003";
      default ->
          switch (status) {
            case 400 -> "IAM.0007";
            case 401 -> "IAM.0001";
            case 403 -> "IAM.0002";
            case 404 -> "IAM.0004";
            case 409 -> "IAM.0005";
            case 500 -> "IAM.0006";
            default -> "IAM." + status;
          };
    };
  }
}
