package dev.yaoku.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CertificateNameTest {
  /** RFC 5952, section 4. */
  @ParameterizedTest
  @CsvSource({
    "2001:0db8::0001, 2001:db8::1",
    "2001:db8:0:0:0:0:2:1, 2001:db8::2:1",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
    "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
    "2001:DB8:A::, 2001:db8:a::",
    "0:0:0:0:0:0:0:0, ::",
    "::1, ::1",
    "10:0:0:0:100:0:0:0, 10::100:0:0:0",
    "::ffff:192.0.2.1, 192.0.2.1",
    "192.0.2.1, 192.0.2.1"
  })
  void anAddressHasOneSpelling(String written, String canonical) {
    assertThat(CertificateName.canonical("ip:" + written)).contains("ip:" + canonical);
    assertThat(CertificateName.canonical("ip:" + canonical)).contains("ip:" + canonical);
    assertThat(CertificateName.spellings("ip:" + written)).contains("ip:" + canonical);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip:",
        "ip:999",
        "ip:1.2.3",
        "ip:256.0.0.1",
        "ip:localhost",
        "ip:fe80::1%eth0",
        "ip:[::1]",
        "ip::",
        "ip:1:2:3",
        "ip:::1/128",
        "ip:dead",
        "cn:web",
        "DNS:web",
        "dns:"
      })
  void whatIsNoNameHasNone(String name) {
    assertThat(CertificateName.canonical(name)).isEmpty();
    assertThat(CertificateName.spellings(name)).containsExactly(name);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dns:WEB.example.com", "uri:spiffe://e/web", "email:a@example.com"})
  void otherNamesAreAsTheyAre(String name) {
    assertThat(CertificateName.canonical(name)).contains(name);
  }
}
