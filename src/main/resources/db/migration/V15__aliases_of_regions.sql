-- An alias is unique in its account and region, not in the account alone: a region is a property of the project, so
-- each project has its own, and whoever makes one looks for it in the other projects of the region.
ALTER TABLE alias RENAME TO alias_before;

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
  PRIMARY KEY (project, name)
) ${table};

INSERT INTO alias (account, name, project, key_id, alias, created_at, updated_at, row_version, system_key_version, row_mac)
SELECT account, name, project, key_id, alias, created_at, updated_at, row_version, system_key_version, row_mac
FROM alias_before;

DROP TABLE alias_before;

CREATE INDEX alias_by_key ON alias (key_id, created_at);
CREATE INDEX alias_by_project ON alias (project, created_at);
CREATE INDEX alias_by_name ON alias (account, name);
