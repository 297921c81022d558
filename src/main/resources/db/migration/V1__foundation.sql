-- The first schema. One text for SQLite and PostgreSQL; what differs are the placeholders:
-- ${text} compares by bytes, ${number} holds 64 bits, ${serial} counts upwards by itself.
--
-- Times are milliseconds since the epoch. Tables that decide rights end in row_version,
-- system_key_version and row_mac (SECURITY_DESIGN C1 and section 4, "Rows"). The order of their
-- columns is the order in which the MAC covers them: never reorder, only append before row_version,
-- and then by a new system of MACs.

CREATE TABLE setting (
  name ${text} NOT NULL PRIMARY KEY,
  value ${text} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL
) ${table};

CREATE TABLE system_key (
  version ${number} NOT NULL PRIMARY KEY,
  wrapped ${bytes} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL
) ${table};

CREATE TABLE project_key (
  project ${text} NOT NULL,
  version ${number} NOT NULL,
  wrapped ${bytes} NOT NULL,
  lasting ${bytes} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  PRIMARY KEY (project, version)
) ${table};

CREATE TABLE account (
  id ${text} NOT NULL PRIMARY KEY,
  name ${text} NOT NULL UNIQUE,
  enabled ${number} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL
) ${table};

CREATE TABLE project (
  id ${text} NOT NULL PRIMARY KEY,
  account ${text} NOT NULL,
  name ${text} NOT NULL,
  region ${text} NOT NULL,
  enabled ${number} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  UNIQUE (account, name)
) ${table};

CREATE TABLE "user" (
  id ${text} NOT NULL PRIMARY KEY,
  account ${text} NOT NULL,
  name ${text} NOT NULL,
  password ${bytes} NOT NULL,
  wrapped_by ${number} NOT NULL,
  administrator ${number} NOT NULL,
  enabled ${number} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  UNIQUE (account, name)
) ${table};

CREATE TABLE access_key (
  id ${text} NOT NULL PRIMARY KEY,
  account ${text} NOT NULL,
  "user" ${text} NOT NULL,
  secret ${bytes} NOT NULL,
  wrapped_by ${number} NOT NULL,
  enabled ${number} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL
) ${table};

CREATE TABLE token (
  sha256 ${text} NOT NULL PRIMARY KEY,
  account ${text} NOT NULL,
  "user" ${text} NOT NULL,
  project ${text},
  domain_scope ${number} NOT NULL,
  methods ${text} NOT NULL,
  parent ${text},
  issued_at ${number} NOT NULL,
  expires_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL
) ${table};

CREATE INDEX token_by_end ON token (expires_at);

CREATE TABLE keystore (
  id ${text} NOT NULL PRIMARY KEY,
  account ${text} NOT NULL,
  project ${text} NOT NULL,
  alias ${text} NOT NULL,
  type ${text} NOT NULL,
  cluster ${text} NOT NULL,
  enabled ${number} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  UNIQUE (project, alias)
) ${table};

-- "number" counts the keys of a project in order of creation; lists are ordered by it.
-- "tag_digest" is SHA-256 over the MACs of the key's tags in order of tag key, empty for none, so
-- that a tag that is missing or was set back is noticed.
CREATE TABLE "key" (
  id ${text} NOT NULL PRIMARY KEY,
  account ${text} NOT NULL,
  project ${text} NOT NULL,
  number ${number} NOT NULL,
  name ${text} NOT NULL,
  description ${text} NOT NULL,
  spec ${text} NOT NULL,
  usage ${text} NOT NULL,
  origin ${text} NOT NULL,
  state ${text} NOT NULL,
  deletion_at ${number},
  created_at ${number} NOT NULL,
  realm ${text} NOT NULL,
  enterprise_project ${text} NOT NULL,
  keystore ${text} NOT NULL,
  is_default ${number} NOT NULL,
  current_version ${number} NOT NULL,
  rotation_enabled ${number} NOT NULL,
  rotation_interval_days ${number} NOT NULL,
  rotation_due_at ${number},
  rotation_last_at ${number},
  rotation_count ${number} NOT NULL,
  material_expires_at ${number},
  replica_set ${text} NOT NULL,
  tag_digest ${bytes} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL
) ${table};

CREATE UNIQUE INDEX key_by_number ON "key" (project, number);
CREATE INDEX key_by_name ON "key" (project, name, number);
CREATE INDEX key_by_deletion ON "key" (deletion_at) WHERE deletion_at IS NOT NULL;
CREATE INDEX key_gone ON "key" (project, deletion_at) WHERE deletion_at IS NOT NULL;
CREATE INDEX key_by_keystore ON "key" (keystore) WHERE keystore <> '0';

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
  PRIMARY KEY (key_id, version)
) ${table};

-- Tags lie in order of their key's number, so that a page of a list reads them side by side.
CREATE TABLE tag (
  project ${text} NOT NULL,
  key_number ${number} NOT NULL,
  tag_key ${text} NOT NULL,
  tag_value ${text} NOT NULL,
  key_id ${text} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  PRIMARY KEY (project, key_number, tag_key)
) ${clustered};

-- Which keys have a trait, as sets of key numbers, 4,096 numbers a row: an index for lists, totals
-- and deep pages. It decides nothing: what a list shows is checked against the rows themselves.
CREATE TABLE key_set (
  project ${text} NOT NULL,
  facet ${text} NOT NULL,
  name ${text} NOT NULL,
  value ${text} NOT NULL,
  bucket ${number} NOT NULL,
  numbers ${bytes} NOT NULL,
  PRIMARY KEY (project, facet, name, value, bucket)
) ${clustered};

-- Signatures of changes that were already made, hashed (SECURITY_DESIGN M4).
CREATE TABLE seen_signature (
  sha256 ${text} NOT NULL PRIMARY KEY,
  forget_at ${number} NOT NULL
) ${clustered};

CREATE INDEX seen_signature_by_end ON seen_signature (forget_at);

-- Counts the groups of changes ever committed; in a genuine store it never goes back.
CREATE TABLE change_sequence (
  id ${number} NOT NULL PRIMARY KEY CHECK (id = 1),
  value ${number} NOT NULL
) ${table};

INSERT INTO change_sequence (id, value) VALUES (1, 0);

CREATE TABLE audit (
  seq ${serial},
  at ${number} NOT NULL,
  account ${text} NOT NULL,
  entry ${bytes} NOT NULL
) ${table};
