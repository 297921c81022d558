package dev.yaoku.server;

import static dev.yaoku.server.KeyCalls.about;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.api.Route;
import dev.yaoku.server.KeyCalls.Prepared;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Somebody edits the row of a key, of whatever kind: every operation on it is refused, nothing is
 * done, and what he did not edit works (SECURITY_DESIGN C1).
 */
class ForgedKeysTest {
  private static final String DAMAGED = "A stored record failed its integrity check";
  private static final String EDITED = "state, deletion_at, usage, project, row_mac";

  private static final List<String> EDITS =
      List.of(
          "state = 'disabled'",
          "deletion_at = 1",
          "usage = CASE usage WHEN 'SIGN_VERIFY' THEN 'ENCRYPT_DECRYPT' ELSE 'SIGN_VERIFY' END",
          "project = 'ffffffffffffffffffffffffffffffff'",
          "row_mac = (SELECT row_mac FROM \"key\" WHERE id = '{other}')");

  /** Not lists, which leave it out. */
  private static final List<String> OF_ANY_KEY =
      List.of(
          "describe-key",
          "list-grants",
          "tags",
          "get-key-rotation-status",
          "enable-key",
          "disable-key",
          "schedule-key-deletion",
          "cancel-key-deletion",
          "update-key-alias",
          "update-key-description",
          "create-grant",
          "enable-key-rotation",
          "disable-key-rotation",
          "update-key-rotation-interval",
          "rotate-on-demand",
          "yaoku-rotate-now",
          "yaoku-list-versions",
          "yaoku-show-key",
          "yaoku-undelete-key",
          "yaoku-check-access",
          "create tag",
          "change tags",
          "create alias",
          "associate alias",
          "replicate",
          "update-primary-region");

  private static final List<String> OF_USED_KEYS =
      List.of(
          "encrypt-data",
          "decrypt-data",
          "decrypt-data by key",
          "re-encrypt from",
          "re-encrypt to",
          "create-datakey",
          "create-datakey-without-plaintext",
          "create-rsa-datakey-pair",
          "create-ec-datakey-pair",
          "encrypt-datakey",
          "decrypt-datakey",
          "datakey-capsule/create",
          "datakey-capsule/decrypt",
          "revoke-grant",
          "retire-grant",
          "yaoku-revoke-grant-tree",
          "delete tag",
          "delete alias");

  private static final List<String> OF_IMPORTED_KEYS =
      List.of("get-parameters-for-import", "import-key-material", "delete-imported-key-material");

  /** It reads no key. */
  private static final Set<String> NOT_REFUSED = Set.of("ListRetirableGrants");

  @TempDir Path scratch;
  private @Nullable PostgresSetup database;
  private OperationsOnKeys keys;

  /** The operations that were called. */
  private final Set<String> called = new TreeSet<>();

  /** What was not refused as it must be. */
  private final Map<String, String> otherwise = new TreeMap<>();

  /** Where the server keeps its rows, if not in a file. */
  @Nullable PostgresSetup newDatabase() throws IOException, SQLException {
    return null;
  }

  @BeforeEach
  void start() throws IOException, SQLException {
    database = newDatabase();
    keys = new OperationsOnKeys(scratch, database == null ? Map.of() : database.settings());
  }

  @AfterEach
  void stop() throws SQLException {
    keys.close();
    if (database != null) {
      database.close();
    }
  }

  private Connection open() throws SQLException {
    return database == null
        ? DriverManager.getConnection("jdbc:sqlite:" + scratch.resolve("data/yaoku.db"))
        : database.connect();
  }

  private Map<String, List<String>> state() {
    return database == null ? StoreDump.of(scratch.resolve("data")) : StoreDump.of(database);
  }

  private void run(String statement, List<@Nullable Object> values) throws SQLException {
    try (Connection connection = open();
        PreparedStatement sql = connection.prepareStatement(statement)) {
      for (int i = 0; i < values.size(); i++) {
        sql.setObject(i + 1, values.get(i));
      }
      assertThat(sql.executeUpdate()).isOne();
    }
    keys.server.yaoku.wiring().keys().keys().changedAll();
  }

