-- Who belongs together, what they may do, and the further ways of proving who one is.
--
-- Columns that are added to a table that was there before count in a row's MAC only where one of
-- them is set, so that earlier rows stay genuine (ADR 11).

ALTER TABLE "user" ADD COLUMN description ${text};
ALTER TABLE "user" ADD COLUMN email ${text};
ALTER TABLE project ADD COLUMN description ${text};
ALTER TABLE access_key ADD COLUMN description ${text};

-- "agency" is the role that its holder plays, "narrowing" the policies that its life is narrowed to
-- (JSON texts, RFC 7464), "session" a name for it, "parent_key" the access key that proved it.
ALTER TABLE token ADD COLUMN agency ${text};
ALTER TABLE token ADD COLUMN narrowing ${text};
ALTER TABLE token ADD COLUMN session ${text};
ALTER TABLE token ADD COLUMN parent_key ${text};

CREATE INDEX token_by_user ON token ("user");
CREATE INDEX access_key_by_user ON access_key ("user");

CREATE TABLE user_group (
  id ${text} NOT NULL PRIMARY KEY,
  account ${text} NOT NULL,
  name ${text} NOT NULL,
  description ${text} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  UNIQUE (account, name)
) ${table};

CREATE TABLE membership (
  group_id ${text} NOT NULL,
  user_id ${text} NOT NULL,
  account ${text} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  PRIMARY KEY (group_id, user_id)
) ${table};

CREATE INDEX membership_by_user ON membership (user_id);

CREATE TABLE policy (
  id ${text} NOT NULL PRIMARY KEY,
  account ${text} NOT NULL,
  name ${text} NOT NULL,
  description ${text} NOT NULL,
  kind ${text} NOT NULL,
  document ${text} NOT NULL,
  created_at ${number} NOT NULL,
  updated_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  UNIQUE (account, name)
) ${table};

-- "holder_kind" is user, group or agency; "scope" is a project's id, * for all projects, or @ for
-- the account itself. "policy" may be one of every account's.
CREATE TABLE attachment (
  holder_kind ${text} NOT NULL,
  holder ${text} NOT NULL,
  scope ${text} NOT NULL,
  policy ${text} NOT NULL,
  account ${text} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  PRIMARY KEY (holder_kind, holder, scope, policy)
) ${table};

CREATE INDEX attachment_by_policy ON attachment (policy);
CREATE INDEX attachment_by_account ON attachment (account);

-- A role that members of another account may play. "duration_seconds" 0 stands for no end.
CREATE TABLE agency (
  id ${text} NOT NULL PRIMARY KEY,
  account ${text} NOT NULL,
  name ${text} NOT NULL,
  trusted_account ${text} NOT NULL,
  description ${text} NOT NULL,
  duration_seconds ${number} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  UNIQUE (account, name)
) ${table};

-- "user" is the person behind it, also where it plays a role; "security_token" is a SHA-256;
-- "parent" the token (SHA-256) or access key that it was made with.
CREATE TABLE temporary_key (
  id ${text} NOT NULL PRIMARY KEY,
  account ${text} NOT NULL,
  "user" ${text} NOT NULL,
  agency ${text},
  secret ${bytes} NOT NULL,
  wrapped_by ${number} NOT NULL,
  security_token ${text} NOT NULL,
  parent ${text} NOT NULL,
  narrowing ${text},
  session ${text},
  project ${text},
  issued_at ${number} NOT NULL,
  expires_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL
) ${table};

CREATE INDEX temporary_key_by_user ON temporary_key ("user");
CREATE INDEX temporary_key_by_end ON temporary_key (expires_at);

-- Whose identity tokens an account takes. "audiences", "algorithms" have one entry a line;
-- "jwks_location" is a URL or a file, "jwks" the keys themselves; "mapping" says whose token is
-- which user's.
CREATE TABLE identity_provider (
  id ${text} NOT NULL PRIMARY KEY,
  account ${text} NOT NULL,
  name ${text} NOT NULL,
  description ${text} NOT NULL,
  issuer ${text} NOT NULL,
  audiences ${text} NOT NULL,
  algorithms ${text} NOT NULL,
  jwks_location ${text} NOT NULL,
  jwks ${text} NOT NULL,
  mapping ${text} NOT NULL,
  enabled ${number} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  UNIQUE (account, name)
) ${table};

-- Who may issue client certificates to an account's users. "sha256" is the certificate's.
CREATE TABLE client_ca (
  account ${text} NOT NULL,
  name ${text} NOT NULL,
  pem ${text} NOT NULL,
  sha256 ${text} NOT NULL,
  enabled ${number} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  PRIMARY KEY (account, name)
) ${table};

-- Which name in a certificate of that issuer is which user, exactly.
CREATE TABLE certificate_user (
  account ${text} NOT NULL,
  ca ${text} NOT NULL,
  name ${text} NOT NULL,
  user_id ${text} NOT NULL,
  created_at ${number} NOT NULL,
  row_version ${number} NOT NULL,
  system_key_version ${number} NOT NULL,
  row_mac ${bytes} NOT NULL,
  PRIMARY KEY (account, ca, name)
) ${table};

-- When an access key was last used, about. It decides nothing.
CREATE TABLE access_key_use (
  id ${text} NOT NULL PRIMARY KEY,
  used_at ${number} NOT NULL
) ${clustered};
