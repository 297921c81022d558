package dev.yaoku.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HeapShareTest {
  private final HeapShare share = new HeapShare(100);

  @Test
  void nobodyHasMoreThanHalfAndAllTogetherNoMoreThanThereIs() {
    assertThat(share.take("a", 50)).isTrue();
    assertThat(share.take("a", 1)).isFalse();
    assertThat(share.take("b", 51)).isFalse();
    assertThat(share.take("b", 40)).isTrue();
    assertThat(share.take("c", 11)).isFalse();
    assertThat(share.take("c", 10)).isTrue();
    assertThat(share.held()).isEqualTo(100);
  }

  @Test
  void whereManyComeByOneTheyMayHaveAll() {
    assertThat(share.take(HeapShare.MANY, 100)).isTrue();
    assertThat(share.take(HeapShare.MANY, 1)).isFalse();
  }

  @Test
  void whatIsGivenBackIsThereForTheNextAndNobodyIsRemembered() {
    assertThat(share.take("a", 30)).isTrue();
    assertThat(share.take("a", 20)).isTrue();
    share.give("a", 30);
    share.give("a", 20);
    assertThat(share.held()).isZero();
    assertThat(share.owners()).isZero();
    assertThat(share.take("a", 50)).isTrue();
  }

  @Test
  void whatArrivesTakesRoomOnceItIsLong() {
    Arrived arrived = new Arrived(new HeapShare(10_000), "a");
    assertThat(arrived.more(2_048)).isTrue();
    assertThat(arrived.more(2_000)).isTrue();
    assertThat(arrived.more(952)).isTrue();
    assertThat(arrived.more(1)).as("half of all").isFalse();
    arrived.forget();
    assertThat(arrived.more(5_000)).isTrue();
  }
}
