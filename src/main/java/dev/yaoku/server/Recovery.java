package dev.yaoku.server;

import dev.yaoku.audit.Rating;
import dev.yaoku.audit.Resource;
import dev.yaoku.crypto.Passwords;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.KmsException;
import dev.yaoku.seal.Hierarchy;
import dev.yaoku.seal.Wrapped;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Events;
import dev.yaoku.service.Founding;
import dev.yaoku.service.Identities;
import dev.yaoku.service.NewIds;
import dev.yaoku.service.Operators;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rights;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import dev.yaoku.store.StoreException;
import dev.yaoku.store.Writing;
import java.io.IOException;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets an administrator in again who has lost every credential. For whoever has the data and the
 * root key, and so everything anyway; on record.
 */
final class Recovery {
  private final Installation installation;
  private final Events events;
  private final NewIds ids;
  private final Randomness randomness;
  private final Instant now;

  Recovery(Installation installation, Events events, Randomness randomness, Instant now) {
    this.installation = installation;
    this.events = events;
    this.ids = new NewIds(randomness);
    this.randomness = randomness;
    this.now = now;
  }

  /** Who is let in, and where. */
  record Whom(Rows.Account account, Rows.User user, Rows.Project project) {}

  /**
   * Gives an administrator a new password and access key. Earlier access keys are disabled,
   * sessions ended, names in client certificates taken away, and identity providers and client
   * authorities of the account vouch for administrators no longer: whoever has or made them is not
   * known.
   *
   * @param named the account's name or id; null for the installation's first
   * @param name the administrator's name; null for the one who was first
   * @param file where the credentials go, before anything is changed
   * @param endpoint where clients will reach the server
   * @param region of the project that the credentials name, if the account has one there that is
   *     open
   * @return who was let in, as it was before
   * @throws StartRefused if there is no such administrator; nothing is changed then
   */
  Whom recover(
      @Nullable String named,
      @Nullable String name,
      CredentialsFile file,
      String endpoint,
      String region)
      throws IOException {
    Store store = installation.store();
    Whom whom =
        store.read(tx -> find(tx, named == null ? first(tx) : named(tx, named), name, region));
    try (Founding fresh =
        new Founding(
            whom.account().id(),
            whom.account().name(),
            whom.project().id(),
            whom.project().region(),
            whom.user().id(),
            whom.user().name(),
            ids.secretAccessKey(),
            ids.accessKey(),
            ids.secretAccessKey())) {
      file.prepare(fresh, endpoint);
      Wrapped password = password(fresh);
      Wrapped secret = secret(fresh);
      try {
        store.write(tx -> change(tx, whom, fresh.accessKey(), password, secret));
      } catch (StoreException | KmsException failed) {
        // If it was committed all the same, nobody has these credentials: recover once more.
        file.discard();
        throw failed;
      }
      file.publish();
    }
    return whom;
  }

  private static Rows.Account first(Reading tx) {
    String id =
        tx.setting(Operators.ACCOUNT)
            .orElseThrow(
                () -> new StartRefused("The store does not say whose installation it is."));
    return tx.account(id).orElseThrow(() -> new StartRefused("The first account is not there."));
  }

  private static Rows.Account named(Reading tx, String named) {
    return tx.account(named)
        .or(() -> tx.accountNamed(named))
        .orElseThrow(() -> new StartRefused("There is no account " + named + "."));
  }

  private static Whom find(Reading tx, Rows.Account account, @Nullable String name, String region) {
    List<Rows.User> administrators =
        tx.rights().administrators(account.id()).stream()
            .filter(user -> name == null || user.name().equals(name))
            .sorted(Comparator.comparing(Rows.User::createdAt))
            .toList();
    if (administrators.isEmpty()) {
      throw new StartRefused(
          name == null
              ? "The account " + account.name() + " has no administrator."
              : "The account " + account.name() + " has no administrator of this name.");
    }
    return new Whom(account, administrators.getFirst(), project(tx, account, region));
  }

