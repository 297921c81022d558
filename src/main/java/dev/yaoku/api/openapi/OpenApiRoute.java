package dev.yaoku.api.openapi;

import dev.yaoku.api.Answer;
import dev.yaoku.api.Dialect;
import dev.yaoku.api.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** {@code GET /openapi.json}: what this server offers, for anyone; nothing of what it holds. */
public final class OpenApiRoute {
  private OpenApiRoute() {}

  /** The routes, and the one that describes them and itself. */
  public static List<Route> with(List<Route> routes, Dialect dialect) {
    List<Route> all = new ArrayList<>(routes);
    Supplier<byte[]> document = new Once(() -> OpenApi.document(all, Examples.recorded()));
    all.add(
        new Route(
                "ShowOpenApi",
                "GET",
                "/openapi.json",
                Route.Entry.OPEN,
                Route.Lane.SLOW, // the first time takes some milliseconds
                Route.USUAL_BODY,
                false,
                dialect,
                _ -> Answer.json(200, document.get().clone()))
            .answering(Document.class));
    return List.copyOf(all);
  }

  /** The document, for its own description. */
  record Document(
      String openapi,
      Map<String, Object> info,
      List<Map<String, Object>> security,
      Map<String, Object> paths,
      Map<String, Object> components) {}

  /** Makes the document when it is first asked for; servers mostly never are. */
  private static final class Once implements Supplier<byte[]> {
    private final Supplier<byte[]> maker;
    private volatile byte[] made = {};

    Once(Supplier<byte[]> maker) {
      this.maker = maker;
    }

    @Override
    public byte[] get() {
      byte[] document = made;
      if (document.length == 0) {
        document = maker.get(); // twice at worst, and the same
        made = document;
      }
      return document;
    }
  }
}
