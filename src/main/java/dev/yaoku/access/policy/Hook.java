package dev.yaoku.access.policy;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a value must have for a comparison to succeed, by which statements are found. It may fail
 * nevertheless.
 *
 * @param part which part of the value
 * @param text that part; one character of the beginning or the end
 */
record Hook(Part part, String text) {
  private static final int PARTS = Part.values().length;

  /** A part of a value. */
  enum Part {
    WHOLE(0),
    BEGINNING(1),
    END(2);

    private final int number;

    Part(int number) {
      this.number = number;
    }

    /** What {@link Hook#mark} is of this part of a value that is not empty. */
    int markOf(String value) {
      return mark(
          switch (this) {
            case WHOLE -> value.hashCode();
            case BEGINNING -> value.charAt(0);
            case END -> value.charAt(value.length() - 1);
          });
    }

    private int mark(int hash) {
      return hash * PARTS + number;
    }

    /** This part of a value that is not empty. */
    String of(String value) {
      return switch (this) {
        case WHOLE -> value;
        case BEGINNING -> value.substring(0, 1);
        case END -> value.substring(value.length() - 1);
      };
    }
  }

  /** A number that equal hooks have alike; of others it is seldom the same. */
  int mark() {
    return part.mark(text.hashCode());
  }

  /** A hook for each value of a policy; null where one has none. */
  static @Nullable List<Hook> of(Comparison comparison, List<String> values) {
    List<Hook> hooks = new ArrayList<>();
    for (String value : values) {
      Hook hook = value.isEmpty() ? null : of(comparison, value);
      if (hook == null) {
        return null;
      }
      hooks.add(hook);
    }
    return List.copyOf(hooks);
  }

  private static @Nullable Hook of(Comparison comparison, String value) {
    return switch (comparison) {
      case EQUAL -> at(Part.WHOLE, value);
      case START -> at(Part.BEGINNING, value);
      case END -> at(Part.END, value);
      case MATCH -> {
        boolean begins = isLiteral(Part.BEGINNING.of(value));
        boolean ends = isLiteral(Part.END.of(value));
        yield begins ? at(Part.BEGINNING, value) : ends ? at(Part.END, value) : null;
      }
      default -> null;
    };
  }

  private static boolean isLiteral(String character) {
    return !character.equals("*") && !character.equals("?");
  }

  private static Hook at(Part part, String value) {
    return new Hook(part, part.of(value));
  }
}
