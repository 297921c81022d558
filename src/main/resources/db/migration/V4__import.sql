-- Import of key material, and what is found by its time.

-- A wrapping key for one import. "sha256" is the token's; "wrapped" is the private half, empty once
-- its time is over; "attempts" counts material that did not open.
CREATE TABLE import_token (
  id ${text} NOT NULL PRIMARY KEY,
  key_id ${text} NOT NULL,
  sha256 ${text} NOT NULL,
  algorithm ${text} NOT NULL,
  wrapped ${bytes} NOT NULL,
  project_key_version ${number} NOT NULL,
  attempts ${number} NOT NULL,
  created_at ${number} NOT NULL,
  expires_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL
) ${table};

CREATE INDEX import_token_by_key ON import_token (key_id);
CREATE INDEX import_token_by_end ON import_token (expires_at);

CREATE INDEX key_by_rotation ON "key" (rotation_due_at) WHERE rotation_due_at IS NOT NULL;
CREATE INDEX key_by_expiry ON "key" (material_expires_at) WHERE material_expires_at IS NOT NULL;
CREATE INDEX key_version_by_expiry ON key_version (expires_at) WHERE expires_at IS NOT NULL;
