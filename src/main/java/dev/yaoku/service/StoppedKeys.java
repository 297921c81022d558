package dev.yaoku.service;

import dev.yaoku.crypto.CryptoFault;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pairs with which this machine computed something wrong. They are used no more until the next
 * start: a fault that was caught once may get out when it is tried again and again, and one faulty
 * RSA signature that gets out gives the key away (SECURITY_DESIGN H7). All keys of a multi-region
 * set have one pair, so they stop together.
 */
public final class StoppedKeys {
  private static final Logger LOG = LoggerFactory.getLogger(StoppedKeys.class);

  /** By the id of the material. */
  private final Set<String> stopped = ConcurrentHashMap.newKeySet();

  StoppedKeys() {}

  /** How many there are. */
  public int count() {
    return stopped.size();
  }

  /**
   * Does something with a pair, unless it was stopped; a fault stops it.
   *
   * @throws KmsException with {@link Problem.Internal} if it was
   * @throws CryptoFault if the machine computes something wrong now
   */
  <T> T use(OpenMaterial.Pair pair, Supplier<T> work) {
    if (stopped.contains(pair.material())) {
      LOG.warn("Key {} is not used, as this machine computed wrongly with its pair", pair.key());
      throw new KmsException(new Problem.Internal());
    }
    try {
      return work.get();
    } catch (CryptoFault fault) {
      if (stopped.add(pair.material())) {
        LOG.error(
            "THIS MACHINE COMPUTED WRONGLY with key {}. Nothing of it was handed out, and the key"
                + " is not used until the next start, nor are its replicas. Move the server to"
                + " another machine.",
            pair.key());
      }
      throw fault;
    }
  }
}
