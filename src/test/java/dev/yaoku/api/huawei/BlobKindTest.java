package dev.yaoku.api.huawei;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.api.huawei.Blobs.Made;
import dev.yaoku.crypto.Blob;
import dev.yaoku.service.KeyWorld;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Data stays data and a data key a data key, whoever writes the blob down in another encoding and
 * whatever he was granted (SECURITY_DESIGN H1): kind × operation × grant.
 */
class BlobKindTest {
  private static final String REFUSED = "KMS.2201";

  @TempDir Path directory;
  private KeyWorld world;
  private Blobs blobs;

  @BeforeEach
  void open() {
    world = KeyWorld.in(directory, KeyWorld.roomy());
    blobs = new Blobs(new Calls(world));
  }

  @AfterEach
  void close() {
    world.close();
  }

  /** What a grantee may do, each by the name of its grant operation. */
  private enum Right {
    DECRYPT_DATA("decrypt-data"),
    ENCRYPT_DATA("encrypt-data"),
    DECRYPT_DATAKEY("decrypt-datakey"),
    ENCRYPT_DATAKEY("encrypt-datakey");

    private final String granted;

    Right(String granted) {
      this.granted = granted;
    }
  }

  private static final List<Set<Right>> GRANTS =
      List.of(
          EnumSet.of(Right.DECRYPT_DATA),
          EnumSet.of(Right.DECRYPT_DATAKEY),
          EnumSet.of(Right.DECRYPT_DATA, Right.ENCRYPT_DATA),
          EnumSet.of(Right.DECRYPT_DATAKEY, Right.ENCRYPT_DATAKEY),
          EnumSet.of(Right.ENCRYPT_DATA, Right.ENCRYPT_DATAKEY),
          EnumSet.allOf(Right.class));

  @ParameterizedTest
  @ValueSource(strings = {"AES_256", "SM4"})
  void everyBlobOpensByTheOperationsOfItsKindAndInItsEncodingOnly(String spec) {
    String key = blobs.key("own", spec);
    for (Made blob : blobs.all(key, spec.equals("SM4"))) {
      everyWay(world.alice(), key, blob, EnumSet.allOf(Right.class));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"AES_256", "SM4"})
  void aGrantForOneKindOpensNothingOfTheOther(String spec) {
    String key = blobs.key("granted", spec);
    List<Made> all = blobs.all(key, spec.equals("SM4"));
    for (Set<Right> rights : GRANTS) {
      Caller grantee =
          world.caller(
              KeyWorld.OTHER_ACCOUNT, KeyWorld.OTHER_PROJECT, "user" + GRANTS.indexOf(rights));
      grant(key, grantee, rights);
      for (Made blob : all) {
        everyWay(grantee, key, blob, rights);
      }
    }
  }

  private void grant(String key, Caller grantee, Set<Right> rights) {
    String operations =
        String.join(",", rights.stream().map(right -> "'" + right.granted + "'").toList());
    Calls.Reply made =
        blobs.call(
            "CreateGrant",
            "{'key_id':'%s','grantee_principal':'%s','operations':[%s]}"
                .formatted(key, grantee.principal().user(), operations));
    assertThat(made.status()).as(made.body()).isEqualTo(200);
  }

  private void everyWay(Caller caller, String key, Made blob, Set<Right> rights) {
    String as = blob.by() + " with " + rights;
    boolean dataKey = blob.isDataKey();
    String right = blob.text();
    String wrong = blob.otherwise();

    assertThat(decrypt(caller, dataKey ? wrong : right))
        .as(as)
        .isEqualTo(dataKey ? REFUSED : may(rights, Right.DECRYPT_DATA));
    assertThat(decrypt(caller, dataKey ? right : wrong)).as(as).isEqualTo(REFUSED);

    boolean tooLong = blob.bytes().length > Blob.size(1024);
    String otherKind = tooLong || rights.contains(Right.DECRYPT_DATAKEY) ? REFUSED : "KMS.0306";
    assertThat(unwrap(caller, key, dataKey ? right : wrong, blob))
        .as(as)
        .isEqualTo(dataKey ? may(rights, Right.DECRYPT_DATAKEY) : otherKind);
    // Base64 is no hex, which is seen before anything else.
    assertThat(unwrap(caller, key, dataKey ? wrong : right, blob)).as(as).isEqualTo(REFUSED);

    Right[] moves =
        dataKey
            ? new Right[] {Right.DECRYPT_DATAKEY, Right.ENCRYPT_DATAKEY}
            : new Right[] {Right.DECRYPT_DATA, Right.ENCRYPT_DATA};
    assertThat(move(caller, key, right)).as(as).isEqualTo(may(rights, moves));
    assertThat(move(caller, key, wrong)).as(as).isEqualTo(REFUSED);
  }

  private static String may(Set<Right> rights, Right... needed) {
    return rights.containsAll(List.of(needed)) ? "200" : "KMS.0306";
  }

  private String decrypt(Caller caller, String text) {
    return outcome(blobs.call(caller, "DecryptData", Blobs.opening(text)));
  }

  private String unwrap(Caller caller, String key, String text, Made blob) {
    String body = Blobs.unwrapping(key, text, Blobs.dataKeyBytes(blob));
    return outcome(blobs.call(caller, "DecryptDatakey", body));
  }

  private String move(Caller caller, String key, String text) {
    return outcome(blobs.call(caller, "ReEncrypt", Blobs.moving(text, key)));
  }

  private static String outcome(Calls.Reply reply) {
    return reply.code().isEmpty() ? Integer.toString(reply.status()) : reply.code();
  }
}
