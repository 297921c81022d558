-- Versions of material and grants are found by their key's number, in whose order tags lie: an index by the key's id, which
-- is random, costs each change a page of its own. As with every column that came later, the number (and a version's
-- project) counts in a row's MAC only where it is set (ADR 11). Earlier rows have none, and are found by their key's id.
ALTER TABLE key_version RENAME TO key_version_before;

CREATE TABLE key_version (
  key_id ${text} NOT NULL,
  version ${number} NOT NULL,
  material_id ${text} NOT NULL,
  wrapped ${bytes} NOT NULL,
  project_key_version ${number} NOT NULL,
  fingerprint ${bytes} NOT NULL,
  waiting ${number} NOT NULL,
  created_at ${number} NOT NULL,
  expires_at ${number},
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  project ${text},
  key_number ${number}
) ${table};

INSERT INTO key_version (key_id, version, material_id, wrapped, project_key_version, fingerprint, waiting, created_at,
  expires_at, row_version, system_key_version, row_mac)
SELECT key_id, version, material_id, wrapped, project_key_version, fingerprint, waiting, created_at,
  expires_at, row_version, system_key_version, row_mac
FROM key_version_before;

DROP TABLE key_version_before;

CREATE UNIQUE INDEX key_version_by_key ON key_version (project, key_number, version);
CREATE UNIQUE INDEX key_version_by_id ON key_version (key_id, version) WHERE key_number IS NULL;
CREATE INDEX key_version_by_expiry ON key_version (expires_at) WHERE expires_at IS NOT NULL;

ALTER TABLE key_grant ADD COLUMN key_number ${number};

DROP INDEX key_grant_by_key;
DROP INDEX key_grant_by_project;
CREATE INDEX key_grant_by_key ON key_grant (project, key_number);
CREATE INDEX key_grant_by_id ON key_grant (key_id) WHERE key_number IS NULL;
