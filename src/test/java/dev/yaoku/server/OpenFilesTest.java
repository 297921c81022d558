package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenFilesTest {
  @Test
  void theSoftLimitCounts() {
    String limits =
        """
        Limit                     Soft Limit           Hard Limit           Units
        Max core file size        0                    unlimited            bytes
        Max open files            1024                 524288               files
        """;
    assertThat(OpenFiles.softLimit(limits)).hasValue(1024);
    assertThat(OpenFiles.softLimit(limits.replace("1024  ", "unlimited"))).isEmpty();
    assertThat(OpenFiles.softLimit("")).isEmpty();
  }

  @Test
  void thisMachineLetsAServerOpenEnough() {
    OpenFiles.mustSuffice();
  }

  @Test
  void thatClientsWouldWaitAtTheDoorIsSaidWithWhatToDo() throws Exception {
    try (CapturedLog log = new CapturedLog()) {
      OpenFiles.warnIfFewerThan(Long.MAX_VALUE / 2);
      assertThat(log.text()).contains("LimitNOFILE", "limits.connections");
    }
  }
}
