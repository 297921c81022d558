-- "by_administrators" is 1 while only administrators have made and changed a provider, which alone can vouch for
-- administrators; "generation" counts how often it was stopped, and tokens of earlier ones are over.
-- As with every column that came later, they count in a row's MAC only where they are set (ADR 11).
ALTER TABLE identity_provider ADD COLUMN by_administrators ${number};
ALTER TABLE identity_provider ADD COLUMN generation ${number};
