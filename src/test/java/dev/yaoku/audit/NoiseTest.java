package dev.yaoku.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class NoiseTest {
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

  private final Noise noise = new Noise();

  @Test
  void silenceLeavesNothing() {
    assertThat(noise.drain(NOW)).isEmpty();
  }

  @Test
  void requestsAreCountedByReasonAndNetwork() {
    noise.count("APIGW.0301", "192.0.2.7");
    noise.count("APIGW.0301", "192.0.2.200");
    noise.count("APIGW.0101", "192.0.2.7");
    noise.count("APIGW.0301", "2001:db8:1:2ff:3::4");

    AuditEvent summary = noise.drain(NOW).orElseThrow().event();

    assertThat(summary.trace()).isEqualTo("unprovedRequests");
    assertThat(summary.account()).isEmpty();
    assertThat(summary.resource().name()).isEqualTo("4");
    assertThat(summary.detail())
        .contains("APIGW.0301 192.0.2.0/24 2\n")
        .contains("APIGW.0101 192.0.2.0/24 1\n")
        .contains("APIGW.0301 2001:db8:1:200::/56 1\n");
    assertThat(noise.drain(NOW)).isEmpty();
  }

  @Test
  void aSummaryHasAtMostAHundredLinesAndTheOthers() {
    for (int i = 0; i < 100_000; i++) {
      noise.count("APIGW.0301", "10." + i % 256 + "." + i / 256 % 256 + ".1");
    }
    String detail = String.valueOf(noise.drain(NOW).orElseThrow().event().detail());

    assertThat(detail.lines()).hasSize(101);
    assertThat(detail.lines().toList().getLast()).startsWith("others ");
    assertThat(detail.length()).isLessThan(6 * 1024);
  }

  @Test
  void theFirstRefusalsOfACallerAreRecordedInFull() {
    Refusals refusals = new Refusals(10);
    int inFull = 0;
    for (int i = 0; i < 1000; i++) {
      inFull += refusals.takeInFull("acc", "alice", i % 2 == 0 ? "KMS.0307" : "KMS.0207") ? 1 : 0;
    }
    assertThat(refusals.takeInFull("acc", "bob", "KMS.0307")).isTrue();
    assertThat(inFull).isEqualTo(10);

    List<AuditEvent> summaries = refusals.drain(NOW).stream().map(Summary::event).toList();

    assertThat(summaries).hasSize(1);
    assertThat(summaries.getFirst().account()).isEqualTo("acc");
    assertThat(summaries.getFirst().resource().name()).isEqualTo("990");
    assertThat(summaries.getFirst().detail()).isEqualTo("user alice\nKMS.0207 495\nKMS.0307 495\n");
    assertThat(refusals.takeInFull("acc", "alice", "KMS.0307")).isTrue();
    assertThat(refusals.drain(NOW)).isEmpty();
  }

  @Test
  void callersWithoutNumberAreSummedUpTogether() {
    Refusals refusals = new Refusals(1);
    for (int i = 0; i < 3000; i++) {
      refusals.takeInFull("acc", "user" + i, "KMS.0307");
    }
    assertThat(refusals.drain(NOW))
        .singleElement()
        .satisfies(summary -> assertThat(summary.event().resource().name()).isEqualTo("2000"));
  }

  private static AuditEvent event(List<Summary> summaries) {
    assertThat(summaries).hasSize(1);
    return summaries.getFirst().event();
  }

  @Test
  void whatWasNotRecordedIsCountedAgain() {
    noise.count("APIGW.0301", "192.0.2.7");
    noise.count("APIGW.0101", "192.0.2.7");
    Summary lost = noise.drain(NOW).orElseThrow();
    noise.count("APIGW.0301", "192.0.2.9");
    lost.countAgain();

    AuditEvent summary = noise.drain(NOW).orElseThrow().event();
    assertThat(summary.resource().name()).isEqualTo("3");
    assertThat(summary.detail())
        .contains("APIGW.0301 192.0.2.0/24 2\n")
        .contains("APIGW.0101 192.0.2.0/24 1\n");
    assertThat(noise.drain(NOW)).isEmpty();
  }

  @Test
  void linesThatFindNoRoomAgainAreAmongTheOthers() {
    for (int i = 0; i < 150; i++) {
      noise.count("APIGW.0301", "10.0." + i + ".1");
    }
    Summary lost = noise.drain(NOW).orElseThrow();
    for (int i = 0; i < 150; i++) {
      noise.count("APIGW.0301", "10.1." + i + ".1");
    }
    lost.countAgain();

    AuditEvent summary = noise.drain(NOW).orElseThrow().event();
    assertThat(summary.resource().name()).isEqualTo("300");
    assertThat(summary.detail()).contains("others 200\n").hasLineCount(101);
  }

  @Test
  void refusalsWhoseSummaryIsLostAreCountedAgain() {
    Refusals refusals = new Refusals(1);
    refusals.takeInFull("acc", "alice", "KMS.0307");
    refusals.takeInFull("acc", "alice", "KMS.0307");
    List<Summary> lost = refusals.drain(NOW);
    refusals.takeInFull("acc", "alice", "KMS.0207");
    refusals.takeInFull("acc", "alice", "KMS.0207");
    lost.forEach(Summary::countAgain);

    AuditEvent summary = event(refusals.drain(NOW));
    assertThat(summary.resource().name()).isEqualTo("2");
    assertThat(summary.detail()).isEqualTo("user alice\nKMS.0207 1\nKMS.0307 1\n");
    assertThat(refusals.drain(NOW)).isEmpty();
  }

  @Test
  void furtherCallersAreCountedAgainToo() {
    Refusals refusals = new Refusals(1);
    for (int i = 0; i < 1_500; i++) {
      refusals.takeInFull("acc", "user" + i, "KMS.0307");
    }
    List<Summary> lost = refusals.drain(NOW);
    lost.forEach(Summary::countAgain);
    assertThat(event(refusals.drain(NOW)).resource().name()).isEqualTo("500");
  }
}
