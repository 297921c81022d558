package dev.yaoku.secret;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.function.Function;

/**
 * Secret bytes outside the Java heap, in pages of their own that are kept out of swap ({@code
 * mlock}) and out of core files ({@code MADV_DONTDUMP}). The collector never copies them; a heap
 * copy exists only while somebody borrows them.
 *
 * <p>Where the system refuses to lock (a low {@code RLIMIT_MEMLOCK}), the bytes are held unlocked
 * and {@link #locked()} says so.
 *
 * @see "SECURITY_DESIGN M9; mlock(2), madvise(2)"
 */
public final class LockedBytes extends UseCounted implements AutoCloseable {
  private static final int PAGE_BYTES = 4096;
  private static final int MADV_DONTDUMP = 16;
  private static final int MADV_DODUMP = 17;
  private static final MethodHandle MLOCK =
      libc("mlock", ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
  private static final MethodHandle MUNLOCK =
      libc("munlock", ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
  private static final MethodHandle MADVISE =
      libc("madvise", ValueLayout.ADDRESS, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT);

  private final Arena arena;
  private final MemorySegment page;
  private final int length;
  private final boolean locked;

  private LockedBytes(byte[] bytes) {
    arena = Arena.ofShared();
    page = arena.allocate(PAGE_BYTES, PAGE_BYTES);
    length = bytes.length;
    locked = ok(MLOCK, page, (long) PAGE_BYTES);
    ok(MADVISE, page, (long) PAGE_BYTES, MADV_DONTDUMP);
    MemorySegment.copy(bytes, 0, page, ValueLayout.JAVA_BYTE, 0, length);
  }

  /**
   * A copy of this secret outside the heap; the secret itself stays the caller's to close.
   *
   * @throws IllegalArgumentException if it is longer than a page of 4,096 bytes
   */
  public static LockedBytes copyOf(SecretBytes secret) {
    if (secret.length() > PAGE_BYTES) {
      throw new IllegalArgumentException("at most " + PAGE_BYTES + " bytes fit");
    }
    return secret.lend(LockedBytes::new);
  }

  /** Lends the bytes to a function, in a heap copy that is wiped when it returns. */
  public <T> T lend(Function<SecretBytes, T> borrower) {
    enter();
    try (SecretBytes copy =
        SecretBytes.take(page.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE))) {
      return borrower.apply(copy);
    } finally {
      leave();
    }
  }

  /** Whether the page cannot be swapped out. */
  public boolean locked() {
    return locked;
  }

  /** Wipes the bytes and gives the page back as soon as nobody borrows them. */
  @Override
  public void close() {
    retire();
  }

  @Override
  protected void wipe() {
    page.fill((byte) 0);
    // The allocator gives the page to others, who must not use up what may be locked.
    ok(MUNLOCK, page, (long) PAGE_BYTES);
    ok(MADVISE, page, (long) PAGE_BYTES, MADV_DODUMP);
    arena.close();
  }

  @Override
  public String toString() {
    return "LockedBytes[" + length + "]";
  }

  @SuppressWarnings("restricted") // the only way to reach these two calls
  private static MethodHandle libc(String name, java.lang.foreign.MemoryLayout... parameters) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow(name),
        FunctionDescriptor.of(ValueLayout.JAVA_INT, parameters));
  }

  private static boolean ok(MethodHandle call, Object... arguments) {
    try {
      return (int) call.invokeWithArguments(arguments) == 0;
    } catch (Throwable e) {
      throw new IllegalStateException("a call of the C library failed", e);
    }
  }
}
