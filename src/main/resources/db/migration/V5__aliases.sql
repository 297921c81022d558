-- Names of keys beside the key's own. "name" is without the prefix, "alias" as it was sent.
CREATE TABLE alias (
  account ${text} NOT NULL,
  name ${text} NOT NULL,
  project ${text} NOT NULL,
  key_id ${text} NOT NULL,
  alias ${text} NOT NULL,
  created_at ${number} NOT NULL,
  updated_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  PRIMARY KEY (account, name)
) ${table};

CREATE INDEX alias_by_key ON alias (key_id, created_at);
CREATE INDEX alias_by_project ON alias (project, created_at);
