package dev.yaoku.access;

import dev.yaoku.access.policy.Decision;
import dev.yaoku.key.Key;
import dev.yaoku.key.KeyId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What there is to say of one request in its event, and where it is refused, in the explanation of
 * that. It is gathered while the request is worked on, so that it is there however the request
 * ends.
 */
public final class AuditContext {
  private @Nullable Action intended;
  private @Nullable Action action;
  private @Nullable Subject subject;
  private @Nullable Decision decision;
  private @Nullable Key touched;
  private @Nullable Key hidden;
  private @Nullable KeyId about;
  private List<KeyId> alsoAbout = List.of();
  private @Nullable Named named;
  private @Nullable String note;
  private boolean recorded;

  AuditContext() {}

  /**
   * What the request said that it wants, whatever was asked of permissions since; null if it did
   * not come so far.
   */
  public @Nullable Action intended() {
    return intended;
  }

  void intends(Action wanted) {
    intended = wanted;
    action = wanted;
  }

  /** What was asked for, once it is known. */
  public @Nullable Action action() {
    return action;
  }

  void asks(Action asked) {
    action = asked;
  }

  /** What the last question was about; null if none was asked. */
  public @Nullable Subject subject() {
    return subject;
  }

  void asks(Action asked, Subject of) {
    action = asked;
    subject = of;
  }

  /** What was said to the last question that decided; null if none was asked. */
  public @Nullable Decision decision() {
    return decision;
  }

  void decided(Decision said) {
    decision = said;
  }

  /** The key that the request resolved to, if it came so far. */
  public @Nullable Key touched() {
    return touched;
  }

  void touched(Key key) {
    touched = key;
    about(key.id());
  }

  /**
   * The key that the request resolved to and the caller may not know of, if it is of the caller's
   * own account and project: for those there who may ask why, never for the caller.
   */
  public @Nullable Key hidden() {
    return hidden;
  }

  void hidden(@Nullable Key key) {
    hidden = key;
  }

  /**
   * The key that the request is about, whether it is there or not: refusals are recorded with it,
   * too (SECURITY_DESIGN H12).
   */
  public @Nullable KeyId about() {
    return about;
  }

  /** Notes the key that the request is about, before it is known whether it is there. */
  public void about(KeyId key) {
    KeyId before = about;
    if (key.equals(before)) {
      return;
    }
    about = key;
    if (before != null) {
      alsoAbout(before);
      alsoAbout.remove(key);
    }
  }

  /** Begins anew with this key: what a transaction found that is tried again does not count. */
  public void aboutNothingBut(KeyId key) {
    about = key;
    alsoAbout = List.of();
  }

  /** Further keys that the request is about, such as the one that a re-encryption opens. */
  public List<KeyId> alsoAbout() {
    return alsoAbout;
  }

  /** Notes a further key that the request is about. No request is about more than four. */
  public void alsoAbout(KeyId key) {
    if (key.equals(about)) {
      return;
    }
    List<KeyId> others = new ArrayList<>(alsoAbout);
    others.remove(key);
    others.add(key);
    alsoAbout = others;
  }

  /**
   * What the request names, as the caller wrote it.
   *
   * @param type as events call it
   * @param id of something that may be there or not, or be another account's
   */
  public record Named(String type, String id) {}

  /** What the request names that is no key; null for nothing. */
  public @Nullable Named named() {
    return named;
  }

  /** Notes what the request names, before it is looked up: a refusal is recorded with it, too. */
  public void names(String type, String id) {
    named = new Named(type, id);
  }

  /** What else the event should say, null for nothing. */
  public @Nullable String note() {
    return note;
  }

  /** Says what else the event should say; never a secret. */
  public void note(String more) {
    note = more;
  }

  /** Whether the event of this request is in the log already, committed with its change. */
  public boolean recorded() {
    return recorded;
  }

  /** Says that the event of this request was committed with its change. */
  public void markRecorded() {
    recorded = true;
  }
}
