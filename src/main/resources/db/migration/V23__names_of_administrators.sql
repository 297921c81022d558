-- Whether an administrator has a name in certificates is asked at changes of these, and is not to take longer the more
-- users and names an account has.
CREATE INDEX certificate_user_by_user ON certificate_user (account, user_id, ca);
CREATE INDEX user_administrators ON "user" (account, id) WHERE administrator = 1;
