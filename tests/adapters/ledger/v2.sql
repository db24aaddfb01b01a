-- What version 2 added to version 1, as it was released: a later step must leave both alone.
ALTER TABLE batches ADD COLUMN ambiguous_since INTEGER;
UPDATE batches SET ambiguous_since = 1700000000009;
PRAGMA user_version = 2;
