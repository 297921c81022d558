package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.Alias;
import dev.yaoku.key.Grant;
import dev.yaoku.key.GrantOperation;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Tag;
import dev.yaoku.store.Rights.HolderKind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Whoever has the database and not the system key can change no value that decides who may do what,
 * in any column of any such table, without being noticed (SECURITY_DESIGN C1).
 */
class EditEveryColumnTest {
  private static final Instant LATE = Samples.NOW.plusSeconds(400L * 86_400);

  /** A column that the database itself says it has. */
  private record Column(String table, String name) {
    String quoted() {
      return '"' + table + '"';
    }
  }

  /** Everything that can be asked of a store; each is tried by itself. */
  private static final List<Function<Reading, Object>> READERS =
      List.of(
          tx -> tx.key(Samples.id(1)),
          tx -> tx.versions(Samples.id(1)),
          tx ->
              tx.keys(Samples.PROJECT, KeyFilter.ALL, Samples.NOW, From.offset(0), 100, true)
                  .keys(),
          tx -> tx.pendingDeletionNamed(Samples.PROJECT, "key-1", Samples.NOW),
          tx -> tx.tags(Samples.id(1)),
          tx -> tx.projectTags(Samples.PROJECT, Samples.NOW),
          tx -> tx.deletionDue(LATE, 100),
          tx -> tx.rotationDue(LATE, 100),
          tx -> tx.materialExpired(LATE, 100),
          tx -> tx.versionsExpired(LATE, 100),
          tx -> tx.members("set-1"),
          tx -> tx.setMember(Samples.id(1)),
          tx -> tx.setMembers("set-1"),
          tx -> tx.importToken(Samples.importToken(1).id()),
          tx -> tx.importTokens(Samples.id(1)),
          tx -> tx.grant("a".repeat(64)),
          tx -> tx.grantsOf(Samples.id(1)),
          tx -> tx.retirableGrants(Samples.PROJECT, "retirer", Samples.ACCOUNT, Samples.NOW),
          tx -> tx.alias(Samples.ACCOUNT, "one"),
          tx -> tx.aliasesOf(Samples.id(1)),
          tx -> tx.aliases(Samples.PROJECT, Samples.NOW, From.offset(0), 100),
          tx -> tx.keystore(Samples.PROJECT, Samples.keystore(1).id()),
          tx -> tx.keystores(Samples.PROJECT, From.offset(0), 100),
          tx -> tx.keyPolicy(Samples.PROJECT, Samples.keyPolicy(1).id()),
          tx -> tx.keyPolicies(Samples.PROJECT, Samples.keyPolicy(1).keySpace(), "", 100),
          tx -> tx.accessPoint(Samples.PROJECT, Samples.accessPoint(1).id()),
          tx -> tx.accessPoints(Samples.PROJECT, Samples.accessPoint(1).keySpace(), "", 100),
          tx -> tx.accessPointsWith(Samples.PROJECT, AccessPoint.Kind.CUSTOM, "identity-1"),
          tx -> tx.accessPointsOf(Samples.PROJECT, AccessPoint.Kind.CUSTOM),
          tx -> tx.account("account-1"),
          tx -> tx.accountNamed("name-1"),
          tx -> tx.project("project-1"),
          tx -> tx.projects(Samples.ACCOUNT),
          tx -> tx.user("user-1"),
          tx -> tx.userNamed(Samples.ACCOUNT, "name-1"),
          tx -> tx.accessKey(Samples.accessKey(1).id()),
          tx -> tx.token(Samples.token(1).sha256()),
          tx -> tx.taggedKey(Samples.id(1)),
          tx -> tx.rights().users(Samples.ACCOUNT),
          tx -> tx.rights().accessKeysOf("user-1"),
          tx -> tx.rights().group("group-1"),
          tx -> tx.rights().groupNamed(Samples.ACCOUNT, "name-1"),
          tx -> tx.rights().groups(Samples.ACCOUNT),
          tx -> tx.rights().groupsOf("user-1"),
          tx -> tx.rights().members("group-1"),
          tx -> tx.rights().membership("group-1", "user-1"),
          tx -> tx.rights().policy("policy-1"),
          tx -> tx.rights().policyNamed(Samples.ACCOUNT, "name-1"),
          tx -> tx.rights().policies(Samples.ACCOUNT),
          tx -> tx.rights().attachmentsOf(HolderKind.GROUP, "group-1"),
          tx -> tx.rights().attachmentsOfGroupsOf("user-1"),
          tx -> tx.rights().attachmentsOfPolicy(Samples.ACCOUNT, "policy-1"),
          tx -> tx.rights().attachments(Samples.ACCOUNT),
          tx -> tx.rights().attachment(HolderKind.GROUP, "group-1", Samples.PROJECT, "policy-1"),
          tx -> tx.rights().agency("agency-1"),
          tx -> tx.rights().agencyNamed(Samples.ACCOUNT, "name-1"),
          tx -> tx.rights().agencies(Samples.ACCOUNT),
          tx -> tx.rights().temporaryKey(Samples.temporaryKey(1).id()),
          tx -> tx.rights().identityProvider("provider-1"),
          tx -> tx.rights().identityProvidersNamed("name-1"),
          tx -> tx.rights().identityProviders(Samples.ACCOUNT),
          tx -> tx.rights().clientCas(),
          tx -> tx.rights().clientCas(Samples.ACCOUNT),
          tx -> tx.rights().clientCa(Samples.ACCOUNT, "ca-1"),
          tx -> tx.rights().certificateUser(Samples.ACCOUNT, "ca-1", "DNS:host-1"),
          tx -> tx.rights().certificateUsers(Samples.ACCOUNT, "ca-1"),
          Reading::systemKeys,
          tx -> tx.projectKeys(Samples.PROJECT),
          tx -> tx.setting("installation"));

