package dev.yaoku.cli;

import java.io.IOException;
import java.net.URI;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** Which server, and as whom: what every command that talks to a server takes. */
final class Access {
  private static final Path USUAL_FILE = Path.of("yaoku-data", "credentials");
  private static final String USUAL_ENDPOINT = "http://127.0.0.1:7300";

  /** Of the SDKs. Whoever set it did not mean to act as the administrator of another file. */
  private static final String FILE_VARIABLE = "HUAWEICLOUD_SDK_CREDENTIALS_FILE";

  private static final String ENDPOINT_VARIABLE = "YAOKU_ENDPOINT";

  private static final String ACCOUNT = "yaoku.domain_id";

  @Option(
      names = "--credentials",
      paramLabel = "FILE",
      description = {
        "Credentials file of the SDKs, as the first start writes it. Without it:"
            + " HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and HUAWEICLOUD_SDK_PROJECT_ID; without them"
            + " the file that HUAWEICLOUD_SDK_CREDENTIALS_FILE names; without that credentials in"
            + " the directory that YAOKU_DATA names, or in ./yaoku-data."
      })
  @Nullable Path file;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description =
          "Where the server is. Without it: YAOKU_ENDPOINT; else what the credentials file says;"
              + " else "
              + USUAL_ENDPOINT
              + ".")
  @Nullable URI endpoint;

  @Option(
      names = "--project",
      paramLabel = "ID",
      description = "The project to work in, if not the one of the credentials.")
  @Nullable String project;

  @Option(names = "--json", description = "Print the server's answer as JSON.")
  boolean json;

  private final Map<String, String> environment;

  /** What a user says on the command line, and else in the environment. */
  Access(Map<String, String> environment) {
    this.environment = environment;
  }

  /**
   * A connection, and where to work.
   *
   * @param project the project
   * @param account the caller's account as the credentials name it, or null
   */
  record Session(WireClient client, String project, @Nullable String account)
      implements AutoCloseable {
    private static final String PAGE = "100";

    /** Posts to an operation on keys. */
    JsonNode kms(String operation, Map<String, ?> body) throws IOException {
      return client.post("/v1.0/" + project + "/kms/" + operation, body);
    }

    /** All pages of a list, as one. */
    JsonNode all(String operation, Map<String, ?> body, String list) throws IOException {
      List<JsonNode> found = new ArrayList<>();
      Map<String, Object> page = new HashMap<>(body);
      page.put("limit", PAGE);
      String next;
      do {
        JsonNode answer = kms(operation, page);
        answer.at("/" + list).forEach(found::add);
        next = answer.at("/next_marker").asString("");
        page.put("marker", next);
      } while (!next.isEmpty());
      return Report.list(list, found);
    }

    /** Finds what people call by name. */
    Directory directory() {
      return new Directory(client, account);
    }

    @Override
    public void close() {
      client.close();
    }
  }

  /**
   * Connects.
   *
   * @throws NoAccess with a sentence if there are no credentials
   */
  Session open() throws IOException {
    CredentialsFile found = fromEnvironment();
    CredentialsFile credentials = found == null ? read() : found;
    String inProject = project == null ? credentials.get("basic.project_id") : project;
    RequestSigner signer =
        new RequestSigner(credentials.get("basic.ak"), credentials.get("basic.sk"), inProject);
    WireClient client = new WireClient(endpoint(credentials), signer, InstantSource.system());
    return new Session(
        client, inProject, credentials.has(ACCOUNT) ? credentials.get(ACCOUNT) : null);
  }

  private @Nullable CredentialsFile fromEnvironment() {
    String accessKey = environment.get("HUAWEICLOUD_SDK_AK");
    String secretKey = environment.get("HUAWEICLOUD_SDK_SK");
    if (file != null || (accessKey == null && secretKey == null)) {
      return null;
    }
    if (accessKey == null || secretKey == null) {
      // Whoever set one did not mean to act as the administrator of a file.
      throw new NoAccess(
          "HUAWEICLOUD_SDK_%s is set, but HUAWEICLOUD_SDK_%s is not: set both, or neither."
              .formatted(secretKey == null ? "AK" : "SK", secretKey == null ? "SK" : "AK"));
    }
    String inProject = environment.get("HUAWEICLOUD_SDK_PROJECT_ID");
    if (inProject == null && project == null) {
      throw new NoAccess("Name the project: --project ID or HUAWEICLOUD_SDK_PROJECT_ID.");
    }
    return CredentialsFile.of(
        Map.of(
            "basic.ak",
            accessKey,
            "basic.sk",
            secretKey,
            "basic.project_id",
            inProject == null ? "" : inProject));
  }

  private CredentialsFile read() throws IOException {
    String named = file == null ? environment.getOrDefault(FILE_VARIABLE, "") : "";
    Path chosen = file != null ? file : named.isEmpty() ? usualFile() : Path.of(named);
    try {
      CredentialsFile found = CredentialsFile.read(chosen);
      if (!named.isEmpty()) {
        mustBeOfUse(found, named);
      }
      return found;
    } catch (NoSuchFileException e) {
      throw new NoAccess(
          "There are no credentials: "
              + chosen
              + " does not exist"
              + (named.isEmpty() ? "" : ", which " + FILE_VARIABLE + " names")
              + ". Name a file with --credentials,"
              + " or set HUAWEICLOUD_SDK_AK, HUAWEICLOUD_SDK_SK and HUAWEICLOUD_SDK_PROJECT_ID.");
    }
  }

  /** It may be for another program, or of the cloud: nothing is signed with that, nor sent. */
  private void mustBeOfUse(CredentialsFile found, String named) {
    if (found.has("basic.security_token")) {
      throw useless(named, "is for temporary access keys (security_token)", "");
    }
    if (!found.has("basic.ak") || !found.has("basic.sk")) {
      throw useless(named, "has no access key (ak and sk in the section [basic])", "");
    }
    if (project == null && !found.has("basic.project_id")) {
      throw useless(
          named, "names no project (project_id in the section [basic])", "--project ID or ");
    }
    if (endpoint == null
        && !environment.containsKey(ENDPOINT_VARIABLE)
        && !found.has("yaoku.endpoint")) {
      throw useless(
          named,
          "does not say where the server is (endpoint in the section [yaoku])",
          "--endpoint URL, " + ENDPOINT_VARIABLE + " or ");
    }
  }

  private static NoAccess useless(String named, String why, String orUse) {
    return new NoAccess(
        "%s, which %s names, %s: use %sanother file with --credentials."
            .formatted(named, FILE_VARIABLE, why, orUse));
  }

  private Path usualFile() {
    String data = environment.get("YAOKU_DATA");
    return data == null || data.isEmpty() ? USUAL_FILE : Path.of(data, "credentials");
  }

  private URI endpoint(CredentialsFile credentials) {
    if (endpoint != null) {
      return endpoint;
    }
    return Optional.ofNullable(environment.get(ENDPOINT_VARIABLE))
        .or(() -> credentials.find("yaoku.endpoint"))
        .map(URI::create)
        .orElse(URI.create(USUAL_ENDPOINT));
  }

  /** There is nobody to call as. */
  @SuppressWarnings("serial") // never serialised
  static final class NoAccess extends IllegalArgumentException {
    NoAccess(String sentence) {
      super(sentence);
    }
  }
}
