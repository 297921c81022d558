-- A key's own row says which set it is in; the rows of the set, which somebody may have moved or deleted, are not to be
-- the only way to it. Keys that are alone, which most are, have no place in the index.
CREATE INDEX key_by_set ON "key" (replica_set) WHERE replica_set <> '';
