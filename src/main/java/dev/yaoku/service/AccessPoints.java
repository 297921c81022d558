package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.crypto.KeySpec;
import dev.yaoku.crypto.PrivateHalf;
import dev.yaoku.crypto.PublicKeyText;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.Field;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.seal.WrapDoesNotOpen;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.service.RecordedChanges.Done;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Store;
import dev.yaoku.store.Writing;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.BiFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Places from which capsules may be opened ({@code operations-new.md} 2.1). */
public final class AccessPoints {
  private static final Logger LOG = LoggerFactory.getLogger(AccessPoints.class);

  /** What a program signs with. */
  static final KeySpec PROGRAM_KEY = KeySpec.RSA_3072;

  private static final byte[] NO_KEY = {};

  private final Store store;
  private final ProjectKeys projectKeys;
  private final Engine engine;
  private final Randomness randomness;
  private final InstantSource clock;
  private final LastingChanges changes;
  private final Rules.KeySpaces rules;

  AccessPoints(
      Store store,
      ProjectKeys projectKeys,
      Engine engine,
      Randomness randomness,
      InstantSource clock,
      Events events,
      Rules.KeySpaces rules) {
    this.store = store;
    this.projectKeys = projectKeys;
    this.engine = engine;
    this.randomness = randomness;
    this.clock = clock;
    this.changes = new LastingChanges(store, events, clock);
    this.rules = rules;
  }

  /**
   * What shall be made.
   *
   * @param identity of a machine its id, of a cluster its public key, Base64 of
   *     SubjectPublicKeyInfo; of a program empty, it gets a key pair
   * @param cluster the cluster's id, else empty
   */
  public record Order(
      String keySpace,
      String name,
      AccessPoint.Kind kind,
      String identity,
      String cluster,
      String description) {}

  /** The key pair of a program; for the other kinds what they are known by. */
  @SuppressWarnings("ArrayRecordComponent") // opaque bytes on their way to a row
  private record Proof(String identity, byte[] wrapped, int projectKeyVersion) {}

  /**
   * Makes an access point, enabled at once.
   *
   * @throws KmsException with {@link Problem.NameTakenInKeySpace} or {@link
   *     Problem.KeySpaceQuotaReached}
   */
  public AccessPoint create(Caller caller, Order order) {
    caller.mustBeAllowed(Action.CREATE_ACCESS_POINT);
    rules.mustHave(order.keySpace());
    // Before a key pair is made for nothing, and once more with the row.
    store.read(tx -> {
      mustHaveRoom(tx, caller.project(), order);
      return true;
    });
    String id = randomness.uuid().toString();
    Proof proof = proof(caller.project(), order, id);
    Instant now = Times.now(clock);
    AccessPoint made =
        new AccessPoint(
            id,
            caller.principal().account(),
            caller.project(),
            order.keySpace(),
            order.name(),
            order.kind(),
            proof.identity(),
            order.cluster(),
            order.description(),
            true,
            proof.wrapped(),
            proof.projectKeyVersion(),
            false,
            caller.principal().user(),
            now,
            now,
            1);
    return changes.change(
        caller,
        Statuses.CREATED,
        tx -> {
          mustHaveRoom(tx, made.project(), order);
          tx.keySpaces().insert(made);
          return done(made);
        });
  }

  private void mustHaveRoom(Reading tx, String project, Order order) {
    if (tx.keySpaces().accessPointNamed(project, order.keySpace(), order.name())) {
      throw new KmsException(new Problem.NameTakenInKeySpace());
    }
    int quota = rules.accessPointsPerProjectMax();
    if (tx.keySpaces().accessPointCount(project) >= quota) {
      throw new KmsException(new Problem.KeySpaceQuotaReached("access points", quota));
    }
  }

  private Proof proof(String project, Order order, String id) {
    if (order.kind() != AccessPoint.Kind.CUSTOM) {
      return new Proof(order.identity(), NO_KEY, 0);
    }
    try (SecretBytes privateKey = engine.generate(project, PROGRAM_KEY);
        PrivateHalf pair = engine.cryptography().privateHalf(PROGRAM_KEY, privateKey);
        Lease<ProjectKeys.Open> projectKey = projectKeys.newest(project)) {
      return new Proof(
          PublicKeyText.of(pair.publicHalf().encoded()),
          projectKey.value().key().wrapAccessPointKey(order.keySpace(), id, privateKey),
          projectKey.value().key().version());
    }
  }

  /** A page of the access points of a key space, those after an id. */
  public KeySpacePage<AccessPoint> list(Caller caller, String keySpace, String after, int limit) {
    caller.mustBeAllowed(Action.LIST_ACCESS_POINTS);
    rules.mustHave(keySpace);
    return KeySpacePage.of(
        store.read(tx -> tx.keySpaces().accessPoints(caller.project(), keySpace, after, limit + 1)),
        limit,
        AccessPoint::id);
  }

