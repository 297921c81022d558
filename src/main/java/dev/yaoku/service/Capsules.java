package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.access.UsableKey;
import dev.yaoku.crypto.BadKey;
import dev.yaoku.crypto.Capsule;
import dev.yaoku.crypto.DoesNotOpen;
import dev.yaoku.crypto.Randomness;
import dev.yaoku.crypto.RecipientKey;
import dev.yaoku.crypto.SealingKey;
import dev.yaoku.crypto.Text;
import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.Field;
import dev.yaoku.key.KeyId;
import dev.yaoku.key.KeyPolicy;
import dev.yaoku.key.KeyReference;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.OpeningPolicy;
import dev.yaoku.key.OpeningPolicyReader;
import dev.yaoku.key.Problem;
import dev.yaoku.key.Waiting;
import dev.yaoku.secret.SecretBytes;
import dev.yaoku.store.Store;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Data keys sealed with a policy that says how they may be opened. None is stored. */
public final class Capsules {
  /** 16 KiB of Base64. */
  private static final int CAPSULE_BYTES_MAX = 12 * 1024;

  /** So far ahead another server's clock may be that noted an opening. */
  private static final Duration SERVERS_APART = Duration.ofMinutes(1);

  private final Store store;
  private final Keys keys;
  private final Attestations attestations;
  private final Randomness randomness;
  private final InstantSource clock;
  private final Events events;

  Capsules(
      Store store,
      Keys keys,
      Engine engine,
      Randomness randomness,
      InstantSource clock,
      Events events) {
    this.store = store;
    this.keys = keys;
    this.attestations = new Attestations(store, engine);
    this.randomness = randomness;
    this.clock = clock;
    this.events = events;
  }

  /** How a capsule may be opened. */
  public sealed interface Under {
    /** As a stored policy says at the time. */
    record Stored(String policy) implements Under {}

    /** As this policy says, for ever. */
    record Inline(OpeningPolicy policy) implements Under {}
  }

  /**
   * A data key on its way to the caller, who closes it.
   *
   * @param key the key that sealed it
   * @param instance from where it was opened; empty if it was just made
   * @param capsule the capsule; empty if it was opened
   * @param dataKey the data key itself, or what only the owner of the recipient's key can read
   * @param encrypted which of the two
   */
  @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
  public record Released(
      KeyId key, String instance, byte[] capsule, SecretBytes dataKey, boolean encrypted)
      implements AutoCloseable {
    @Override
    public void close() {
      dataKey.close();
    }
  }

  /**
   * Makes a data key and seals it.
   *
   * @param bytes how long it is
   * @param recipient the public key to encrypt it under, SubjectPublicKeyInfo in DER; null to
   *     return it as it is
   */
  public Released create(
      Caller caller, KeyReference reference, int bytes, Under under, byte @Nullable [] recipient) {
    RecipientKey reader = reader(recipient);
    try (OpenKey key = keys.open(caller, reference)) {
      UsableKey permitted = caller.mustBeAllowed(Action.CREATE_CAPSULE, key.key());
      key.mustServe(Problem.Work.DATA_KEYS);
      SealingKey material = key.currentMaterial(permitted);
      Capsule.Header header = header(caller, permitted, material, under);
      if (Capsule.size(header.policy().length, bytes) > CAPSULE_BYTES_MAX) {
        throw new KmsException(
            new Problem.BadValue(
                Field.OTHER, "key_policy", "key_policy must not be longer than 12000 bytes."));
      }
      try (SecretBytes dataKey = randomness.secret(bytes)) {
        byte[] capsule = dataKey.lend(plain -> Capsule.seal(material, header, plain));
        return released(permitted.key().id(), "", capsule, dataKey, reader);
      }
    }
  }

  private Capsule.Header header(
      Caller caller, UsableKey permitted, SealingKey material, Under under) {
    Capsule.Policy kind =
        switch (under) {
          case Under.Stored _ -> Capsule.Policy.STORED;
          case Under.Inline _ -> Capsule.Policy.INLINE;
        };
    byte[] policy =
        switch (under) {
          case Under.Stored(String id) -> storedPolicy(caller, id);
          case Under.Inline(OpeningPolicy inline) -> Text.utf8(OpeningPolicyReader.text(inline));
        };
    return new Capsule.Header(
        material.suite(),
        permitted.key().id().bytes(),
        permitted.key().currentVersion(),
        kind,
        policy);
  }

  private byte[] storedPolicy(Caller caller, String id) {
    KeyPolicy policy =
        store.read(tx ->
            tx.keySpaces().keyPolicy(caller.project(), id).orElseThrow(KeyPolicies::notFound));
    UUID uuid = UUID.fromString(policy.id());
    return ByteBuffer.allocate(2 * Long.BYTES)
        .putLong(uuid.getMostSignificantBits())
        .putLong(uuid.getLeastSignificantBits())
        .array();
  }

