package dev.yaoku.service;

import dev.yaoku.access.Action;
import dev.yaoku.access.Caller;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import dev.yaoku.store.Reading;
import dev.yaoku.store.Rows;
import dev.yaoku.store.Store;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Who runs the installation: those to whom the policies of its first account, the one it was
 * founded with, allow what is asked for. Nobody in another account does, whatever that account's
 * policies say.
 */
public final class Operators {
  /** The setting that holds the id of the installation's first account. */
  public static final String ACCOUNT = "operator-account";

  private final Store store;

  /** Which account that is, once it was read; it never changes. */
  private volatile @Nullable String operating;

  /** The operators of one installation. */
  public Operators(Store store) {
    this.store = store;
  }

  /**
   * Says once whose installation it is, where its first start did not: installations of that time
   * had one account. Where there are several, nobody is made an operator.
   */
  public static void settle(Store store) {
    boolean settled = store.read(Operators::account).isPresent();
    List<Rows.Account> accounts = settled ? List.of() : store.read(Reading::accounts);
    if (accounts.size() == 1) {
      store.write(tx -> {
        tx.putSetting(ACCOUNT, accounts.getFirst().id());
        return true;
      });
    }
  }

  /**
   * Asks whether the caller may do this to the installation. Policies say no to other accounts
   * already; here it does not hang on what decides.
   *
   * @throws KmsException with {@link Problem.NotAllowed}
   */
  public void mustBeOne(Caller caller, Action action) {
    caller.mustBeAllowed(action);
    if (!operates(caller.principal().account())) {
      throw new KmsException(new Problem.NotAllowed(action.policyName()));
    }
  }

  /** The first account, which is also the one that is meant where a way in names none (ADR 41). */
  static Optional<String> account(Reading tx) {
    return tx.setting(ACCOUNT);
  }

  /** Whether this is the account whose people run the installation. */
  boolean operates(String account) {
    String known = operating;
    if (known == null) {
      known = store.read(Operators::account).orElse(null);
      operating = known;
    }
    return account.equals(known);
  }
}
