package dev.yaoku.api.iam;

import static dev.yaoku.api.iam.IamFrame.missing;
import static dev.yaoku.api.iam.IamFrame.required;

import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Logins.Who;
import dev.yaoku.service.Role;
import dev.yaoku.service.TokenScope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /v3/auth/tokens}.
 *
 * @see "contract/authentication.md, section 4.1"
 */
record AuthRequest(@Nullable Auth auth) {
  record Auth(@Nullable Identity identity, @Nullable Scope scope) {}

  record Identity(
      @Nullable List<String> methods,
      @Nullable Password password,
      @Nullable Token token,
      @Nullable AssumeRole assumeRole,
      @Nullable AssumeRole hwAssumeRole,
      @Nullable KeyAndSecret hwAkSk) {}

  record Password(@Nullable User user) {}

  record User(
      @Nullable String id,
      @Nullable String name,
      @Nullable SecretBytes password,
      @Nullable Reference domain) {}

  /** An access key with its secret. */
  record KeyAndSecret(@Nullable AccessKey access, @Nullable SecretKey secret) {}

  record AccessKey(@Nullable String key) {}

  record SecretKey(@Nullable SecretBytes key) {}

  record Token(@Nullable String id) {
    @Override
    public String toString() {
      return "Token";
    }
  }

  /** An agency; older clients call its name {@code xrole_name}, and some send all members empty. */
  record AssumeRole(
      @Nullable String domainId,
      @Nullable String domainName,
      @Nullable String agencyName,
      @Nullable String xroleName,
      @Nullable SessionUser sessionUser) {
    Role role() {
      boolean named = present(domainId) || present(domainName);
      if (!named) {
        throw missing("auth.identity.assume_role.domain_name");
      }
      return new Role(
          present(domainId) ? domainId : null,
          present(domainName) ? domainName : null,
          required(
              present(agencyName) ? agencyName : xroleName,
              "auth.identity.assume_role.agency_name"),
          session());
    }

    private @Nullable String session() {
      return sessionUser != null && present(sessionUser.name()) ? sessionUser.name() : null;
    }
  }

  record SessionUser(@Nullable String name) {}

  record Scope(@Nullable ProjectReference project, @Nullable Reference domain) {}

  record Reference(@Nullable String id, @Nullable String name) {
    @Nullable String idOrName() {
      return present(id) ? id : name;
    }
  }

  record ProjectReference(@Nullable String id, @Nullable String name, @Nullable Reference domain) {}

  /** How the caller says who it is. */
  String method() {
    List<String> methods = identity().methods();
    if (methods == null || methods.isEmpty()) {
      throw missing("auth.identity.methods");
    }
    return String.join(",", methods);
  }

  Identity identity() {
    if (auth == null || auth.identity() == null) {
      throw missing("auth.identity");
    }
    return auth.identity();
  }

  private User user() {
    Password password = identity().password();
    if (password == null || password.user() == null) {
      throw missing("auth.identity.password.user");
    }
    return password.user();
  }

  /** The password. */
  SecretBytes password() {
    SecretBytes password = user().password();
    if (password == null) {
      throw missing("auth.identity.password.user.password");
    }
    return password;
  }

  /** The user, by id or by name and domain. */
  Who who() {
    User user = user();
    if (present(user.id())) {
      return new Who.ById(required(user.id(), "id"));
    }
    String name = required(user.name(), "auth.identity.password.user.name");
    Reference domain = user.domain();
    if (domain == null) {
      throw missing("auth.identity.password.user.domain");
    }
    return present(domain.id())
        ? new Who.InAccount(name, required(domain.id(), "id"))
        : new Who.InAccountNamed(
            name, required(domain.name(), "auth.identity.password.user.domain.name"));
  }

  /** The access key. */
  String accessKey() {
    AccessKey access = keyAndSecret().access();
    return required(access == null ? null : access.key(), "auth.identity.hw_ak_sk.access.key");
  }

  /** The secret of the access key. */
  SecretBytes secretKey() {
    SecretKey secret = keyAndSecret().secret();
    if (secret == null || secret.key() == null) {
      throw missing("auth.identity.hw_ak_sk.secret.key");
    }
    return secret.key();
  }

  private KeyAndSecret keyAndSecret() {
    KeyAndSecret said = identity().hwAkSk();
    if (said == null) {
      throw missing("auth.identity.hw_ak_sk");
    }
    return said;
  }

  /** The token that another is to be derived from. */
  String token() {
    Token token = identity().token();
    return required(token == null ? null : token.id(), "auth.identity.token.id");
  }

  /** The role that is to be played. */
  Role role() {
    Identity identity = identity();
    AssumeRole said =
        identity.assumeRole() == null ? identity.hwAssumeRole() : identity.assumeRole();
    if (said == null) {
      throw missing("auth.identity.assume_role");
    }
    return said.role();
  }

  /** What the token is to be good for. Both said: the project wins. */
  TokenScope scope() {
    return scope(auth == null ? null : auth.scope());
  }

  /** What a token is to be good for. */
  static TokenScope scope(@Nullable Scope scope) {
    if (scope == null) {
      return new TokenScope.Unsaid();
    }
    ProjectReference project = scope.project();
    if (project != null) {
      Reference domain = project.domain();
      return present(project.id())
          ? new TokenScope.ProjectId(required(project.id(), "id"))
          : new TokenScope.ProjectNamed(
              required(project.name(), "auth.scope.project.name"),
              domain == null ? null : domain.idOrName());
    }
    return scope.domain() == null
        ? new TokenScope.Unsaid()
        : new TokenScope.Domain(required(scope.domain().idOrName(), "auth.scope.domain.name"));
  }

  private static boolean present(@Nullable String value) {
    return value != null && !value.isEmpty();
  }
}
