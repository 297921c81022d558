package dev.yaoku.server;

import dev.yaoku.access.Admission;
import dev.yaoku.access.FailureThrottle;
import dev.yaoku.access.LockOut;
import dev.yaoku.access.Permissions;
import dev.yaoku.access.RequestAuthenticator;
import dev.yaoku.access.RequestRates;
import dev.yaoku.access.SignatureRules;
import dev.yaoku.api.Route;
import dev.yaoku.api.huawei.AccessRoutes;
import dev.yaoku.api.huawei.HuaweiApi;
import dev.yaoku.api.iam.IamApi;
import dev.yaoku.api.openapi.OpenApiRoute;
import dev.yaoku.audit.Entries;
import dev.yaoku.crypto.Cryptography;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.Accounts;
import dev.yaoku.service.ClientAuthorities;
import dev.yaoku.service.DryRuns;
import dev.yaoku.service.Events;
import dev.yaoku.service.Explanations;
import dev.yaoku.service.Federation;
import dev.yaoku.service.HeldPolicies;
import dev.yaoku.service.Identities;
import dev.yaoku.service.IdentityProviders;
import dev.yaoku.service.IdentityServices;
import dev.yaoku.service.KeyServices;
import dev.yaoku.service.Leftovers;
import dev.yaoku.service.Logins;
import dev.yaoku.service.Operators;
import dev.yaoku.service.PolicyPermissions;
import dev.yaoku.service.PrivateKeyWork;
import dev.yaoku.service.SessionRoom;
import dev.yaoku.service.TemporaryKeys;
import dev.yaoku.service.Tokens;
import dev.yaoku.store.Store;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who knows whom: the table of contents of a running server. */
final class Wiring implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  private static final int DUMMY_SECRET_BYTES = 40;

  private final PrivateKeyWork work =
      new PrivateKeyWork(
          Runtime.getRuntime().availableProcessors(),
          Niceness::yieldToOthers,
          Niceness::runWhenIdle);
  private final KeyServices keys;
  private final Identities identities;
  private final HeldPolicies held;
  private final Explanations explanations;
  private final Trust trust;
  private final Federation federation;
  private final RightsWatch rightsWatch;
  private final SettingsWatch settings;
  private final Housekeeping housekeeping;
  private final Server server;

  Wiring(
      Config config,
      Surroundings surroundings,
      Addition addition,
      Cryptography cryptography,
      Installation installation,
      Events events)
      throws IOException {
    InstantSource clock = surroundings.clock();
    Randomness randomness = surroundings.randomness();
    Store store = installation.store();

    keys =
        KeyServices.over(
            store,
            installation.hierarchy(),
            cryptography,
            work,
            randomness,
            clock,
            surroundings.nanos(),
            events,
            Choices.rules(config));

    trust = new Trust(config, clock);
    identities =
        new Identities(
            store, installation.hierarchy(), clock, Identities.Limits.USUAL, trust.revoked());
    FailureThrottle throttle = new FailureThrottle(Choices.failures(config), clock);
    held =
        new HeldPolicies(
            store, clock, Identities.Limits.USUAL.entriesMax(), Identities.Limits.USUAL.keptFor());
    Permissions permissions =
        new PolicyPermissions(held, identities, new Operators(store), clock, config.region());
    Logins logins =
        new Logins(
            store,
            installation.hierarchy(),
            clock,
            Runtime.getRuntime().availableProcessors(),
            Runtime.getRuntime().maxMemory());
    SessionRoom room = new SessionRoom(store, identities);
    Tokens tokens =
        new Tokens(
            store,
            identities,
            held,
            room,
            throttle,
            events,
            randomness,
            clock,
            config.auth().tokenLife());

    federation = new Federation(store, throttle, trust.keys(), clock);
    IdentityProviders providers =
        new IdentityProviders(
            store, federation, identities, held, trust.keys(), events, randomness, clock);
    ClientAuthorities authorities = new ClientAuthorities(store, identities, held, events, clock);

    Admission admission = new Admission(identities, permissions);
    RequestAuthenticator authenticator =
        authenticator(config, throttle, clock, addition.clockOfSignatures(), randomness);

    HuaweiApi kms = new HuaweiApi(keys, Choices.dialect(config));
    IamApi iam =
        new IamApi(
            logins,
            authenticator.logins(),
            tokens,
            new Accounts(store),
            IdentityServices.over(
                store,
                installation.hierarchy(),
                identities,
                held,
                logins,
                randomness,
                clock,
                events,
                Choices.regions(config)),
            new TemporaryKeys(
                store, installation.hierarchy(), identities, held, room, events, randomness, clock),
            admission);
    explanations = new Explanations(store, clock);
    AccessRoutes access =
        new AccessRoutes(
            kms.errors(), kms.routes(), explanations, new DryRuns(store, keys.keys(), identities));
    rightsWatch = new RightsWatch(store, identities, held, federation, keys.keys());
    settings = new SettingsWatch(store, config.shared());
    housekeeping =
        new Housekeeping(
            keys, identities, held, room, new Leftovers(store), explanations, settings);
    List<Route> routes =
        OpenApiRoute.with(
            Stream.of(
                    kms.routes(),
                    iam.routes(),
                    access.routes(),
                    iam.otherWays(
                        federation, providers, authorities, config.federation().tokenLife()),
                    addition.routes(kms.errors(), housekeeping::round))
                .flatMap(List::stream)
                .toList(),
            kms.errors());

    PrometheusMeterRegistry metrics = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    Alarms.bind(metrics, keys.clocks());
    Alarms.bind(metrics, settings);
    Alarms.count(metrics, keys.dataKeys());
    Alarms.count(metrics, keys.stopped());
    server =
        new Server(
            new Parts(
                config,
                routes,
                kms.errors(),
                authenticator,
                Callers.of(admission),
                recorder(events),
                new Entries(randomness::bytes)::encode,
                store,
                () -> cryptography.isSound() && keys.stopped().count() == 0,
                identities::trustsAuthorities,
                randomness::bytes,
                clock,
                metrics,
                rates(config, surroundings),
                work::execute));
  }

  private static RequestRates rates(Config config, Surroundings surroundings) {
    Config.Limits limits = config.limits();
    return new RequestRates(
        limits.requestsPerUser(), limits.requestsPerProject(), surroundings.nanos());
  }

  private Recorder recorder(Events events) {
    return (caller, operation, status, code) -> {
      explanations.note(caller, status, code);
      return events.unsaltedOutcome(caller, operation, status, code);
    };
  }

  /** Makes events with salt from this machine's randomness. */
  static Events events(Surroundings surroundings) {
    return new Events(surroundings.clock(), new Entries(surroundings.randomness()::bytes)::encode);
  }

  private RequestAuthenticator authenticator(
      Config config,
      FailureThrottle throttle,
      InstantSource clock,
      InstantSource clockOfSignatures,
      Randomness randomness) {
    SignatureRules rules =
        new SignatureRules(
            config.auth().clockWindow(),
            config.auth().refuseReplays(),
            config.auth().unsignedBodies(),
            config.dev().enabled());
    try (SecretBytes dummy = randomness.secret(DUMMY_SECRET_BYTES)) {
      LockOut lockOut = new LockOut(config.contract().lockOut(), clock);
      return new RequestAuthenticator(
          identities, throttle, lockOut, rules, clock, clockOfSignatures, dummy);
    }
  }

  void start() throws IOException {
    keys.clocks().start();
    server.start();
    housekeeping.start();
    rightsWatch.start();
    identities.watchAuthorities(server::lookAtAuthorities);
    trust.start(
        federation::refreshKeys, identities::certificatesChanged, identities::lookAtCertificates);
    settings.start(); // last: a start that fails leaves no settings for the others to be told of
  }

  Server server() {
    return server;
  }

  KeyServices keys() {
    return keys;
  }

  Identities identities() {
    return identities;
  }

  RightsWatch rightsWatch() {
    return rightsWatch;
  }

  Housekeeping housekeeping() {
    return housekeeping;
  }

  @Override
  public void close() {
    server.stop();
    rightsWatch.close();
    housekeeping.close();
    storeRefusals();
    trust.close();
    work.close();
    keys.rsaPairs().close();
    keys.keys().changedAll();
  }

  /** A store that fails keeps nothing else from its end. */
  private void storeRefusals() {
    try {
      explanations.flush();
    } catch (RuntimeException e) {
      LOG.warn("The last refusals are not stored; nobody can have them explained.", e);
    }
  }
}
