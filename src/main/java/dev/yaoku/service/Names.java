package dev.yaoku.service;

import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.regex.Pattern;

/** What users, groups and the like may be called. */
final class Names {
  private static final Pattern USER = Pattern.compile("[A-Za-z_][A-Za-z0-9 ._-]{0,63}");
  private static final Pattern OTHER = Pattern.compile("[\\p{L}\\p{N} ._-]{1,64}");
  private static final Pattern PROJECT = Pattern.compile("[\\p{L}\\p{N}._-]{1,64}");
  private static final Pattern EMAIL = Pattern.compile("[^\\s@]+@[^\\s@]+");
  private static final int DESCRIPTION_MAX = 255;

  private Names() {}

  /** A user's name: a letter or underscore, then letters, digits, blanks, dots, dashes. */
  static String user(String name) {
    return fitting(
        USER,
        name,
        "user.name must have 1 to 64 letters, digits, blanks or ._-, begin with a letter or _ and"
            + " not end with a blank.");
  }

  /** The name of a group, policy or agency. */
  static String other(String member, String name) {
    return fitting(
        OTHER,
        name,
        member
            + " must have 1 to 64 letters, digits, blanks or ._- and neither begin nor end with a"
            + " blank.");
  }

  /** The name of a project. */
  static String project(String name) {
    return fitting(PROJECT, name, "project.name must have 1 to 64 letters, digits or ._-");
  }

  /** Who reads a list cannot tell a name from the same with a blank before or behind it. */
  private static String fitting(Pattern pattern, String name, String why) {
    if (!pattern.matcher(name).matches() || !name.equals(name.strip())) {
      throw bad("name", why);
    }
    return name;
  }

  /** A description, or what else is shown as it was sent. */
  static String description(String member, String text) {
    if (text.length() > DESCRIPTION_MAX || text.chars().anyMatch(c -> c < ' ')) {
      throw bad(
          member, member + " must have at most 255 characters, none of them a control character.");
    }
    return text;
  }

  /** A mail address, or none; whether somebody reads it nobody here can know. */
  static String email(String text) {
    String email = description("user.email", text);
    if (!email.isEmpty() && !EMAIL.matcher(email).matches()) {
      throw bad("user.email", "user.email must be a mail address, such as alice@example.com.");
    }
    return email;
  }

  static KmsException bad(String member, String why) {
    return new KmsException(new Problem.BadValue(Field.OTHER, member, why));
  }
}
