-- What records of persons have in common: keyed digests, never the value. A person decides.
CREATE TABLE {vault}.likeness (
    kind text NOT NULL,
    digest bytea NOT NULL,
    subject_id uuid NOT NULL REFERENCES {vault}.subject ON DELETE CASCADE,
    PRIMARY KEY (kind, digest, subject_id)
);
CREATE INDEX ON {vault}.likeness (subject_id);
GRANT SELECT, INSERT, DELETE ON {vault}.likeness TO {vault_app};
