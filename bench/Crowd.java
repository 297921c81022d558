import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.KeyUsage;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyState;
import dev.yaoku.key.KeyVersion;
import dev.yaoku.key.MultiRegion;
import dev.yaoku.key.Origin;
import dev.yaoku.key.Rotation;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.MaterialPlace;
import dev.yaoku.seal.ProjectKey;
import dev.yaoku.seal.Wrapped;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Writing;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * Puts users with access keys and policies into the store of a stopped server, and another account
 * with a key of its own, whose id it says.
 */
final class Crowd implements AutoCloseable {
  /** Each user holds so many policies, of so many statements. */
  static final int POLICIES_A_USER = 5;

  static final int STATEMENTS_A_POLICY = 10;
  private static final int MATERIAL_BYTES = 32;
  private static final String NEIGHBOUR = "ee" + "0".repeat(30);
  private static final String NEIGHBOURS_PROJECT = "ef" + "0".repeat(30);

  private final StoppedStore stopped;
  private final Rows.Project project;
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MILLIS);

  private Crowd(Path data, String projectId) throws Exception {
    stopped = new StoppedStore(data);
    project = stopped.project(projectId);
  }

  /** The name of the access key of a user, by number. */
  static String accessKey(int user) {
    return "YKCROWD%013d".formatted(user);
  }

  /** The secret that goes with it. */
  static String secretKey(int user) {
    return "SecretOfOneOfManyInTheBenchmark%09d".formatted(user);
  }

  public static void main(String[] args) throws Exception {
    int users = Integer.parseInt(args[2]);
    int policies = Integer.parseInt(args[3]);
    try (Crowd crowd = new Crowd(Path.of(args[0]), args[1])) {
      crowd.policies(policies);
      crowd.users(users, policies);
      System.out.println("RESULT " + crowd.neighbour());
    }
  }

  private void policies(int count) {
    stopped.store.write(tx -> {
      for (int number = 0; number < count; number++) {
        tx.rights()
            .insert(
                new Rights.Policy(
                    id("dd", number),
                    project.account(),
                    "policy-" + number,
                    "",
                    "XA",
                    document(number),
                    now,
                    now,
                    1));
      }
      return true;
    });
  }

  /** The last statement of each allows encryption; the others are about other things. */
  private static String document(int number) {
    StringBuilder document = new StringBuilder("{\"Version\":\"5.0\",\"Statement\":[");
    for (int i = 0; i < STATEMENTS_A_POLICY - 1; i++) {
      document
          .append("{\"Effect\":\"Allow\",\"Action\":[\"kms:cmk:list\",\"kms:cmk:crypto\"],")
          .append("\"Condition\":{\"StringEquals\":{\"g:ResourceTag/team\":[\"t")
          .append(number)
          .append('-')
          .append(i)
          .append("\"]}}},");
    }
    return document + "{\"Effect\":\"Allow\",\"Action\":[\"kms:cmk:crypto\",\"kms:cmk:get\"]}]}";
  }

  private void users(int count, int policies) {
    try (SecretBytes password = SecretBytes.take("never used".getBytes(StandardCharsets.UTF_8))) {
      stopped.store.write(tx -> {
        for (int number = 0; number < count; number++) {
          user(tx, number, password);
          for (int i = 0; i < POLICIES_A_USER; i++) {
            int policy = (number * POLICIES_A_USER + i) % policies;
            tx.rights()
                .insert(
                    new Rights.Attachment(
                        Rights.HolderKind.USER,
                        id("cc", number),
                        Rights.Attachment.ALL_PROJECTS,
                        id("dd", policy),
                        project.account(),
                        now,
                        1));
          }
        }
        return true;
      });
    }
  }

  private void user(Writing tx, int number, SecretBytes password) {
    String user = id("cc", number);
    Wrapped record = stopped.hierarchy.wrapPassword(project.account(), user, password);
    tx.insert(
        new Rows.User(
            user,
            project.account(),
            "user-" + number,
            record.bytes(),
            record.keyVersion(),
            false,
            true,
            now,
            1));
    String accessKey = accessKey(number);
    try (SecretBytes secret =
        SecretBytes.take(secretKey(number).getBytes(StandardCharsets.UTF_8))) {
      Wrapped wrapped =
          stopped.hierarchy.wrapSecretAccessKey(
              project.account(), user, accessKey, "permanent", secret);
      tx.insert(
          new Rows.AccessKey(
              accessKey,
              project.account(),
              user,
              wrapped.bytes(),
              wrapped.keyVersion(),
              true,
              now,
              1));
    }
  }

  private static String id(String prefix, int number) {
    return prefix + "%030d".formatted(number);
  }

  /** Another account with a project and a key in it. */
  private String neighbour() {
    Hierarchy.NewProjectKey made = stopped.hierarchy.newProjectKey(NEIGHBOURS_PROJECT);
    stopped.store.write(tx -> {
      tx.insert(new Rows.Account(NEIGHBOUR, "neighbour", true, now, 1));
      tx.insert(
          new Rows.Project(
              NEIGHBOURS_PROJECT, NEIGHBOUR, project.region(), project.region(), true, now, 1));
      tx.insert(
          new Rows.ProjectKey(
              NEIGHBOURS_PROJECT, made.version(), made.wrapped(), made.lasting(), now, 1));
      return true;
    });
    Key key =
        new Key(
            new KeyId(stopped.randomness.uuid().toString()),
            NEIGHBOUR,
            NEIGHBOURS_PROJECT,
            "theirs",
            "",
            KeySpec.AES_256,
            KeyUsage.ENCRYPT_DECRYPT,
            Origin.KMS,
            new KeyState.Enabled(),
            now,
            project.region(),
            "0",
            "0",
            false,
            1,
            Rotation.NONE,
            null,
            MultiRegion.NONE,
            1);
    try (ProjectKey projectKey = stopped.projectKey(NEIGHBOURS_PROJECT);
        SecretBytes material = stopped.randomness.secret(MATERIAL_BYTES)) {
      stopped.store.write(tx -> {
        tx.insert(key);
        tx.insert(
            new KeyVersion(
                key.id(),
                1,
                stopped.randomness.uuid().toString(),
                projectKey.wrapMaterial(MaterialPlace.of(key, 1), material),
                projectKey.version(),
                new byte[0],
                false,
                now,
                null,
                1));
        return true;
      });
    }
    return key.id().text();
  }

  @Override
  public void close() {
    stopped.close();
  }
}
