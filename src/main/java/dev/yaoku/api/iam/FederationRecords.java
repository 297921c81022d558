package dev.yaoku.api.iam;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.yaoku.service.IdentityProviders.TrustedProvider;
import dev.yaoku.service.ProviderChange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the federation routes read and write. */
final class FederationRecords {
  private FederationRecords() {}

  // Providers

  record ProviderRequest(@Nullable ProviderMembers identityProvider) {
    ProviderMembers provider() {
      return IamFrame.object(identityProvider, "identity_provider");
    }
  }

  record ProviderMembers(@Nullable String description, @Nullable Boolean enabled) {}

  record ProviderAnswer(ProviderDetail identityProvider) {}

  record ProvidersAnswer(List<ProviderDetail> identityProviders, ListLinks links) {}

  /** With the links that are not there, as the cloud writes lists. */
  record ListLinks(String self, @Nullable String next, @Nullable String previous) {}

  /**
   * A provider.
   *
   * @param uuid what stands for it in {@code X-Idp-Id} whatever others call theirs
   */
  record ProviderDetail(
      String id,
      String uuid,
      String description,
      boolean enabled,
      List<String> remoteIds,
      String ssoType,
      Links links) {
    static ProviderDetail of(TrustedProvider provider, String base) {
      String self = base + "/" + provider.name();
      return new ProviderDetail(
          provider.name(),
          provider.id(),
          provider.description(),
          provider.enabled(),
          List.of(),
          "iam_user_sso",
          new Links(self, self + "/protocols"));
    }
  }

  record Links(String self, String protocols) {}

  // OpenID Connect settings

  record ConfigRequest(@Nullable ConfigMembers openidConnectConfig) {
    ProviderChange change() {
      ConfigMembers config = IamFrame.object(openidConnectConfig, "openid_connect_config");
      String location = config.jwksUri();
      if (config.jwksFile() != null) {
        location = "file:" + config.jwksFile();
      }
      List<String> audiences = config.audiences();
      if (audiences == null && config.clientId() != null) {
        audiences = List.of(config.clientId());
      }
      return new ProviderChange(
          null,
          null,
          config.idpUrl(),
          audiences,
          config.algorithms(),
          location,
          config.signingKey(),
          null);
    }
  }

  /**
   * Settings as in the cloud, and our own: {@code audiences}, {@code algorithms}, {@code jwks_uri},
   * {@code jwks_file}. What only a console's log-in page needs is passed over.
   */
  record ConfigMembers(
      @Nullable String idpUrl,
      @Nullable String clientId,
      @Nullable String signingKey,
      @Nullable List<String> audiences,
      @Nullable List<String> algorithms,
      @Nullable String jwksUri,
      @Nullable String jwksFile) {}

  record ConfigAnswer(ConfigDetail openidConnectConfig) {
    static ConfigAnswer of(TrustedProvider provider) {
      String location = provider.keysLocation();
      boolean file = location.startsWith("file:");
      return new ConfigAnswer(
          new ConfigDetail(
              "program",
              provider.issuer(),
              provider.audiences().isEmpty() ? "" : provider.audiences().getFirst(),
              provider.keySet(),
              "",
              "",
              "id_token",
              "form_post",
              provider.audiences(),
              provider.algorithms(),
              file || location.isEmpty() ? null : location,
              file ? location.substring("file:".length()) : null));
    }
  }

  /** With what only a console's log-in page needs, as the cloud has it where nothing was said. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record ConfigDetail(
      String accessMode,
      String idpUrl,
      String clientId,
      String signingKey,
      String authorizationEndpoint,
      String scope,
      String responseType,
      String responseMode,
      List<String> audiences,
      List<String> algorithms,
      @Nullable String jwksUri,
      @Nullable String jwksFile) {}
}
