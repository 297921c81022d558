-- What tools keep with a user and read again, and nothing here decides by. "external_id" is the user's in another
-- system; "pwd_status" is 1 where a console should ask for a new password, and there is none.
-- As with every column that came later, they count in a row's MAC only where they are set (ADR 11).
ALTER TABLE "user" ADD COLUMN area_code ${text};
ALTER TABLE "user" ADD COLUMN phone ${text};
ALTER TABLE "user" ADD COLUMN access_mode ${text};
ALTER TABLE "user" ADD COLUMN external_id ${text};
ALTER TABLE "user" ADD COLUMN pwd_status ${number};
