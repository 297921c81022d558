package dev.yaoku.api.huawei;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Exchange;
import dev.yaoku.api.PublicUrl;
import dev.yaoku.api.Route;
import dev.yaoku.key.KmsException;
import dev.yaoku.key.Problem;
import java.util.List;

/** Which versions of the API there are. Anyone may ask. */
final class VersionRoutes {
  private static final String VERSION = "v1.0";

  private final Frame frame;

  VersionRoutes(Frame frame) {
    this.frame = frame;
  }

  List<Route> routes() {
    return List.of(
        frame.open("ShowVersions", "/", this::all).answering(Versions.class),
        frame.open("ShowVersion", "/{version_id}", this::one).answering(OneVersion.class));
  }

  record Versions(List<Version> versions) {}

  record OneVersion(Version version) {}

  record Version(
      String id,
      List<Link> links,
      String version,
      String status,
      String updated,
      String minVersion) {}

  record Link(String href, String rel) {}

  private Answer all(Exchange exchange) {
    return Json.ok(new Versions(List.of(version(exchange))));
  }

  private Answer one(Exchange exchange) {
    if (!Frame.variable(exchange, "version_id").equals(VERSION)) {
      throw new KmsException(new Problem.NoSuchVersion());
    }
    return Json.ok(new OneVersion(version(exchange)));
  }

  private Version version(Exchange exchange) {
    String base = PublicUrl.of(exchange.head()).orElse("");
    Link self = new Link(base + "/" + VERSION + "/", "self");
    return new Version(VERSION, List.of(self), "", "CURRENT", "2016-10-29T02:00:00Z", "");
  }
}
