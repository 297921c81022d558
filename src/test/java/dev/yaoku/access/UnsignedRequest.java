package dev.yaoku.access;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What a program asks an official client to send; JSON for clients of other languages.
 *
 * @param scheme how it is to be signed
 * @param token of a temporary credential, or null
 * @param project whether the client knows its project, which it then says in path and header
 * @param path with names in braces for the project and for path parameters
 * @param query values by name
 * @param body text, or null for none
 * @param bson bytes that are to be the member {@code b} of a BSON document, in hexadecimal, or null
 */
record UnsignedRequest(
    Scheme scheme,
    String ak,
    String sk,
    @Nullable String token,
    boolean project,
    String method,
    String path,
    Map<String, String> pathParams,
    Map<String, List<String>> query,
    Map<String, String> headers,
    String contentType,
    @Nullable String body,
    @Nullable String bson) {
  /** The algorithms that the clients offer. */
  enum Scheme {
    PLAIN,
    DERIVED,
    SM3,
    ECDSA,
    SM2
  }

  static final String PERMANENT_AK = "AKEXAMPLE00000000001";
  static final String PERMANENT_SK = "SKexample/0000000000000000000000000000001";
  static final String TEMPORARY_AK = "AKEXAMPLE00000000002";
  static final String TEMPORARY_SK = "SKexample+0000000000000000000000000000002";
  static final String TOKEN = "gAAAA/security+token==";

  /** An ordinary call. */
  static UnsignedRequest of(String method, String path) {
    return new UnsignedRequest(
        Scheme.PLAIN,
        PERMANENT_AK,
        PERMANENT_SK,
        null,
        true,
        method,
        path,
        Map.of(),
        Map.of(),
        Map.of("X-Sdk-Date", TestRequest.DATE),
        "application/json",
        null,
        null);
  }

  UnsignedRequest withPathParam(String name, String value) {
    return new UnsignedRequest(
        scheme,
        ak,
        sk,
        token,
        project,
        method,
        path,
        Map.of(name, value),
        query,
        headers,
        contentType,
        body,
        bson);
  }

  UnsignedRequest withQuery(Map<String, List<String>> parameters) {
    return new UnsignedRequest(
        scheme,
        ak,
        sk,
        token,
        project,
        method,
        path,
        pathParams,
        parameters,
        headers,
        contentType,
        body,
        bson);
  }

  UnsignedRequest withBody(String type, String text) {
    return new UnsignedRequest(
        scheme, ak, sk, token, project, method, path, pathParams, query, headers, type, text, bson);
  }

  /**
   * Requests as awkward as clients can send them, by chance. Never among them, because no signature
   * of them can be good for a server with one reading (SECURITY_DESIGN H17): a query name that
   * occurs twice; query names whose order depends on whether they are encoded before they are
   * sorted (Java's client encodes first, those of Python and Go sort first), so names here differ
   * in their first letter; header values that begin or end with blanks of other scripts, which Go's
   * signer trims and its transport does not; control characters in path and query.
   */
  static final class Maker {
    private static final String PLAIN = "abzAZ019-_.~";
    private static final String MARKS = " '()*!;:@,=+$&%?#[]{}|^\"<>\\`";
    private static final String FOREIGN = "钥é\u0301ß\u00a0\u3000\u200d😀𝔎";

    private final Random random;
    private final String inPath;

    /**
     * A maker.
     *
     * @param slashInPath whether a path parameter may hold a slash
     */
    Maker(long seed, boolean slashInPath) {
      random = new Random(seed);
      inPath = PLAIN + MARKS + FOREIGN + (slashInPath ? "//" : "");
    }

    UnsignedRequest next() {
      boolean temporary = random.nextInt(3) == 0;
      boolean project = random.nextInt(4) > 0;
      String[] content = content();
      return new UnsignedRequest(
          one(Scheme.values()),
          temporary ? TEMPORARY_AK : PERMANENT_AK,
          temporary ? TEMPORARY_SK : PERMANENT_SK,
          temporary ? TOKEN : null,
          project,
          one("GET", "POST", "PUT", "DELETE", "PATCH"),
          (project ? "/v1.0/{project_id}/kms/" : "/v3/")
              + one("{first}", "{first}/tags/{second}", "{first}/", "tags", "{first}//{second}"),
          Map.of("first", segment(), "second", segment()),
          query(),
          headers(),
          content[0],
          content[1].isEmpty() ? null : content[1],
          content[2].isEmpty() ? null : content[2]);
    }

    @SafeVarargs
    private final <T> T one(T... of) {
      return of[random.nextInt(of.length)];
    }

    /**
     * May be empty, but is not of dots alone: clients take those for folders and leave them out.
     */
    private String segment() {
      String made = text(inPath, 10);
      return made.matches("(.*/)?[.]{1,2}(/.*)?") ? made + "a" : made;
    }

    private Map<String, List<String>> query() {
      Map<String, List<String>> query = new LinkedHashMap<>();
      List<String> letters = new ArrayList<>(List.of("b", "A", "q", "Z", "7", "_"));
      for (int n = random.nextInt(5); n > 0; n--) {
        String name = letters.remove(random.nextInt(letters.size()));
        query.put(
            name + text(PLAIN + MARKS + FOREIGN + "/", 5),
            List.of(text(PLAIN + MARKS + FOREIGN + "/", 8)));
      }
      return query;
    }

    private Map<String, String> headers() {
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put(
          "X-Sdk-Date", "20260102T03%02d%02dZ".formatted(random.nextInt(18), random.nextInt(60)));
      for (int n = random.nextInt(4); n > 0; n--) {
        String blanks = " \t".repeat(random.nextInt(2));
        String value = text(PLAIN + MARKS + "   \t/钥é😀", 12).strip();
        headers.put(one("X-Own-", "x-other-", "X_Unsigned_") + n, blanks + value + blanks);
      }
      if (random.nextInt(3) == 0) {
        headers.put("User-Agent", "ops/1.0  (" + text(PLAIN, 5) + ")");
      }
      return headers;
    }

    /** Content type, text and bytes of a body; one of the latter or both are empty. */
    private String[] content() {
      byte[] bytes = new byte[1 + random.nextInt(40)];
      random.nextBytes(bytes);
      return switch (random.nextInt(6)) {
        case 0, 1 -> new String[] {"application/json", "", ""};
        case 2 -> new String[] {"application/json;charset=UTF-8", "{}", ""};
        case 3 -> new String[] {"application/bson", "", HexFormat.of().formatHex(bytes)};
        default ->
            new String[] {
              "application/json",
              text(PLAIN + MARKS + FOREIGN + "\u0000\u0001\u001f\r\n\t\u007f\ufeff", 60),
              ""
            };
      };
    }

    private String text(String alphabet, int max) {
      int[] letters = alphabet.codePoints().toArray();
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(max + 1); n > 0; n--) {
        text.appendCodePoint(letters[random.nextInt(letters.length)]);
      }
      return text.toString();
    }
  }
}
