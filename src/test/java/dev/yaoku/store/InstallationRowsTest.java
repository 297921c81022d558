package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The key hierarchy and the settings of an installation come back as they were written. */
class InstallationRowsTest {
  @ParameterizedTest
  @EnumSource
  void theKeyHierarchyAndTheSettingsComeBack(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      test.store()
          .write(tx -> {
            tx.insert(Samples.systemKey(1));
            tx.insert(Samples.projectKey(2));
            tx.insert(Samples.projectKey(1));
            tx.putSetting("installation", "one");
            tx.putSetting("installation", "two");
            return true;
          });

      test.reopen()
          .read(tx -> {
            assertThat(tx.systemKeys())
                .usingRecursiveComparison()
                .isEqualTo(List.of(Samples.systemKey(1)));
            assertThat(tx.projectKeys(Samples.PROJECT))
                .usingRecursiveComparison()
                .isEqualTo(List.of(Samples.projectKey(1), Samples.projectKey(2)));
            assertThat(tx.setting("installation")).contains("two");
            assertThat(tx.setting("absent")).isEmpty();
            return true;
          });
    }
  }
}
