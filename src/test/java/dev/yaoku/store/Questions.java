package dev.yaoku.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.Alias;
import dev.yaoku.key.Grant;
import dev.yaoku.key.GrantOperation;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Tag;
import dev.yaoku.store.Rights.HolderKind;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Everything that can be asked of a store about the things of one tenant. */
final class Questions {
  private static final Instant LATE = Samples.NOW.plusSeconds(400L * 86_400);

  /** What a reading has parts for. */
  static final Set<Class<?>> PARTS =
      Set.of(RightsReading.class, DueReading.class, KeySpaceReading.class);

  private final List<Function<Reading, Object>> all;

  /** Whose things: each has one thing in every table. */
  enum Tenant {
    FIRST(Samples.ACCOUNT, Samples.PROJECT),
    SECOND("d".repeat(32), Samples.OTHER_PROJECT);

    private final String account;
    private final String project;

    Tenant(String account, String project) {
      this.account = account;
      this.project = project;
    }

    int number() {
      return this == FIRST ? 1 : 2;
    }

    String account() {
      return account;
    }

    String project() {
      return project;
    }

    /** The same record, as this tenant has it. */
    <R extends Record> R own(R sample) {
      return this == FIRST ? sample : ownRecord(sample);
    }

    private Object ownValue(Object value) {
      return switch (value) {
        case String text when text.equals(Samples.ACCOUNT) -> account;
        case String text when text.equals(Samples.PROJECT) -> project;
        case String text when text.endsWith("-1") -> text.replaceAll("1$", "2");
        case Instant time -> time.plusSeconds(60);
        case KeyId id -> id.equals(Samples.id(1)) ? Samples.id(2) : id;
        case Record record -> ownRecord(record);
        default -> value;
      };
    }

    private <R extends Record> R ownRecord(R sample) {
      try {
        RecordComponent[] parts = sample.getClass().getRecordComponents();
        @Nullable Object[] values = new @Nullable Object[parts.length];
        for (int i = 0; i < parts.length; i++) {
          Object value = parts[i].getAccessor().invoke(sample);
          values[i] = value == null ? null : ownValue(value);
        }
        @SuppressWarnings("unchecked")
        Constructor<R> constructor =
            (Constructor<R>)
                sample
                    .getClass()
                    .getDeclaredConstructor(
                        Arrays.stream(parts)
                            .map(RecordComponent::getType)
                            .toArray(Class<?>[]::new));
        return constructor.newInstance(values);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError(e.getMessage(), e);
      }
    }

    String grant() {
      return (this == FIRST ? "a" : "9").repeat(64);
    }

    String alias() {
      return this == FIRST ? "one" : "two";
    }

    /**
     * The first one's people hold what they hold in the project, the second one's for the account.
     */
    String scope() {
      return this == FIRST ? project : Rights.Attachment.ACCOUNT;
    }

    String setting() {
      return this == FIRST ? "installation" : "mark";
    }
  }

  private Questions(List<Function<Reading, Object>> all) {
    this.all = all;
  }

