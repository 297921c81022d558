-- A project has few default keys, which are counted before it gets another one.
CREATE INDEX key_default ON "key" (project) WHERE is_default = 1;