  private static void populate(SqlStore store) {
    store.write(tx -> {
      tx.insert(Samples.account(1));
      tx.insert(Samples.project(1));
      tx.insert(Samples.user(1));
      tx.insert(Samples.accessKey(1));
      tx.insert(Samples.roleToken(1));
      tx.rights().insert(Samples.group(1));
      tx.rights().insert(Samples.membership(1, 1));
      tx.rights().insert(Samples.policy(1));
      tx.rights().insert(Samples.attachment(HolderKind.GROUP, "group-1", Samples.PROJECT, 1));
      tx.rights().insert(Samples.agency(1));
      tx.rights().insert(Samples.temporaryKey(1));
      tx.rights().insert(Samples.identityProvider(1));
      tx.rights().insert(Samples.clientCa(1));
      tx.rights().insert(Samples.certificateUser(1));
      tx.insert(Samples.systemKey(1));
      tx.insert(Samples.projectKey(1));
      tx.putSetting("installation", "i");
      tx.insert(Samples.fullKey(1));
      tx.insert(Samples.version(1, 1));
      tx.putTags(Samples.id(1), List.of(new Tag("env", "prod")));
      tx.insert(
          new Grant(
              "a".repeat(64),
              Samples.id(1),
              Samples.PROJECT,
              "grantee",
              false,
              Set.of(GrantOperation.DESCRIBE_KEY),
              "issuer",
              "retirer",
              "name",
              Samples.NOW,
              "b".repeat(64)));
      tx.insert(
          new Alias(
              Samples.ACCOUNT,
              "one",
              Samples.PROJECT,
              Samples.id(1),
              "alias/one",
              Samples.NOW,
              Samples.NOW,
              1));
      tx.insert(Samples.keystore(1));
      tx.insert(Samples.importToken(1));
      tx.insert(Samples.keyPolicy(1));
      tx.insert(Samples.accessPoint(1));
      tx.insert(Samples.setMember(1));
      return true;
    });
  }

