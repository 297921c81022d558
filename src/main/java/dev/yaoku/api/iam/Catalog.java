package dev.yaoku.api.iam;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.yaoku.access.Directory.KnownProject;
import dev.yaoku.crypto.Hashes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The services of this server as clients look them up: {@code kms}, to whose URL they append the
 * project, {@code kmsv1}, whose URL has it already, and the identity service twice: {@code iam} as
 * in the cloud, in the region {@code *}, and {@code identity} for clients of OpenStack, which
 * compare the names of regions.
 *
 * @see "contract/authentication.md, section 4.3; contract/clients.md, sections 4.6 and 4.7"
 */
final class Catalog {
  private static final int ID_BYTES = 16;

  private Catalog() {}

  record Entry(String id, String name, String type, List<Endpoint> endpoints) {}

  record Endpoint(
      String id,
      @JsonProperty("interface") String side,
      String region,
      String regionId,
      String url) {}

  /**
   * The catalog for somebody who may see these projects. Clients fail on two entries for a region,
   * so each region has one. Where all projects are suspended, only the identity service is left: it
   * opens them again.
   *
   * @param chosen the project of the caller's token or header, empty for none
   */
  static List<Entry> of(String base, List<KnownProject> projects, String chosen) {
    List<Endpoint> kms = new ArrayList<>();
    List<Endpoint> kmsv1 = new ArrayList<>();
    for (String region : regions(projects)) {
      kms.add(endpoint("kms", region, base + "/v1.0"));
      String project = projectIn(region, projects, chosen);
      if (project != null) {
        kmsv1.add(endpoint("kmsv1", region, base + "/v1.0/" + project));
      }
    }
    List<Endpoint> identity =
        names(projects.stream()).map(region -> endpoint("identity", region, base + "/v3")).toList();
    return List.of(
        new Entry(id("service", "kms"), "kms", "kms", kms),
        new Entry(id("service", "kmsv1"), "kmsv1", "kmsv1", kmsv1),
        new Entry(id("service", "identity"), "keystone", "identity", identity),
        new Entry(id("service", "iam"), "iam", "iam", List.of(endpoint("iam", "*", base + "/v3"))));
  }

  static List<String> regions(List<KnownProject> projects) {
    return names(projects.stream().filter(KnownProject::enabled)).toList();
  }

  private static Stream<String> names(Stream<KnownProject> projects) {
    return projects.map(KnownProject::region).distinct().sorted();
  }

  /** The chosen project if it is there, else the one that is named like the region. */
  private static @Nullable String projectIn(
      String region, List<KnownProject> projects, String chosen) {
    String named = null;
    for (KnownProject project : projects) {
      if (!project.enabled() || !project.region().equals(region)) {
        continue;
      }
      if (project.id().equals(chosen)) {
        return chosen;
      }
      if (named == null || project.name().equals(region)) {
        named = project.id();
      }
    }
    return named;
  }

  private static Endpoint endpoint(String service, String region, String url) {
    return new Endpoint(id(service, region), "public", region, region, url);
  }

  /** Ids that are the same on every node and after every start. */
  private static String id(String kind, String name) {
    byte[] text = (kind + "/" + name).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(Hashes.sha256(text), 0, ID_BYTES);
  }
}
