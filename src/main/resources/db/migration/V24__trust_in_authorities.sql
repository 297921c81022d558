-- "by_administrators" is 1 while only administrators have made and changed an authority, which alone can vouch for
-- administrators. As with every column that came later, it counts in a row's MAC only where it is set (ADR 11).
ALTER TABLE client_ca ADD COLUMN by_administrators ${number};
