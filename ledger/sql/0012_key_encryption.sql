-- Which key wraps the persons' keys, by a digest of it: a process with another one must not write.
CREATE TABLE {vault}.key_encryption (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    key_id text NOT NULL,
    since timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT ON {vault}.key_encryption TO {vault_app};
