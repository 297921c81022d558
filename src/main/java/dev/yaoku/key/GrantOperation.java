package dev.yaoku.key;

import java.util.Optional;

/** What a grant can allow. Names are those of the wire ({@code semantics.md} 11). */
public enum GrantOperation {
  CREATE_DATAKEY("create-datakey"),
  CREATE_DATAKEY_WITHOUT_PLAINTEXT("create-datakey-without-plaintext"),
  ENCRYPT_DATAKEY("encrypt-datakey"),
  DECRYPT_DATAKEY("decrypt-datakey"),
  DESCRIBE_KEY("describe-key"),
  CREATE_GRANT("create-grant"),
  RETIRE_GRANT("retire-grant"),
  ENCRYPT_DATA("encrypt-data"),
  DECRYPT_DATA("decrypt-data");

  private final String wireName;

  GrantOperation(String wireName) {
    this.wireName = wireName;
  }

  /** The name on the wire. */
  public String wireName() {
    return wireName;
  }

  /** The operation of this name. */
  public static Optional<GrantOperation> named(String name) {
    for (GrantOperation operation : values()) {
      if (operation.wireName.equals(name)) {
        return Optional.of(operation);
      }
    }
    return Optional.empty();
  }
}
