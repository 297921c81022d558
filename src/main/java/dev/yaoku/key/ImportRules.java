package dev.yaoku.key;

import dev.yaoku.crypto.Importing;

/**
 * Which keys take material from outside, and give it up.
 *
 * @see "contract/semantics.md, sections 1 and 8; contract/operations-new.md, section 4"
 */
public final class ImportRules {
  private ImportRules() {}

  /**
   * Refuses a key that takes no material now. A symmetric key also takes some while it is enabled;
   * that waits for rotate-on-demand.
   *
   * @throws KmsException with the first thing that is in the way
   */
  public static void mustTakeMaterial(Key key) {
    key.mustBeCustom();
    if (key.multiRegion().isReplica()) {
      throw refuse(NoImport.REPLICA);
    }
    if (!key.isInBuiltInKeystore()) {
      throw new KmsException(new Problem.NoImportIntoKeystore());
    }
    mustBeOfExternalOrigin(key);
    if (key.spec().importing() == Importing.NOT) {
      throw refuse(NoImport.KIND);
    }
    key.mustBeChangeable();
    boolean takes =
        switch (key.state()) {
          case KeyState.PendingImport _ -> true;
          case KeyState.Enabled _ -> key.spec().importing() == Importing.RAW;
          case KeyState.Disabled _, KeyState.PendingDeletion _ -> false;
        };
    if (!takes) {
      throw refuse(NoImport.NOT_PENDING);
    }
  }

  /**
   * Refuses a key whose material cannot be deleted.
   *
   * @throws KmsException with the first thing that is in the way
   */
  public static void mustGiveUpMaterial(Key key) {
    key.mustBeCustom();
    key.mustNotBeReplica();
    mustBeOfExternalOrigin(key);
    if (key.spec().isAsymmetric()) {
      throw refuse(NoImport.ASYMMETRIC_STAYS);
    }
    switch (key.state()) {
      case KeyState.Enabled _, KeyState.Disabled _ -> {}
      case KeyState.PendingImport _, KeyState.PendingDeletion _ ->
          throw refuse(NoImport.NOT_DELETABLE_NOW);
    }
  }

  private static void mustBeOfExternalOrigin(Key key) {
    if (key.origin() != Origin.EXTERNAL) {
      throw refuse(NoImport.NOT_EXTERNAL);
    }
  }

  private static KmsException refuse(NoImport why) {
    return new KmsException(new Problem.NotImported(why));
  }
}
