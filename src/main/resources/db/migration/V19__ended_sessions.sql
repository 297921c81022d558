-- Whose sessions were ended, all of them: of a user, or of those who play a role ("holder" is the id of either, and no
-- two have the same). None of them counts and none is issued until their rows are gone, a few at a time, and this row
-- with them. It has no MAC: it takes rights away and gives none, and who can remove it can put sessions back as well.
CREATE TABLE ended_sessions (
  holder ${text} NOT NULL PRIMARY KEY
) ${clustered};

CREATE INDEX token_by_agency ON token (agency) WHERE agency IS NOT NULL;
CREATE INDEX temporary_key_by_agency ON temporary_key (agency) WHERE agency IS NOT NULL;
