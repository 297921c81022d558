package dev.yaoku.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyReferenceTest {
  @Test
  void aUuidIsAnId() {
    assertThat(KeyReference.parse(Samples.ID.text())).isEqualTo(new KeyReference.Id(Samples.ID));
  }

  @Test
  void lettersBeyondFAreTakenThoughNoKeyHasThem() {
    KeyId id = new KeyId("0d0466b0-e727-4d9c-b35d-f84bb474azzz");

    assertThat(KeyReference.parse(id.text())).isEqualTo(new KeyReference.Id(id));
    assertThat(id.canExist()).isFalse();
  }

  @Test
  void anAliasLosesItsPrefix() {
    assertThat(KeyReference.parse("alias/a/b:c")).isEqualTo(new KeyReference.Alias("a/b:c"));
  }

  @Test
  void aUrnIsTakenApart() {
    assertThat(KeyReference.parse("kms:cn-north-4:b168:alias:a:b"))
        .isEqualTo(new KeyReference.Urn("cn-north-4", "b168", "alias", "a:b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "orders",
        "alias/",
        "alias/ä",
        "kms:r:a:alias:",
        "kms:r:a:grant:x",
        "kms:r:a",
        "0D0466B0-E727-4D9C-B35D-F84BB474A37F",
        "0d0466b0-e727-4d9c-b35d-f84bb474a37",
        "0d0466b0-e727-4d9c-b35d-f84bb474a37f ",
        "0d0466b0ae727-4d9c-b35d-f84bb474a37f"
      })
  void anythingElseIsNoReference(String text) {
    assertThatThrownBy(() -> KeyReference.parse(text))
        .isInstanceOfSatisfying(
            KmsException.class,
            e -> assertThat(e.problem()).isEqualTo(new Problem.MalformedKeyId()));
  }
}