  /**
   * Opens a capsule.
   *
   * @param text the capsule as it was sent
   * @param capsule its bytes
   * @param recipient as for {@link #create}
   * @throws KmsException with {@link Problem.BadCapsule} if it is not of this key, {@link
   *     Problem.UnreadableAttestation}, or {@link Problem.NotAttested} for every reason not to open
   *     it from there now
   */
  public Released open(
      Caller caller,
      KeyReference reference,
      String text,
      byte[] capsule,
      Attestation attestation,
      byte @Nullable [] recipient) {
    RecipientKey reader = reader(recipient);
    try (OpenKey key = keys.open(caller, reference)) {
      UsableKey permitted = caller.mustBeAllowed(Action.OPEN_CAPSULE, key.key());
      key.mustServe(Problem.Work.DATA_KEYS);
      Capsule.Header header = header(capsule);
      try (SecretBytes dataKey = opened(materialFor(key, permitted, header), capsule)) {
        Instant now = Times.now(clock);
        List<AccessPoint> proved = attestations.proved(caller.project(), attestation, text, now);
        Admitted admitted = admitted(caller, header, proved, now);
        AccessPoint from = admitted.from();
        caller.audit().note("access point " + from.id());
        Released released =
            released(permitted.key().id(), from.instance(), new byte[0], dataKey, reader);
        noteOpening(caller, permitted, admitted, now, released);
        return released;
      }
    }
  }

  private static Capsule.Header header(byte[] capsule) {
    try {
      return Capsule.Header.read(capsule);
    } catch (DoesNotOpen e) {
      throw new KmsException(new Problem.BadCapsule());
    }
  }

  private static SealingKey materialFor(OpenKey key, UsableKey permitted, Capsule.Header header) {
    if (!KeyId.of(header.keyId()).equals(permitted.key().id())) {
      throw new KmsException(new Problem.BadCapsule());
    }
    SealingKey material = key.material(permitted, header.version());
    if (material == null || material.suite() != header.suite()) {
      throw new KmsException(new Problem.BadCapsule());
    }
    return material;
  }

  private static SecretBytes opened(SealingKey material, byte[] capsule) {
    try {
      return SecretBytes.take(Capsule.open(material, capsule));
    } catch (DoesNotOpen e) {
      Blobs.note(e);
      throw new KmsException(new Problem.BadCapsule());
    }
  }

  /**
   * A place from where a capsule may be opened.
   *
   * @param under the stored policy that allows it; null if the capsule brings its own
   */
  private record Admitted(AccessPoint from, @Nullable KeyPolicy under) {}

  private Admitted admitted(
      Caller caller, Capsule.Header header, List<AccessPoint> proved, Instant now) {
    return switch (header.kind()) {
      case INLINE -> {
        OpeningPolicy policy =
            OpeningPolicyReader.stored(new String(header.policy(), StandardCharsets.UTF_8));
        yield new Admitted(
            first(proved.stream().filter(point -> policy.allows(point.id(), now))), null);
      }
      case STORED -> {
        KeyPolicy policy =
            store.read(tx ->
                tx.keySpaces()
                    .keyPolicy(caller.project(), policyId(header))
                    .orElseThrow(Capsules::notAttested));
        yield new Admitted(
            first(proved.stream().filter(point -> policy.allows(point, now))), policy);
      }
    };
  }

  private static AccessPoint first(Stream<AccessPoint> allowed) {
    return allowed.findFirst().orElseThrow(Capsules::notAttested);
  }

  private static String policyId(Capsule.Header header) {
    ByteBuffer id = ByteBuffer.wrap(header.policy());
    return new UUID(id.getLong(), id.getLong()).toString();
  }

  /**
   * Notes with a stored policy that a capsule was opened under it, once a second at most. By then
   * policy and place may be gone or changed, and then nothing is opened after all.
   */
  private void noteOpening(
      Caller caller, UsableKey permitted, Admitted admitted, Instant now, Released released) {
    if (admitted.under() == null || isNoted(admitted.under().openedAt(), now)) {
      return;
    }
    String id = admitted.under().id();
    boolean done = false;
    try {
      store.write(tx -> {
        KeyPolicy policy =
            tx.keySpaces().keyPolicy(caller.project(), id).orElseThrow(Capsules::notAttested);
        AccessPoint from =
            tx.keySpaces()
                .accessPoint(caller.project(), admitted.from().id())
                .filter(AccessPoint::enabled)
                .orElseThrow(Capsules::notAttested);
        if (!policy.allows(from, now)) {
          throw notAttested();
        }
        tx.keySpaces().update(policy.opened(now));
        tx.append(events.changed(caller, permitted.key(), Statuses.OK, tx.changes()));
        return policy;
      });
      caller.audit().markRecorded();
      done = true;
    } finally {
      if (!done) {
        released.close();
      }
    }
  }

  private static boolean isNoted(@Nullable Instant last, Instant now) {
    // What a clock that was far ahead noted is put right.
    return last != null
        && !last.isBefore(now.truncatedTo(ChronoUnit.SECONDS))
        && !last.isAfter(now.plus(SERVERS_APART));
  }

  private @Nullable RecipientKey reader(byte @Nullable [] spki) {
    if (spki == null) {
      return null;
    }
    Waiting.mustBeAllowed();
    try {
      return RecipientKey.read(spki, randomness);
    } catch (BadKey e) {
      throw new KmsException(
          new Problem.BadValue(
              Field.OTHER,
              "public_key",
              "public_key must be an RSA key of 2048 to 8192 bits, DER in Base64."));
    }
  }

  private static Released released(
      KeyId key,
      String instance,
      byte[] capsule,
      SecretBytes dataKey,
      @Nullable RecipientKey reader) {
    SecretBytes out =
        reader == null
            ? dataKey.lend(SecretBytes::copyOf)
            : SecretBytes.take(reader.encrypt(dataKey));
    return new Released(key, instance, capsule, out, reader != null);
  }

  private static KmsException notAttested() {
    return new KmsException(new Problem.NotAttested());
  }
}