  @ParameterizedTest
  @EnumSource
  void everyColumnOfARightsBearingTableIsUnderTheMac(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      for (Table table : Tables.ALL) {
        Set<String> covered = new TreeSet<>();
        table.columns().forEach(column -> covered.add(column.name()));
        covered.add(Table.ROW_MAC);
        assertThat(covered)
            .as(table.name())
            .containsExactlyInAnyOrderElementsOf(
                columns(test).stream()
                    .filter(column -> column.table().equals(table.name()))
                    .map(Column::name)
                    .toList());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aTableWithoutAMacHoldsNothingThatDecidesRights(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      Set<String> unknown = new HashSet<>();
      columns(test).forEach(column -> unknown.add(column.table()));
      Tables.ALL.forEach(table -> unknown.remove(table.name()));
      assertThat(unknown)
          .containsExactlyInAnyOrderElementsOf(
              Set.of(
                  "access_key_use",
                  "audit",
                  "change_sequence",
                  "flyway_schema_history",
                  "key_set",
                  "refusal",
                  "seen_signature"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aChangedValueIsNamedAndNotUsed(Engine engine) throws Exception {
    try (TestStore test = engine.open()) {
      populate(test.store());
      List<Object> genuine = readAll(test.store());
      assertThat(test.reported).isEmpty();
      for (Table table : Tables.ALL) {
        for (Column column :
            columns(test).stream().filter(c -> c.table().equals(table.name())).toList()) {
          mustBeNoticed(test, table, column, genuine);
        }
      }
    }
  }

  private static void mustBeNoticed(
      TestStore test, Table table, Column column, List<Object> genuine) throws SQLException {
    Object before =
        test.seenBehindItsBack("SELECT \"" + column.name() + "\" FROM " + column.quoted())
            .getFirst();
    String set = "UPDATE " + column.quoted() + " SET \"" + column.name() + "\" = ?";
    try {
      test.behindItsBack(set, other(before));
    } catch (SQLException impossible) {
      return; // the schema itself forbids it
    }
    test.reported.clear();
    List<Object> now = readAll(test.store());
    for (int i = 0; i < now.size(); i++) {
      if (now.get(i) != null && !isNothing(now.get(i))) {
        assertThat(now.get(i))
            .as("%s, question %d", column, i)
            .usingRecursiveComparison()
            .isEqualTo(genuine.get(i));
      }
    }
    // A row under another name is a row removed: nobody finds it, so nothing is there to check.
    if (!table.primaryKey().contains(column.name())) {
      assertThat(test.reported)
          .as(column.toString())
          .extracting(Problem.RowNotGenuine::table)
          .contains(column.table());
    }
    assertThat(test.behindItsBack(set, before)).isEqualTo(1);
  }

  private static boolean isNothing(Object answer) {
    return switch (answer) {
      case java.util.Collection<?> some -> some.isEmpty();
      case java.util.Map<?, ?> some -> some.isEmpty();
      default -> answer.equals(java.util.Optional.empty());
    };
  }

  private static List<Object> readAll(SqlStore store) {
    List<Object> answers = new ArrayList<>();
    for (Function<Reading, Object> reader : READERS) {
      try {
        answers.add(store.<Object>read(reader));
      } catch (KmsException e) {
        assertThat(e.problem()).isInstanceOf(Problem.RowNotGenuine.class);
        answers.add(java.util.Optional.empty());
      }
    }
    return answers;
  }

  private static Object other(Object value) {
    return switch (value) {
      case null -> 1L;
      case String text -> text.isEmpty() ? "x" : text.substring(0, text.length() - 1) + "~";
      case byte[] bytes -> {
        byte[] flipped = bytes.clone();
        flipped[flipped.length - 1] ^= 1;
        yield flipped;
      }
      case Integer number -> number == 0 ? 1 : number - 1;
      case Long number -> number == 0 ? 1L : number - 1;
      default -> throw new IllegalStateException(value.getClass().toString());
    };
  }

  private static List<Column> columns(TestStore test) throws SQLException {
    List<Column> found = new ArrayList<>();
    try (Connection connection = test.backDoor.open();
        PreparedStatement all =
            connection.prepareStatement(
                test.engine == Engine.SQLITE
                    ? "SELECT m.name, c.name FROM sqlite_master m, pragma_table_info(m.name) c"
                        + " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'"
                    : "SELECT table_name, column_name FROM information_schema.columns"
                        + " WHERE table_schema = 'public'");
        ResultSet rows = all.executeQuery()) {
      while (rows.next()) {
        found.add(new Column(rows.getString(1), rows.getString(2)));
      }
    }
    found.sort(Comparator.comparing(Column::table).thenComparing(Column::name));
    return found;
  }
}
