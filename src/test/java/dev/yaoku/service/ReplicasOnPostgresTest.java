package dev.yaoku.service;

import static dev.yaoku.service.KeyWorld.ref;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.Key;
import dev.yaoku.key.MultiRegion.Role;
import dev.yaoku.key.Problem;
import dev.yaoku.store.BeforeMigration;
import dev.yaoku.store.PostgresProcess;
import dev.yaoku.store.SqlStore;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** What damaged and orphaned replicas may do, where the store is PostgreSQL. */
@EnabledIf(value = PostgresProcess.CAN_RUN, disabledReason = PostgresProcess.MISSING)
class ReplicasOnPostgresTest extends ReplicationWorld {

  private PostgresProcess postgres;
  private String database = "";

  @Override
  @BeforeEach
  void open() {
    try {
      postgres = PostgresProcess.shared();
      database = postgres.newDatabase(null);
    } catch (IOException | SQLException e) {
      throw new AssertionError(e);
    }
    world =
        KeyWorld.among(
            directory,
            () ->
                SqlStore.openPostgres(
                    postgres.settings(database),
                    _ -> {},
                    BeforeMigration.NOTHING,
                    System::nanoTime));
  }

  @Override
  @AfterEach
  void close() {
    super.close();
    try {
      postgres.dropDatabase(database);
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  int edited(String sql, String value) {
    try (Connection connection = postgres.connect(database);
        PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, value);
      return statement.executeUpdate();
    } catch (SQLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aReplicaWhoseRowOfTheSetWasDeletedIsReachedAndMakesNoPrimaryThatIsMissed() {
    Key key = imported();
    Key replica = replicate(key, far());
    edit("DELETE FROM set_member WHERE key_id = ?", replica);

    Refused.with(
        new Problem.RowNotGenuine("set_member", replica.id().text()),
        () -> promote(world.alice(), key, KeyWorld.FAR_REGION));
    world.services().imports().delete(world.alice(), ref(key));

    assertThat(versions(replica)).allSatisfy(version -> assertThat(version.wrapped()).isEmpty());
  }

  @Test
  void aReplicaThatIsRestoredAfterTheMaterialWasDeletedWaitsForIt() {
    Key key = imported();
    Key replica = replicate(key, far());
    damage(replica);
    world.services().imports().delete(world.alice(), ref(key));
    restore(replica);

    Refused.with(WITHOUT_MATERIAL, () -> encrypt(world.aliceFarAway(), replica, "x"));
  }

  @Test
  void anOrphanedReplicaTakesTheRoleAndTheMaterial() {
    Key key = imported();
    Key replica = replicate(key, far());
    byte[] blob = encrypt(world.alice(), key, "x");
    world.services().imports().delete(world.alice(), ref(key));
    purge(world.alice(), key);

    promote(world.aliceFarAway(), replica, KeyWorld.FAR_REGION);

    assertThat(stored(replica).multiRegion().role()).isEqualTo(Role.PRIMARY);
    new Customer(world, world::aliceFarAway).bring(replica, null);
    assertThat(decrypt(world.aliceFarAway(), blob)).isEqualTo("x by " + replica.id());
  }
}
