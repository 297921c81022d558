package dev.yaoku.api.iam;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.yaoku.access.Directory.KnownProject;
import dev.yaoku.service.IssuedToken;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A token as clients read it. The token itself travels in a header. */
record TokenAnswer(Token token) {
  /** Six digits of a second, the last three of them zero: one SDK cuts off {@code 000Z}. */
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'000Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Token(
      String expiresAt,
      String issuedAt,
      List<String> methods,
      @Nullable Project project,
      @Nullable Domain domain,
      List<Role> roles,
      User user,
      @Nullable AssumedBy assumedBy,
      @Nullable List<Catalog.Entry> catalog) {}

  record Project(String id, String name, Domain domain) {}

  record Domain(String id, String name) {}

  record Role(String id, String name) {}

  record User(String id, String name, String passwordExpiresAt, Domain domain) {}

  /** The person who plays a role. */
  record AssumedBy(User user) {
    static @Nullable AssumedBy of(IssuedToken.@Nullable AssumedBy who) {
      return who == null
          ? null
          : new AssumedBy(
              new User(
                  who.user(), who.userName(), "", new Domain(who.account(), who.accountName())));
    }
  }

  static TokenAnswer of(IssuedToken issued, @Nullable List<Catalog.Entry> catalog) {
    Domain domain = new Domain(issued.account(), issued.accountName());
    KnownProject project = issued.project();
    return new TokenAnswer(
        new Token(
            text(issued.expiresAt()),
            text(issued.issuedAt()),
            List.of(issued.method()),
            project == null ? null : new Project(project.id(), project.name(), domain),
            project == null ? domain : null,
            issued.administrator() ? List.of(new Role("0", "te_admin")) : List.of(),
            new User(issued.user(), issued.userName(), "", domain),
            AssumedBy.of(issued.assumedBy()),
            catalog));
  }

  static String text(Instant time) {
    return TIME.format(time);
  }
}