  static Questions of(Tenant who) {
    int n = who.number();
    return new Questions(
        List.of(
            tx -> tx.key(Samples.id(n)),
            tx -> tx.versions(Samples.id(n)),
            tx ->
                tx.keys(who.project(), KeyFilter.ALL, Samples.NOW, From.offset(0), 100, true)
                    .keys(),
            tx -> tx.pendingDeletionNamed(who.project(), "key-" + n, Samples.NOW),
            tx -> tx.defaultKey(who.project(), "key-" + n),
            tx -> tx.tags(Samples.id(n)),
            tx -> tx.projectTags(who.project(), Samples.NOW),
            tx -> tx.due().deletionDue(LATE, 0, 100).genuine(),
            tx -> tx.due().rotationDue(LATE, 0, 100).genuine(),
            tx -> tx.due().rotationTooFarOff(Instant.EPOCH, 0, 100).genuine(),
            tx -> tx.due().materialExpired(LATE, 0, 100).genuine(),
            tx -> tx.due().versionsExpired(LATE, 0, 100).genuine(),
            tx -> tx.due().importTokensEnded(LATE, 0, 100).genuine(),
            tx -> tx.due().importTokensTooFarOff(Instant.EPOCH, 0, 100).genuine(),
            tx -> tx.due().importTokensEndedButFull(LATE, 0, 100).genuine(),
            tx -> tx.members("set-" + n),
            tx -> tx.allMembers("set-" + n),
            tx -> tx.setMember(Samples.id(n)),
            tx -> tx.setMembers("set-" + n),
            tx -> tx.importToken(Samples.importToken(n).id()),
            tx -> tx.importTokens(Samples.id(n)),
            tx -> tx.grant(who.grant()),
            tx -> tx.grantsOf(Samples.id(n)),
            tx -> tx.retirableGrants(who.project(), "retirer-" + n, who.account(), Samples.NOW),
            tx -> tx.alias(who.project(), who.alias()),
            tx -> tx.aliasesNamed(who.account(), who.alias()),
            tx -> tx.aliasesOf(Samples.id(n)),
            tx -> tx.aliases(who.project(), Samples.NOW, From.offset(0), 100),
            tx -> tx.keystore(who.project(), Samples.keystore(n).id()),
            tx -> tx.keystores(who.project(), From.offset(0), 100),
            tx -> tx.keySpaces().keyPolicy(who.project(), Samples.keyPolicy(n).id()),
            tx ->
                tx.keySpaces().keyPolicies(who.project(), Samples.keyPolicy(n).keySpace(), "", 100),
            tx -> tx.keySpaces().accessPoint(who.project(), Samples.accessPoint(n).id()),
            tx ->
                tx.keySpaces()
                    .accessPoints(who.project(), Samples.accessPoint(n).keySpace(), "", 100),
            tx ->
                tx.keySpaces()
                    .accessPointsWith(who.project(), AccessPoint.Kind.CUSTOM, "identity-" + n),
            tx -> tx.keySpaces().accessPointsOf(who.project(), AccessPoint.Kind.CUSTOM),
            tx -> tx.account("account-" + n),
            Reading::accounts,
            tx -> tx.accountNamed("name-" + n),
            tx -> tx.project("project-" + n),
            tx -> tx.projects(who.account()),
            tx -> tx.user("user-" + n),
            tx -> tx.userNamed(who.account(), "name-" + n),
            tx -> tx.accessKey(Samples.accessKey(n).id()),
            tx -> tx.token(Samples.token(n).sha256()),
            tx -> tx.taggedKey(Samples.id(n)),
            tx -> tx.rights().users(who.account()),
            tx -> tx.rights().administrators(who.account()),
            tx -> tx.rights().accessKeysOf("user-" + n),
            tx -> tx.rights().group("group-" + n),
            tx -> tx.rights().groupNamed(who.account(), "name-" + n),
            tx -> tx.rights().groups(who.account()),
            tx -> tx.rights().groupsOf("user-" + n),
            tx -> tx.rights().members("group-" + n),
            tx -> tx.rights().membership("group-" + n, "user-" + n),
            tx -> tx.rights().policy("policy-" + n),
            tx -> tx.rights().policyNamed(who.account(), "name-" + n),
            tx -> tx.rights().policies(who.account()),
            tx -> tx.rights().policies(Set.of("policy-" + n)),
            tx -> tx.rights().attachmentsOf(HolderKind.GROUP, "group-" + n),
            tx -> tx.rights().attachmentsOfGroupsOf("user-" + n),
            tx -> tx.rights().ofAccount(HolderKind.USER, "user-" + n),
            tx -> tx.rights().attachments(who.account()),
            tx ->
                tx.rights().attachment(HolderKind.GROUP, "group-" + n, who.scope(), "policy-" + n),
            tx -> tx.rights().agency("agency-" + n),
            tx -> tx.rights().agencyNamed(who.account(), "name-" + n),
            tx -> tx.rights().agencies(who.account()),
            tx -> tx.rights().temporaryKey(Samples.temporaryKey(n).id()),
            tx -> tx.rights().identityProvider("provider-" + n),
            tx -> tx.rights().identityProviders(),
            tx -> tx.rights().identityProviders(who.account()),
            tx -> tx.rights().clientCas(),
            tx -> tx.rights().clientCasNamingAdministratorsInVain(),
            tx -> tx.rights().clientCas(who.account()),
            tx -> tx.rights().clientCa(who.account(), "ca-" + n),
            tx -> tx.rights().certificateUser(who.account(), "ca-" + n, "DNS:host-" + n),
            tx -> tx.rights().certificateUsers(who.account(), "ca-" + n),
            tx -> tx.rights().certificateUsers(who.account(), "ca-" + n, Set.of("DNS:host-" + n)),
            Reading::systemKeys,
            tx -> tx.projectKeys(who.project()),
            tx -> tx.setting(who.setting())));
  }

