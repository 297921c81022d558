package dev.yaoku.api.huawei;

import static dev.yaoku.api.huawei.Calls.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.access.Caller;
import dev.yaoku.access.Target;
import dev.yaoku.service.KeyWorld;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long a page of each list is, and the longest that can be asked for (semantics.md 18). */
class PageSizesTest {
  private static final String KEY_SPACE = "1c5b8e57-6a3c-4f0e-9d55-0b1d4f1f3a22";
  private static final String USER = "13gg44z4g2sglzk0egw0u726zoyzvrs8";
  private static final Map<String, String> PATH =
      Map.of("enterprise_project_id", "0", "resource_instances", "resource_instances");

  /** One more than the longest page of each list, and of keys than the longest of all. */
  private static final int KEYS = 2_001;

  private static final int OF_LONG_LISTS = 1_001;
  private static final int OF_SHORT_LISTS = 101;

  /** There cannot be more than the longest page has. */
  private static final int KEYSTORES = 1_000;

  @TempDir static Path directory;
  private static KeyWorld world;
  private static Calls calls;
  private static String key;

  @BeforeAll
  static void fill() throws Exception {
    world = KeyWorld.in(directory, KeyWorld.endless());
    calls = new Calls(world);
    key = world.key("first").id().text();
    make(KEYS - 1, i -> created("CreateKey", "{'key_alias':'k" + i + "'}"));
    make(OF_LONG_LISTS, i -> created("CreateAlias", "{'key_id':'KEY','alias':'alias/a" + i + "'}"));
    make(
        OF_LONG_LISTS,
        _ ->
            created(
                "CreateGrant",
                "{'key_id':'KEY','grantee_principal':'USER','operations':['describe-key']}"));
    make(
        KEYSTORES,
        i ->
            created(
                "CreateKeyStore",
                "{'keystore_alias':'s%d','hsm_cluster_id':'c%d','hsm_ca_cert':'PEM'}"
                    .formatted(i, i)));
    make(
        OF_SHORT_LISTS,
        i ->
            created(
                "CreateAccessPoint",
                "{'keyspace_id':'SPACE','access_point_name':'p" + i + "','type':3}"));
    make(
        OF_SHORT_LISTS,
        i ->
            created(
                "CreateKeyPolicy",
                "{'keyspace_id':'SPACE','policy_name':'p" + i + "','policy':'{}'}"));
  }

  @AfterAll
  static void close() {
    world.close();
  }

  /** Many at once share the store's commits. */
  private static void make(int count, IntConsumer one) throws Exception {
    try (var threads = Executors.newFixedThreadPool(16)) {
      List<? extends Future<?>> all =
          IntStream.range(0, count).mapToObj(i -> threads.submit(() -> one.accept(i))).toList();
      for (Future<?> each : all) {
        each.get();
      }
    } catch (ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private static void created(String operation, String body) {
    Calls.Reply reply = call(operation, List.of(), filled(body));
    assertThat(reply.status()).as(operation + " " + reply.body()).isLessThan(300);
  }

  private static String filled(String text) {
    return json(text.replace("KEY", key).replace("SPACE", KEY_SPACE).replace("USER", USER));
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "ListKeys | body | {} | /keys | 1000 | 2000",
        "ListKeys | query | limit | /keys | 1000 | 2000",
        "ListKmsByTags | body | {} | /resources | 10 | 1000",
        "FilterResources | body | {} | /resources | 10 | 1000",
        "ListAliases | query | limit | /aliases | 1000 | 1000",
        "ListGrants | body | {'key_id':'KEY'} | /grants | 100 | 100",
        "ListRetirableGrants | body | {} | /grants | 1000 | 1000",
        "ListKeyStores | query | limit | /keystores | 10 | 1000",
        "ListKeyPolicy | query | keyspace_id,SPACE,limit | /keyspace_policies | 50 | 100",
        "ListAccessPoint | query | keyspace_id,SPACE,limit | /access_points | 50 | 100",
      })
  void aPageHasSoManyEntriesAndNoneHasMore(
      String operation, String where, String asked, String entries, int usual, int longest) {
    assertThat(entries(operation, where, asked, entries, "")).isEqualTo(usual);
    assertThat(entries(operation, where, asked, entries, "" + longest)).isEqualTo(longest);
    assertThat(entries(operation, where, asked, entries, "7")).isEqualTo(7);
    int beyond = operation.equals("ListKmsByTags") ? longest : longest + 1; // refused by that one
    assertThat(entries(operation, where, asked, entries, "" + beyond)).isEqualTo(longest);
  }

  private static int entries(
      String operation, String where, String asked, String entries, String limit) {
    Calls.Reply reply =
        where.equals("body")
            ? call(operation, List.of(), limited(filled(asked), limit))
            : call(operation, Calls.parameters((filled(asked) + "," + limit).split(",", -1)), "{}");
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json().at(entries).size();
  }

  private static Calls.Reply call(String operation, List<Target.Parameter> query, String body) {
    Caller caller = world.caller(KeyWorld.ACCOUNT, KeyWorld.PROJECT, USER);
    return calls.call(caller, operation, PATH, query, body.getBytes(UTF_8));
  }

  private static String limited(String body, String limit) {
    String before = body.equals("{}") ? "{" : body.replace('}', ',');
    return before + "\"limit\":\"" + limit + "\"}";
  }
}
