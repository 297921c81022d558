package dev.yaoku.crypto;

import dev.yaoku.secret.SecretBytes;
import java.lang.ref.SoftReference;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Password records: Argon2id with 19 MiB, 2 passes, 1 lane. A check costs about 30 ms of a core and
 * 19 MiB for as long, on purpose; how many may run at once is the caller's business.
 *
 * @see "SECURITY_DESIGN section 4, Passwords; RFC 9106"
 */
public final class Passwords {
  private static final int MEMORY_KIB = 19_456;

  /** How many bytes of memory one check takes. */
  public static final long MEMORY_BYTES = MEMORY_KIB * 1024L;

  /** Beside the blocks of 1 KiB, the computation has four of its own. */
  private static final int BLOCKS = MEMORY_KIB + 4;

  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final String HEAD =
      "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + "$";
  private static final byte[] HEAD_OCTETS = HEAD.getBytes(StandardCharsets.US_ASCII);

  /** Base64 of the salt, a dollar, base64 of the hash. */
  private static final int SALT_AT = HEAD.length();

  private static final int SALT_END = SALT_AT + 22;
  private static final int HASH_AT = SALT_END + 1;
  private static final int HASH_END = HASH_AT + 43;

  /**
   * Memory of earlier checks, overwritten with zeros, so that a log-in leaves no 19 MiB for the
   * collector to find. Held softly: it goes when the heap is needed for other things.
   */
  private static final Pool<SoftReference<BlockPool>> MEMORY =
      new Pool<>(() -> new SoftReference<>(new FixedBlockPool(BLOCKS)));

  private Passwords() {}

  /** A new record of a password: text in ASCII, to be wrapped before it is stored. */
  public static SecretBytes hash(SecretBytes password, Randomness randomness) {
    byte[] salt = randomness.bytes(SALT_BYTES);
    byte[] hash = argon2id(password, salt);
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    byte[] encoded = base64.encode(hash);
    byte[] record =
        ByteBuffer.allocate(HASH_END)
            .put(HEAD_OCTETS)
            .put(base64.encode(salt))
            .put((byte) '$')
            .put(encoded)
            .array();
    Hashes.wipe(hash);
    Hashes.wipe(encoded);
    return SecretBytes.take(record);
  }

  /**
   * Whether the password is the one of the record.
   *
   * @throws IllegalArgumentException if it is no record of ours. Parameters of others are not
   *     obeyed: they could ask for any amount of memory.
   */
  public static boolean verify(SecretBytes password, SecretBytes record) {
    return record.lend(bytes -> {
      if (bytes.length != HASH_END
          || bytes[SALT_END] != '$'
          || !Hashes.constantTimeEquals(HEAD_OCTETS, Arrays.copyOf(bytes, SALT_AT))) {
        throw notOurs();
      }
      byte[] salt = decoded(bytes, SALT_AT, SALT_END);
      byte[] expected = decoded(bytes, HASH_AT, HASH_END);
      byte[] actual = argon2id(password, salt);
      boolean same = Hashes.constantTimeEquals(expected, actual);
      Hashes.wipe(expected);
      Hashes.wipe(actual);
      return same;
    });
  }

  private static byte[] decoded(byte[] record, int from, int to) {
    byte[] base64 = Arrays.copyOfRange(record, from, to);
    try {
      return Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException e) {
      throw notOurs();
    } finally {
      Hashes.wipe(base64);
    }
  }

  private static IllegalArgumentException notOurs() {
    return new IllegalArgumentException("this is no password record of ours");
  }

  /** Takes as long as a check and finds nothing: for users that do not exist. */
  public static void waste(SecretBytes password) {
    argon2id(password, new byte[SALT_BYTES]);
  }

  private static byte[] argon2id(SecretBytes password, byte[] salt) {
    return argon2id(password, salt, MEMORY_KIB);
  }

  static byte[] argon2id(SecretBytes password, byte[] salt, int memoryKib) {
    BlockPool memory = memory();
    try {
      return argon2id(password, salt, memoryKib, memory);
    } finally {
      MEMORY.giveBack(new SoftReference<>(memory));
    }
  }

  private static BlockPool memory() {
    BlockPool kept = MEMORY.borrow().get();
    return kept == null ? new FixedBlockPool(BLOCKS) : kept;
  }

  private static byte[] argon2id(
      SecretBytes password, byte[] salt, int memoryKib, BlockPool memory) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(memoryKib)
            .withIterations(PASSES)
            .withParallelism(LANES)
            .withSalt(salt)
            .withBlockPool(memory)
            .build());
    return password.lend(bytes -> {
      byte[] hash = new byte[HASH_BYTES];
      generator.generateBytes(bytes, hash);
      return hash;
    });
  }
}
