package dev.yaoku.conformance;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How a client's library writes and signs its requests (contract/authentication.md 2.3, 3.1). */
enum Style {
  /** chnsz/golangsdk of Terraform huaweicloud: no host, the project unsigned. */
  TERRAFORM("terraform-provider-huaweicloud golangsdk/2.0.0", "\n", false),
  /** gophertelekomcloud and the golangsdk of the Vault seal: a scope without region and service. */
  SCOPED("golangsdk/2.0.0", "\n", true),
  /** huaweicloud-sdk-go-v3, as SOPS uses it. */
  GO_SDK("huaweicloud-usdk-go/3.0; go1.25", "\n", false),
  /** huaweicloudsdkcore, as cloud-custodian and prowler use it. */
  PYTHON_SDK("huaweicloud-usdk-python/3.0", "", false),
  /** huaweicloud-sdk-nodejs-v3. */
  NODE_SDK("huaweicloud-usdk-nodejs/3.0", "", false),
  /** keystoneauth of python-otcextensions. */
  OTC_PYTHON("openstacksdk/4.1.0 keystoneauth1/5.8.0 python-requests/2.32", "", false),
  /** signatrust, which sends no User-Agent of its own. */
  SIGNATRUST("", "", false);

  private static final List<String> ADDED_AFTER_SIGNING = List.of("x-project-id", "x-domain-id");

  final String userAgent;
  final String endOfBody;
  final boolean scoped;

  Style(String userAgent, String endOfBody, boolean scoped) {
    this.userAgent = userAgent;
    this.endOfBody = endOfBody;
    this.scoped = scoped;
  }

  boolean byToken() {
    return this == OTC_PYTHON || this == SIGNATRUST;
  }

  /** What it sends beside the host, the length and the authorization. */
  Map<String, String> headers(boolean withBody, String project, String date) {
    Map<String, String> headers = new TreeMap<>();
    if (!userAgent.isEmpty()) {
      headers.put("user-agent", userAgent);
    }
    if (!byToken()) {
      headers.put("x-sdk-date", date);
      headers.put("x-project-id", project);
    }
    switch (this) {
      case TERRAFORM, SCOPED -> {
        headers.put("accept", "application/json");
        if (withBody) {
          headers.put("content-type", "application/json");
        }
      }
      case GO_SDK -> headers.put("content-type", "application/json;charset=UTF-8");
      case PYTHON_SDK -> {
        headers.put("accept", "*/*");
        headers.put("content-type", "application/json;charset=UTF-8");
      }
      case NODE_SDK -> {
        headers.put("accept", "application/json");
        headers.put("content-type", "application/json");
      }
      case OTC_PYTHON -> {
        headers.put("accept", "application/json");
        headers.put("x-language", "en-us");
        headers.put("content-type", "application/json");
      }
      case SIGNATRUST -> headers.put("content-type", "application/json");
    }
    return headers;
  }

  /** Which of the headers the signature covers; the host is among those given. */
  boolean signs(String header) {
    return switch (this) {
      case TERRAFORM -> !header.equals("host") && !ADDED_AFTER_SIGNING.contains(header);
      case SCOPED -> !ADDED_AFTER_SIGNING.contains(header);
      case GO_SDK -> !header.equals("host") && !header.equals("content-type");
      case PYTHON_SDK -> !header.equals("accept");
      case NODE_SDK -> !header.equals("accept") && !header.equals("user-agent");
      case OTC_PYTHON, SIGNATRUST -> false;
    };
  }
}
