-- Tokens for importing key material, each with the private key that opens what is sent with it.
CREATE TABLE import_token (
  sha256 ${text} NOT NULL PRIMARY KEY,
  token ${text} NOT NULL,
  account ${text} NOT NULL,
  project ${text} NOT NULL,
  key_id ${text} NOT NULL,
  algorithm ${text} NOT NULL,
  wrapped ${bytes} NOT NULL,
  project_key_version ${number} NOT NULL,
  created_at ${number} NOT NULL,
  expires_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL
) ${table};

CREATE INDEX import_token_by_key ON import_token (key_id, created_at);
CREATE INDEX import_token_by_end ON import_token (expires_at);

CREATE INDEX key_by_rotation ON "key" (rotation_due_at) WHERE rotation_due_at IS NOT NULL;
CREATE INDEX key_by_expiry ON "key" (material_expires_at) WHERE material_expires_at IS NOT NULL;
CREATE INDEX key_version_by_expiry ON key_version (expires_at) WHERE expires_at IS NOT NULL;