  /** The one of the server's own region, as the first credentials named it, before any other. */
  private static Rows.Project project(Reading tx, Rows.Account account, String region) {
    return tx.projects(account.id()).stream()
        .max(
            Comparator.comparing(Rows.Project::enabled)
                .thenComparing(project -> project.name().equals(region)))
        .orElseThrow(() -> new StartRefused("The account " + account.name() + " has no project."));
  }

  private boolean change(
      Writing tx, Whom whom, String accessKey, Wrapped password, Wrapped secret) {
    Rows.User user = whom.user();
    Rows.Account account = whom.account();
    if (isFirst(tx, account) && !account.enabled()) { // another one is the operators' to enable
      tx.rights()
          .update(
              new Rows.Account(
                  account.id(), account.name(), true, account.createdAt(), account.rowVersion()));
    }
    tx.update(
        new Rows.User(
            user.id(),
            user.account(),
            user.name(),
            password.bytes(),
            password.keyVersion(),
            true,
            true,
            user.createdAt(),
            user.description(),
            user.email(),
            user.profile(),
            user.rowVersion()));
    tx.rights().accessKeysOf(user.id()).stream()
        .filter(Rows.AccessKey::enabled)
        .forEach(key -> tx.update(disabled(key)));
    tx.rights().endSessionsOf(user.id());
    // At once: servers of an earlier version look at nothing else.
    tx.rights().removeEndedSessionsOf(user.id(), Integer.MAX_VALUE);
    closeOtherWaysIn(tx, user);
    tx.insert(
        new Rows.AccessKey(
            accessKey,
            user.account(),
            user.id(),
            secret.bytes(),
            secret.keyVersion(),
            true,
            now,
            1));
    String detail =
        "on the server's own machine, with the root key: new password and access key for "
            + user.name()
            + ", earlier access keys disabled, names in certificates removed; identity providers"
            + " and client authorities vouch for administrators no longer";
    tx.append(
        events.ofServer(
            user.account(),
            "recoverAdministrator",
            new Resource("user", user.id()),
            Rating.INCIDENT,
            detail,
            tx.changes()));
    return true;
  }

  private static boolean isFirst(Reading tx, Rows.Account account) {
    return tx.setting(Operators.ACCOUNT).filter(account.id()::equals).isPresent();
  }

  private static void closeOtherWaysIn(Writing tx, Rows.User user) {
    String account = user.account();
    tx.rights().clientCas(account).stream()
        .flatMap(ca -> tx.rights().certificateUsers(account, ca.name()).stream())
        .filter(name -> name.user().equals(user.id()))
        .forEach(name -> tx.rights().remove(name));
    tx.rights().clientCas(account).stream()
        .filter(Rights.ClientCa::byAdministrators)
        .forEach(ca -> tx.rights().update(ca.notForAdministrators()));
    tx.rights().identityProviders(account).stream()
        .filter(Rights.IdentityProvider::byAdministrators)
        .forEach(provider -> tx.rights().update(provider.notForAdministrators()));
  }

  private static Rows.AccessKey disabled(Rows.AccessKey key) {
    return new Rows.AccessKey(
        key.id(),
        key.account(),
        key.user(),
        key.secret(),
        key.systemKeyVersion(),
        false,
        key.createdAt(),
        key.description(),
        key.rowVersion());
  }

  private Wrapped password(Founding fresh) {
    Hierarchy hierarchy = installation.hierarchy();
    try (SecretBytes record = Passwords.hash(fresh.password(), randomness)) {
      return hierarchy.wrapPassword(fresh.accountId(), fresh.userId(), record);
    }
  }

  private Wrapped secret(Founding fresh) {
    return installation
        .hierarchy()
        .wrapSecretAccessKey(
            fresh.accountId(),
            fresh.userId(),
            fresh.accessKey(),
            Identities.PERMANENT,
            fresh.secretKey());
  }
}