  /** Takes proofs of the access point. */
  public void enable(Caller caller, String id) {
    change(
        caller,
        Action.ENABLE_ACCESS_POINT,
        id,
        Statuses.NO_CONTENT,
        (tx, old) -> to(tx, old, true));
  }

  /** Takes no proof of the access point any more. */
  public void disable(Caller caller, String id) {
    reduce(caller, Action.DISABLE_ACCESS_POINT, id, (tx, old) -> to(tx, old, false));
  }

  private AccessPoint to(Writing tx, AccessPoint old, boolean enabled) {
    if (old.enabled() == enabled) {
      return old;
    }
    AccessPoint changed = old.enabled(enabled, Times.now(clock));
    tx.keySpaces().update(changed);
    return changed;
  }

  /** Deletes an access point, and its key pair if it has one. */
  public void delete(Caller caller, String id) {
    reduce(
        caller,
        Action.DELETE_ACCESS_POINT,
        id,
        (tx, accessPoint) -> {
          tx.keySpaces().remove(accessPoint);
          return accessPoint;
        });
  }

  /**
   * A private key that was handed out; whoever takes it closes it.
   *
   * @param accessPoint whose it is
   * @param bytes PKCS#8
   */
  public record PrivateKey(String accessPoint, SecretBytes bytes) implements AutoCloseable {
    @Override
    public void close() {
      bytes.close();
    }
  }

  /**
   * Hands out the private key of a program.
   *
   * @throws KmsException with {@link Problem.BadValue} if the access point has none, {@link
   *     Problem.PrivateKeyHandedOut} if it was handed out and that is done once only
   */
  public PrivateKey privateKey(Caller caller, String id) {
    String accessPoint = permitted(caller, Action.GET_ACCESS_POINT_KEY, id);
    AccessPoint found =
        store.read(tx -> {
          AccessPoint there = find(tx, caller, accessPoint);
          mustHandOut(there);
          return there;
        });
    SecretBytes privateKey = opened(found);
    boolean done = false;
    try {
      change(caller, Action.GET_ACCESS_POINT_KEY, id, Statuses.OK, this::handOut);
      done = true;
      return new PrivateKey(found.id(), privateKey);
    } finally {
      if (!done) {
        privateKey.close();
      }
    }
  }

  private SecretBytes opened(AccessPoint accessPoint) {
    try (Lease<ProjectKeys.Open> projectKey =
        projectKeys.version(accessPoint.project(), accessPoint.projectKeyVersion())) {
      return projectKey
          .value()
          .key()
          .unwrapAccessPointKey(accessPoint.keySpace(), accessPoint.id(), accessPoint.wrapped());
    } catch (WrapDoesNotOpen e) {
      LOG.error("The private key of access point {} is unusable", accessPoint.id(), e);
      throw new KmsException(new Problem.RowNotGenuine("access_point", accessPoint.id()));
    }
  }

  private AccessPoint handOut(Writing tx, AccessPoint old) {
    mustHandOut(old);
    if (old.handedOut()) {
      return old;
    }
    AccessPoint changed = old.withKeyHandedOut();
    tx.keySpaces().update(changed);
    return changed;
  }

  private void mustHandOut(AccessPoint accessPoint) {
    if (accessPoint.kind() != AccessPoint.Kind.CUSTOM) {
      throw new KmsException(
          new Problem.BadValue(
              Field.OTHER, "access_point_id", "Only a custom access point has a private key."));
    }
    if (accessPoint.handedOut() && rules.privateKeyOnce()) {
      throw new KmsException(new Problem.PrivateKeyHandedOut());
    }
  }

  private void change(
      Caller caller,
      Action action,
      String id,
      int status,
      BiFunction<Writing, AccessPoint, AccessPoint> work) {
    String one = permitted(caller, action, id);
    changes.change(caller, status, tx -> done(work.apply(tx, find(tx, caller, one))));
  }

  /** The same of what takes something away. */
  private void reduce(
      Caller caller, Action action, String id, BiFunction<Writing, AccessPoint, AccessPoint> work) {
    String one = permitted(caller, action, id);
    changes.reduce(caller, Statuses.NO_CONTENT, tx -> done(work.apply(tx, find(tx, caller, one))));
  }

  private static AccessPoint find(Reading tx, Caller caller, String id) {
    return tx.keySpaces().accessPoint(caller.project(), id).orElseThrow(AccessPoints::notFound);
  }

  private static Done<AccessPoint> done(AccessPoint accessPoint) {
    return new Done<>(accessPoint, "accessPoint", accessPoint.id(), accessPoint.name());
  }

  private static String permitted(Caller caller, Action action, String id) {
    return KeySpaceIds.permitted(caller, action, id, "access_point_id");
  }

  private static KmsException notFound() {
    return new KmsException(new Problem.NotInKeySpace("access point"));
  }
}
