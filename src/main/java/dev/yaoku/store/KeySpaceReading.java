package dev.yaoku.store;

import dev.yaoku.key.AccessPoint;
import dev.yaoku.key.KeyPolicy;
import java.util.List;
import java.util.Optional;

/** What can be read of key spaces: their policies and access points. See {@link Reading}. */
public interface KeySpaceReading {
  /** One key policy. */
  Optional<KeyPolicy> keyPolicy(String project, String id);

  /** Key policies of a key space in order of their ids, those after an id. */
  List<KeyPolicy> keyPolicies(String project, String keySpace, String after, int limit);

  /** Whether a key policy of the key space has this name. */
  boolean keyPolicyNamed(String project, String keySpace, String name);

  /** One access point. */
  Optional<AccessPoint> accessPoint(String project, String id);

  /** Access points of a key space in order of their ids, those after an id. */
  List<AccessPoint> accessPoints(String project, String keySpace, String after, int limit);

  /** Whether an access point of the key space has this name. */
  boolean accessPointNamed(String project, String keySpace, String name);

  /** How many access points the project has, in all its key spaces. */
  long accessPointCount(String project);

  /** How many key policies a project has, in all its key spaces. */
  long keyPolicyCount(String project);

  /** The access points of a project that are of a kind and have this identity. */
  List<AccessPoint> accessPointsWith(String project, AccessPoint.Kind kind, String identity);

  /** All access points of a project that are of a kind. */
  List<AccessPoint> accessPointsOf(String project, AccessPoint.Kind kind);
}
