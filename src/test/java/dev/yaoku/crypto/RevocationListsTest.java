package dev.yaoku.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.yaoku.access.TestPki;
import dev.yaoku.access.TestPki.Issued;
import dev.yaoku.access.TestPki.Wish;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.bouncycastle.asn1.ASN1Object;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.DistributionPointName;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.IssuingDistributionPoint;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RevocationListsTest {
  private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant UNTIL = FROM.plus(Duration.ofDays(30));
  private static final List<X509CRL> THREE =
      List.of(list("CN=first"), list("CN=second"), list("CN=third"));

  private static final Instant AT = FROM.plus(Duration.ofDays(1));
  private static final TestPki OURS = new TestPki("CN=ours", FROM, UNTIL);
  private static final CertificateAuthority OUR_AUTHORITY =
      CertificateAuthority.read(OURS.pem()).orElseThrow();

  @TempDir private Path folder;
  private Path file;
  private RevocationLists lists;

  private static X509CRL list(String issuer) {
    return new TestPki(issuer, FROM, UNTIL).revoking(FROM, UNTIL);
  }

  private static byte[] pem(List<X509CRL> lists) throws GeneralSecurityException {
    StringBuilder text = new StringBuilder();
    for (X509CRL list : lists) {
      text.append(TestPki.pem("X509 CRL", list.getEncoded()));
    }
    return text.toString().getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] der(List<X509CRL> lists) throws IOException, GeneralSecurityException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (X509CRL list : lists) {
      all.write(list.getEncoded());
    }
    return all.toByteArray();
  }

  @BeforeEach
  void name() {
    file = folder.resolve("all.crl");
    lists = new RevocationLists(folder);
  }

  @Test
  void aFileHoldsAsManyListsAsOneLikes() throws IOException, GeneralSecurityException {
    for (byte[] whole : List.of(pem(THREE), der(THREE))) {
      Files.write(file, whole);
      lists.readFirst();
      assertThat(lists.lists()).isEqualTo(THREE);
    }
  }

  @Test
  void textMayStandBeforeAListAndEmptyLinesBehindTheLast()
      throws IOException, GeneralSecurityException {
    String list = new String(pem(THREE.subList(0, 1)), StandardCharsets.US_ASCII);
    Files.writeString(
        file, "Certificate Revocation List (CRL):\n    Version 2\n" + list + "\r\n\n ");
    lists.readFirst();
    assertThat(lists.lists()).isEqualTo(THREE.subList(0, 1));
  }

  /** Wherever it is cut: in the header, the content or the last line of the third. */
  @Test
  void aFileThatIsCutOffInItsLastListIsNotRead() throws IOException, GeneralSecurityException {
    Files.write(file, pem(THREE));
    lists.readFirst();
    byte[] whole = pem(THREE);
    int third = pem(THREE.subList(0, 2)).length;
    for (int cut = third + 1; cut < whole.length - "-\n".length(); cut += 7) {
      Files.write(file, Arrays.copyOf(whole, cut));
      mustBeUnreadable("cut after " + cut);
    }
    Files.write(file, Arrays.copyOf(whole, whole.length - "-----END X509 CRL-----\n".length()));
    mustBeUnreadable("without its END line");
    byte[] der = der(THREE);
    for (int cut = der(THREE.subList(0, 2)).length + 1; cut < der.length; cut += 7) {
      Files.write(file, Arrays.copyOf(der, cut));
      mustBeUnreadable("DER cut after " + cut);
    }
  }

  private void mustBeUnreadable(String how) {
    assertThat(lists.read()).as(how).isFalse();
    assertThat(lists.lists()).as(how).isEqualTo(THREE);
    assertThatThrownBy(() -> new RevocationLists(folder).readFirst())
        .as(how)
        .isInstanceOf(IOException.class)
        .hasMessage(file + " is not whole: what follows list number 2 in it is none");
  }

  @Test
  void listsAreReadAgainFromTheirFolder() throws IOException, GeneralSecurityException {
    assertThat(lists.read()).isFalse();
    Issued issued = OURS.issue(Wish.client(FROM, UNTIL));
    X509CRL list = OURS.revoking(FROM, UNTIL, issued.leaf());
    Files.writeString(folder.resolve("a.pem"), TestPki.pem("X509 CRL", list.getEncoded()));
    assertThat(lists.read()).isTrue();
    assertThat(lists.read()).isFalse();
    assertThat(OUR_AUTHORITY.vouchesFor(issued.chain(), AT, lists.lists())).isFalse();

    Files.writeString(folder.resolve("b.crl"), "this is no list");
    assertThat(lists.read()).isFalse();
    assertThat(OUR_AUTHORITY.vouchesFor(issued.chain(), AT, lists.lists())).isFalse();
  }

  @Test
  void aListThatIsGoneStaysInForceAndKeepsNoOtherFromBeingRenewed()
      throws IOException, GeneralSecurityException {
    TestPki theirs = new TestPki("CN=theirs", FROM, UNTIL);
    X509CRL ours = OURS.revoking(FROM, UNTIL);
    Files.write(folder.resolve("ours.crl"), ours.getEncoded());
    Files.write(folder.resolve("theirs.crl"), theirs.revoking(FROM, UNTIL).getEncoded());
    lists.readFirst();

    Files.delete(folder.resolve("ours.crl"));
    X509CRL renewed = theirs.revoking(FROM.plusSeconds(1), UNTIL);
    Files.write(folder.resolve("theirs.crl"), renewed.getEncoded());
    assertThat(lists.read()).isTrue();
    assertThat(lists.lists()).containsExactlyInAnyOrder(ours, renewed);
    assertThat(lists.read()).isFalse();

    X509CRL back = OURS.revoking(FROM.plusSeconds(2), UNTIL);
    Files.write(folder.resolve("again.crl"), back.getEncoded());
    assertThat(lists.read()).isTrue();
    assertThat(lists.lists()).containsExactlyInAnyOrder(back, renewed);
  }

  /** An authority with a new key, of the same name, and one whose certificates are divided. */
  @ParameterizedTest
  @ValueSource(strings = {"2.5.29.35", "2.5.29.28"})
  void aListOfAnotherKeyOrPointDoesNotStandForTheOneThatIsGone(String extension)
      throws IOException, GeneralSecurityException {
    X509CRL one = OURS.revoking(FROM, UNTIL, List.of(extension(extension, 1)));
    X509CRL other = OURS.revoking(FROM, UNTIL, List.of(extension(extension, 2)));
    Files.write(folder.resolve("one.crl"), one.getEncoded());
    lists.readFirst();
    Files.delete(folder.resolve("one.crl"));
    Files.write(folder.resolve("other.crl"), other.getEncoded());

    assertThat(lists.read()).isTrue();

    assertThat(lists.lists()).containsExactly(other, one);
  }

  private static Extension extension(String oid, int value) throws IOException {
    ASN1Object content =
        oid.equals("2.5.29.35")
            ? new AuthorityKeyIdentifier(new byte[] {(byte) value})
            : new IssuingDistributionPoint(
                new DistributionPointName(
                    new GeneralNames(
                        new GeneralName(
                            GeneralName.uniformResourceIdentifier, "http://x/" + value))),
                false,
                false);
    return new Extension(
        new ASN1ObjectIdentifier(oid), false, new DEROctetString(content.getEncoded()));
  }

  @Test
  void theFirstReadingFailsWhereThereIsNothingToKeep()
      throws IOException, GeneralSecurityException {
    assertThatThrownBy(() -> new RevocationLists(folder.resolve("none")).readFirst())
        .hasMessage("there is no folder " + folder.resolve("none"));
    lists.readFirst();
    for (String noList :
        List.of("this is no list", "", TestPki.pem(OURS.issue(Wish.client(FROM, UNTIL)).leaf()))) {
      Files.writeString(folder.resolve("a.crl"), noList);
      assertThatThrownBy(lists::readFirst)
          .as(noList)
          .isInstanceOf(IOException.class)
          .hasMessage(folder.resolve("a.crl") + " is no list of revoked certificates");
    }
    Files.write(folder.resolve("a.crl"), OURS.revoking(FROM, UNTIL).getEncoded());
    lists.readFirst();
    assertThat(lists.lists()).hasSize(1);
  }

  @Test
  void aListThatIsBeingWrittenAnewOrWhoseFolderIsGoneStaysInForce()
      throws IOException, GeneralSecurityException {
    Files.write(folder.resolve("a.crl"), OURS.revoking(FROM, UNTIL).getEncoded());
    lists.readFirst();

    Files.write(folder.resolve("a.crl"), new byte[0]);
    assertThat(lists.read()).isFalse();
    assertThat(lists.lists()).hasSize(1);
    Files.delete(folder.resolve("a.crl"));
    assertThat(lists.read()).as("the disk of the folder is gone").isFalse();
    assertThat(lists.lists()).hasSize(1);
    Files.delete(folder);
    assertThat(lists.read()).isFalse();
    assertThat(lists.lists()).hasSize(1);
  }
}
