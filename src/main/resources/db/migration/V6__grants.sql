-- Who may do what with a key besides its owner. "operations" are names of the wire, parted by commas.
CREATE TABLE key_grant (
  id ${text} NOT NULL PRIMARY KEY,
  key_id ${text} NOT NULL,
  project ${text} NOT NULL,
  grantee ${text} NOT NULL,
  grantee_type ${text} NOT NULL,
  operations ${text} NOT NULL,
  issuer ${text} NOT NULL,
  retiring ${text},
  name ${text},
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL
) ${table};

CREATE INDEX key_grant_by_key ON key_grant (key_id, created_at);
CREATE INDEX key_grant_by_project ON key_grant (project, created_at);
