-- Which keys of several regions have one material. "replica_set" is the set's id alone, where the
-- key's own column has the key's role before it. A row outlives its key as long as any member
-- lives, so that what a purged member encrypted still opens under the others.
CREATE TABLE set_member (
  key_id ${text} NOT NULL PRIMARY KEY,
  replica_set ${text} NOT NULL,
  account ${text} NOT NULL,
  project ${text} NOT NULL,
  region ${text} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL
) ${table};

CREATE INDEX set_member_by_set ON set_member (replica_set, created_at);
