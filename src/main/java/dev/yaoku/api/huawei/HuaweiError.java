package dev.yaoku.api.huawei;

import dev.yaoku.api.Answer;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An error as the wire shows it.
 *
 * @param status HTTP status
 * @param code such as {@code KMS.0207}
 * @param message a sentence for people; never a secret
 * @param headers further headers
 */
record HuaweiError(int status, String code, String message, Map<String, String> headers) {

  static HuaweiError withStatus(int status, String code, String message) {
    return new HuaweiError(status, code, message, Map.of());
  }

  /** A refusal of the service itself with the usual status. */
  static HuaweiError bad(String code, String message) {
    return withStatus(400, code, message);
  }

  HuaweiError with(String header, String value) {
    return new HuaweiError(status, code, message, Map.of(header, value));
  }

  /**
   * The answer: nested for codes of the service, flat for those of the gateway in front of it
   * (errors.md 1).
   */
  Answer answer(String requestId, boolean flatToo) {
    Map<String, Object> body = new LinkedHashMap<>();
    if (code.startsWith("APIGW.")) {
      body.put("error_code", code);
      body.put("error_msg", message);
      body.put("request_id", requestId);
    } else {
      Map<String, String> pair = new LinkedHashMap<>();
      pair.put("error_code", code);
      pair.put("error_msg", message);
      body.put("error", pair);
      if (flatToo) {
        body.putAll(pair);
      }
    }
    return new Answer(status, headers, Json.write(body), code);
  }
}
