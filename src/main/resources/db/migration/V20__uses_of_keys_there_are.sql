-- Uses were also noted of temporary access keys, of which nobody asks, and of keys that were removed meanwhile.
DELETE FROM access_key_use WHERE id NOT IN (SELECT id FROM access_key);