  private List<@Nullable Object> genuine(String key) throws SQLException {
    List<@Nullable Object> values = new ArrayList<>();
    try (Connection connection = open();
        PreparedStatement sql =
            connection.prepareStatement("SELECT " + EDITED + " FROM \"key\" WHERE id = ?")) {
      sql.setString(1, key);
      try (ResultSet row = sql.executeQuery()) {
        assertThat(row.next()).isTrue();
        for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
          values.add(row.getObject(i));
        }
      }
    }
    values.add(key);
    return values;
  }

  private Map<Prepared, List<String>> operationsByKey() {
    Prepared used =
        new Prepared(keys.calls.made("AES_256", "ENCRYPT_DECRYPT", "kms"), new HashMap<>());
    used.made().putAll(keys.use(used.key()));
    String brought = keys.calls.made("AES_256", "ENCRYPT_DECRYPT", "external");
    Prepared imported = new Prepared(brought, keys.bring(brought, 0));
    keys.server.kms(
        "import-key-material",
        about(brought, keys.calls.more("import-key-material", imported.made())));
    Prepared signing =
        new Prepared(keys.calls.made("EC_P256", "SIGN_VERIFY", "kms"), new HashMap<>());
    makes("sign", "signature", signing);
    Prepared agreeing = new Prepared(keys.calls.made("EC_P256", "KEY_AGREEMENT", "kms"), Map.of());
    Prepared coding =
        new Prepared(keys.calls.made("HMAC_256", "GENERATE_VERIFY_MAC", "kms"), new HashMap<>());
    makes("generate-mac", "mac", coding);
    Map<Prepared, List<String>> operations = new LinkedHashMap<>();
    operations.put(used, OF_USED_KEYS);
    operations.put(imported, OF_IMPORTED_KEYS);
    operations.put(signing, List.of("sign", "verify", "get-publickey"));
    operations.put(agreeing, List.of("derive-shared-secret", "get-publickey"));
    operations.put(coding, List.of("generate-mac", "verify-mac"));
    return operations;
  }

  private void makes(String operation, String member, Prepared subject) {
    String members = keys.calls.more(operation, Map.of());
    subject
        .made()
        .put(member, keys.server.kms(operation, about(subject.key(), members), "/" + member));
  }

  /** The operations that are told in their path or in their body which key they are about. */
  private Set<String> operationsThatNameAKey() {
    return routes()
        .filter(ForgedKeysTest::namesAKey)
        .map(Route::operation)
        .collect(Collectors.toSet());
  }

  private Stream<Route> routes() {
    return keys.server.yaoku.wiring().server().routes().stream();
  }

  private static boolean namesAKey(Route route) {
    RecordComponent[] members = route.description().members().getRecordComponents();
    return Stream.concat(
            Stream.of(route.path()),
            Arrays.stream(members == null ? new RecordComponent[0] : members)
                .map(RecordComponent::getName))
        .map(name -> name.toLowerCase(Locale.ROOT).replace("_", ""))
        .anyMatch(name -> name.contains("keyid"));
  }

  private static boolean isOf(Route route, HttpRequest sent) {
    return sent.method().equals(route.method())
        && sent.uri().getPath().matches(route.path().replaceAll("\\{[^}]+}", "[^/]+"));
  }

  /** Somebody edits the key; the operations are refused, and leave everything as he left it. */
  private void mustAllBeRefused(List<String> operations, Prepared subject, String edit)
      throws SQLException {
    run("UPDATE \"key\" SET " + edit + " WHERE id = ?", List.of(subject.key()));
    Map<String, List<String>> edited = state();
    for (String operation : operations) {
      HttpResponse<String> answer = keys.calls.call(operation, subject);
      if (!answer.body().contains("\"KMS.0101\"") || !answer.body().contains(DAMAGED)) {
        otherwise.put(operation + " after " + edit, answer.statusCode() + answer.body());
      }
      routes()
          .filter(route -> isOf(route, answer.request()))
          .map(Route::operation)
          .forEach(called::add);
    }
    assertThat(state()).as("after " + edit).isEqualTo(edited);
  }

  @Test
  void everyOperationOnAKeyThatWasEditedIsRefusedAndNothingIsDone() throws SQLException {
    String other = keys.calls.made("AES_256", "ENCRYPT_DECRYPT", "kms");
    Map<Prepared, List<String>> operations = operationsByKey();
    Map<String, List<String>> before = state();
    for (Map.Entry<Prepared, List<String>> each : operations.entrySet()) {
      Prepared subject = each.getKey();
      List<@Nullable Object> genuine = genuine(subject.key());
      List<String> all = Stream.concat(OF_ANY_KEY.stream(), each.getValue().stream()).toList();
      for (String edit : EDITS) {
        mustAllBeRefused(all, subject, edit.replace("{other}", other));
        run("UPDATE \"key\" SET (" + EDITED + ") = (?, ?, ?, ?, ?) WHERE id = ?", genuine);
      }
      assertThat(keys.calls.call("describe-key", subject).statusCode()).isEqualTo(200);
    }
    assertThat(otherwise).isEmpty();
    assertThat(state()).isEqualTo(before);
    called.addAll(NOT_REFUSED);
    assertThat(called).containsAll(operationsThatNameAKey());
  }
}
