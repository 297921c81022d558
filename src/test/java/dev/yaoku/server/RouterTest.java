package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.api.Route;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouterTest {
  private final Router router =
      new Router(
          List.of(
              route("GET", "/"),
              route("GET", "/{version_id}"),
              route("POST", "/v1.0/{project_id}/kms/resource_instances/action"),
              route("POST", "/v1.0/{project_id}/kms/{resource_instances}/action"),
              route("POST", "/v1.0/{project_id}/kms/{key_id}/tags"),
              route("GET", "/v1.0/{project_id}/kms/{key_id}/tags"),
              route("GET", "/v1.0/{project_id}/kms/tags"),
              route("POST", "/v1.0/{project_id}/kms/{key_id}/tags/action"),
              route("DELETE", "/v1.0/{project_id}/kms/{key_id}/tags/{key...}"),
              route("POST", "/v1.0/{project_id}/kms/alias/associate"),
              route("POST", "/v1.0/{project_id}/keystores/{keystore_id}/enable")));

  private static Route route(String method, String path) {
    return Listening.route(method, path, Route.Lane.FAST, Listening::echo);
  }

  private String found(String method, String... segments) {
    return router.match(method, List.of(segments)).route().path();
  }

  @Test
  void literalSegmentsWinOverVariables() {
    assertThat(found("POST", "v1.0", "p", "kms", "resource_instances", "action"))
        .endsWith("/resource_instances/action");
    assertThat(found("POST", "v1.0", "p", "kms", "k", "tags", "action")).endsWith("/tags/action");
    assertThat(found("GET", "v1.0", "p", "kms", "tags")).endsWith("/kms/tags");
    assertThat(found("GET")).isEqualTo("/");
    assertThat(found("GET", "v1.0")).isEqualTo("/{version_id}");
  }

  @Test
  void aLiteralThatLeadsNowhereGivesWayToTheVariable() {
    assertThat(found("GET", "v1.0")).isEqualTo("/{version_id}");
    assertThat(
            router.match("DELETE", List.of("v1.0", "p", "kms", "k", "tags", "action")).variables())
        .containsEntry("key", "action");
  }

  @Test
  void aLiteralIsNeverTakenForAKeysId() {
    assertThatThrownBy(() -> found("POST", "v1.0", "p", "kms", "alias", "tags"))
        .hasMessageContaining("NoSuchRoute");
    assertThatThrownBy(() -> found("DELETE", "v1.0", "p", "kms", "alias", "tags", "associate"))
        .hasMessageContaining("NoSuchRoute");
    assertThatThrownBy(() -> found("POST", "v1.0", "p", "kms", "alias", "tags", "action"))
        .hasMessageContaining("NoSuchRoute");
    assertThat(found("POST", "v1.0", "p", "kms", "alias", "action")).endsWith("/action");
    assertThat(found("POST", "v1.0", "p", "kms", "aliases", "tags")).endsWith("{key_id}/tags");
  }

  @Test
  void emptySegmentsArePassedOver() {
    assertThat(found("POST", "v1.0", "p", "kms", "", "resource_instances", "action"))
        .endsWith("/resource_instances/action");
    assertThat(found("GET", "", "")).isEqualTo("/");
  }

  @Test
  void theRestBeginsWithTheSlashThatItBeginsWith() {
    assertThat(
            router.match("DELETE", List.of("v1.0", "p", "kms", "k", "tags", "", "env")).variables())
        .containsEntry("key", "/env");
  }

  @Test
  void theRestKeepsWhatIsInIt() {
    assertThat(
            router
                .match("DELETE", List.of("v1.0", "p", "kms", "k", "tags", "a", "", "b c", "d/e"))
                .variables())
        .isEqualTo(Map.of("project_id", "p", "key_id", "k", "key", "a//b c/d/e"));
  }

  @Test
  void aWrongMethodIsToldTheRightOnes() {
    assertThatThrownBy(() -> found("PUT", "v1.0", "p", "kms", "k", "tags"))
        .hasMessageContaining("MethodNotSupported")
        .hasMessageContaining("GET, POST");
  }

  @Test
  void anUnknownPathIsNoRoute() {
    assertThatThrownBy(() -> found("POST", "v1.0", "p")).hasMessageContaining("NoSuchRoute");
    assertThatThrownBy(() -> found("DELETE", "v1.0", "p", "kms", "k", "tags"))
        .hasMessageContaining("MethodNotSupported");
    assertThatThrownBy(() -> found("GET", "a", "b")).hasMessageContaining("NoSuchRoute");
  }

  @Test
  void twoRoutesForOneThingAreABug() {
    assertThatThrownBy(() -> new Router(List.of(route("GET", "/{a}"), route("GET", "/{b}"))))
        .isInstanceOf(IllegalStateException.class);
  }
}
