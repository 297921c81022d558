package dev.yaoku.conformance;

/** The key that a step is about: which of the walk's names stands for it. */
enum Subject {
  NONE(""),
  SYMMETRIC("$key"),
  OTHER("$other"),
  IMPORTED("$external"),
  SIGNING("$signing"),
  AGREEING("$agreeing"),
  MAC("$mac_key");

  final String variable;

  Subject(String variable) {
    this.variable = variable;
  }

  static Subject of(Step step) {
    // These name no key, but what they bring was made by one.
    if (step.operation().equals("DecryptData")) {
      return SYMMETRIC;
    }
    String text = step.target() + " " + step.body();
    for (Subject subject : values()) {
      if (subject != NONE && text.matches("(?s).*\\" + subject.variable + "(?![a-z_]).*")) {
        return subject;
      }
    }
    return NONE;
  }
}
