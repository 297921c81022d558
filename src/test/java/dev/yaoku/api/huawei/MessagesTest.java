package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.Problem;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Every refusal is an English sentence that says what to do, and the same one each time. */
public class MessagesTest {
  /** What a sentence that tells somebody to do something has in it. */
  private static final String STEP =
      "(?s).*\\b(Use|use|Send|Call|Check|Log"
          + " in|Sign|Choose|Create|Delete|Cancel|cancel|Enable|enable|Import|import|Schedule|Revoke|Leave|Ask|Tell|Try|Slow"
          + " down|Make|make|List|Wait|Encrypt|must|You need|Compare|can have|is required)\\b.*";

  private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

  /** Says that a message tells a person what to do. */
  public static void tellsWhatToDo(String message) {
    assertThat(message).matches(STEP);
    assertThat(message)
        .matches("(?s)[\\p{ASCII}]{15,2000}")
        .doesNotContain("null", "{", "}", "dev.yaoku");
  }

  @Test
  void everyProblemTellsAPersonWhatToDo() {
    HuaweiErrors errors = new HuaweiErrors(HuaweiOptions.defaults());
    Set<String> dull = new TreeSet<>();
    int seen = 0;
    for (Class<?> kind : Problem.class.getPermittedSubclasses()) {
      for (Problem problem : samples(kind)) {
        JsonNode body =
            JsonMapper.shared().readTree(errors.refusal(problem, "0".repeat(32)).body());
        JsonNode nested = body.at("/error/error_msg");
        String message = (nested.isMissingNode() ? body.at("/error_msg") : nested).stringValue();
        boolean own = // these say what the place says that found them
            problem instanceof Problem.BadValue
                || problem instanceof Problem.BadRequest
                || problem instanceof Problem.BadJson
                || problem instanceof Problem.UnreadableAttestation;
        if (!own && !message.matches(STEP)) {
          dull.add(kind.getSimpleName() + ": " + message);
        }
        assertThat(message).as(kind.getSimpleName()).matches("(?s)[A-Za-z].*").hasSizeLessThan(400);
        seen++;
      }
    }
    assertThat(dull).isEmpty();
    assertThat(seen).isGreaterThan(100);
  }

  /** A problem of this kind with each value that its parts can have. */
  private static List<Problem> samples(Class<?> kind) {
    RecordComponent[] parts = kind.getRecordComponents();
    List<List<Object>> all = new ArrayList<>();
    all.add(new ArrayList<>());
    for (RecordComponent part : parts) {
      List<List<Object>> longer = new ArrayList<>();
      for (Object value : values(part.getType()).toList()) {
        for (List<Object> begun : all) {
          List<Object> more = new ArrayList<>(begun);
          more.add(value);
          longer.add(more);
        }
      }
      all = longer;
    }
    Class<?>[] types = Arrays.stream(parts).map(RecordComponent::getType).toArray(Class<?>[]::new);
    return all.stream().map(values -> make(kind, types, values)).toList();
  }

  private static Problem make(Class<?> kind, Class<?>[] types, List<Object> values) {
    try {
      var constructor = kind.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return (Problem) constructor.newInstance(values.toArray());
    } catch (ReflectiveOperationException e) {
      throw new LinkageError(kind.getName(), e);
    }
  }

  private static Stream<?> values(Class<?> type) {
    if (type == KeySpec.class) {
      return Stream.of(KeySpec.AES_256, KeySpec.RSA_2048, KeySpec.EC_P256, KeySpec.HMAC_256);
    }
    if (type == KeyUsage.class || type == Field.class || type.isEnum()) {
      return Arrays.stream(type.getEnumConstants());
    }
    if (type == KeyState.class) {
      return Stream.of(
          new KeyState.Enabled(),
          new KeyState.Disabled(),
          new KeyState.PendingImport(),
          new KeyState.PendingDeletion(AT));
    }
    if (type == boolean.class) {
      return Stream.of(true, false);
    }
    return type == int.class ? Stream.of(1) : Stream.of("text");
  }
}
