-- From where and when capsules may be opened. "policy" is JSON in the one form that we write.
CREATE TABLE key_policy (
  id ${text} NOT NULL PRIMARY KEY,
  account ${text} NOT NULL,
  project ${text} NOT NULL,
  key_space ${text} NOT NULL,
  name ${text} NOT NULL,
  policy ${text} NOT NULL,
  description ${text} NOT NULL,
  created_by ${text} NOT NULL,
  created_at ${number} NOT NULL,
  modified_at ${number} NOT NULL,
  opened_at ${number},
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL
) ${table};

CREATE INDEX key_policy_by_id ON key_policy (project, key_space, id);
CREATE UNIQUE INDEX key_policy_by_name ON key_policy (project, key_space, name);

-- The places. "wrapped" is the private key of a program (wrap 11), empty for the other kinds.
CREATE TABLE access_point (
  id ${text} NOT NULL PRIMARY KEY,
  account ${text} NOT NULL,
  project ${text} NOT NULL,
  key_space ${text} NOT NULL,
  name ${text} NOT NULL,
  kind ${text} NOT NULL,
  identity ${text} NOT NULL,
  cluster ${text} NOT NULL,
  description ${text} NOT NULL,
  enabled ${number} NOT NULL,
  wrapped ${bytes} NOT NULL,
  project_key_version ${number} NOT NULL,
  handed_out ${number} NOT NULL,
  created_by ${text} NOT NULL,
  created_at ${number} NOT NULL,
  modified_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL
) ${table};

CREATE INDEX access_point_by_id ON access_point (project, key_space, id);
CREATE UNIQUE INDEX access_point_by_name ON access_point (project, key_space, name);
CREATE INDEX access_point_by_kind ON access_point (project, kind, id);
