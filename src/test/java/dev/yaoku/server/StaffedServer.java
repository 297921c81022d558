package dev.yaoku.server;

import dev.yaoku.server.Tenant.Reply;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** A server with one account, whose owner makes people and lets them do things, and has a key. */
abstract class StaffedServer {
  static final String UNKNOWN_KEY = "00000000-0000-4000-8000-000000000000";

  @TempDir static Path folder;
  static LiveServer server;
  static Tenant owner;
  static Staff staff;
  static String key;

  @BeforeAll
  static void start() throws IOException {
    server = new LiveServer(folder.resolve("data"), Map.of("quotas.keys", "1000"));
    owner = Tenant.first(server);
    staff = new Staff(owner);
    key = owner.key("shared", "");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  static Reply encrypt(Tenant who, String with) {
    return who.kms("encrypt-data", "{'key_id':'" + with + "','plain_text':'x'}");
  }
}
