-- "parent" is the grant that alone let the issuer give this one; null where the issuer's own rights did.
-- As with every column that came later, it counts in a row's MAC only where it is set (ADR 9).
ALTER TABLE key_grant ADD COLUMN parent ${text};