  /** Gives the tenant one thing in every table. */
  static void populate(SqlStore store, Tenant who) {
    int n = who.number();
    store.write(tx -> {
      tx.insert(who.own(Samples.account(n)));
      tx.insert(who.own(Samples.project(n)));
      tx.insert(who.own(Samples.user(n)));
      tx.insert(who.own(Samples.accessKey(n)));
      tx.insert(who.own(Samples.roleToken(n)));
      tx.rights().insert(who.own(Samples.group(n)));
      tx.rights().insert(who.own(Samples.membership(n, n)));
      tx.rights().insert(who.own(Samples.policy(n)));
      tx.rights()
          .insert(who.own(Samples.attachment(HolderKind.GROUP, "group-" + n, who.scope(), n)));
      tx.rights().insert(who.own(Samples.agency(n)));
      tx.rights().insert(who.own(Samples.temporaryKey(n)));
      tx.rights().insert(who.own(Samples.identityProvider(n)));
      tx.rights().insert(who.own(Samples.clientCa(n)));
      tx.rights().insert(who.own(Samples.certificateUser(n)));
      tx.insert(who.own(Samples.systemKey(n)));
      tx.insert(who.own(Samples.projectKey(n)));
      tx.putSetting(who.setting(), "value " + n);
      tx.insert(who.own(Samples.fullKey(n)));
      tx.insert(Samples.version(n, 1));
      tx.putTags(Samples.id(n), List.of(new Tag("env", "prod-" + n)));
      tx.insert(
          new Grant(
              who.grant(),
              Samples.id(n),
              who.project(),
              "grantee-" + n,
              n == 2,
              Set.of(n == 1 ? GrantOperation.DESCRIBE_KEY : GrantOperation.ENCRYPT_DATA),
              "issuer-" + n,
              "retirer-" + n,
              "name-" + n,
              Samples.NOW.plusSeconds(n),
              "b".repeat(63) + n));
      tx.insert(
          new Alias(
              who.account(),
              who.alias(),
              who.project(),
              Samples.id(n),
              "alias/" + who.alias(),
              Samples.NOW.plusSeconds(n),
              Samples.NOW.plusSeconds(n),
              1));
      tx.insert(who.own(Samples.keystore(n)));
      tx.insert(who.own(Samples.importToken(n)));
      tx.keySpaces().insert(who.own(Samples.keyPolicy(n)));
      tx.keySpaces().insert(who.own(Samples.accessPoint(n)));
      tx.insert(who.own(Samples.setMember(n)));
      return true;
    });
  }

  /** What each question is answered; a refusal of a row is an empty answer. */
  List<Object> ask(SqlStore store) {
    return store.read(tx -> all.stream().map(question -> answer(tx, question)).toList());
  }

  private static Object answer(Reading tx, Function<Reading, Object> question) {
    try {
      return question.apply(tx);
    } catch (KmsException e) {
      assertThat(e.problem()).isInstanceOf(Problem.RowNotGenuine.class);
      return Optional.empty();
    }
  }

  /** What each of them asks. */
  Set<Method> methods(SqlStore store) {
    Set<Method> asked = new HashSet<>();
    for (Function<Reading, Object> question : all) {
      store.<Object>read(tx -> question.apply(listening(Reading.class, tx, asked)));
    }
    return asked;
  }

  /** The same reading, and that of its parts, where each question is noted. */
  private static <T> T listening(Class<T> type, T reading, Set<Method> asked) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (_, method, arguments) -> {
              asked.add(method);
              Object answer = method.invoke(reading, arguments);
              Class<?> answers = method.getReturnType();
              return PARTS.contains(answers) ? part(answers, answer, asked) : answer;
            }));
  }

  private static <T> T part(Class<T> type, Object answer, Set<Method> asked) {
    return listening(type, type.cast(answer), asked);
  }

  static boolean isNothing(Object answer) {
    return things(answer).isEmpty();
  }

  /** The things that an answer consists of. */
  static Collection<?> things(Object answer) {
    return switch (answer) {
      case Collection<?> some -> some;
      case Map<?, ?> some -> some.entrySet();
      case Optional<?> one -> one.stream().toList();
      default -> List.of(answer);
    };
  }
}
