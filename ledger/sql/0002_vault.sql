-- Personal data, encrypted with a key per person; erasing the row erases the person.
CREATE SCHEMA {vault};
CREATE TABLE {vault}.subject (
    subject_id uuid PRIMARY KEY,
    kind text NOT NULL,
    wrapped_key bytea NOT NULL,
    sealed bytea NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
-- Look-ups by phone or by name and class: keyed digests, never the value.
CREATE TABLE {vault}.blind_index (
    kind text NOT NULL,
    digest bytea NOT NULL,
    subject_id uuid NOT NULL REFERENCES {vault}.subject ON DELETE CASCADE,
    PRIMARY KEY (kind, digest)
);
CREATE INDEX ON {vault}.blind_index (subject_id);
-- Signed bytes, printed snapshots, reasons in words: under the key of the person they are about.
CREATE TABLE {vault}.document (
    document_id uuid NOT NULL,
    kind text NOT NULL,
    subject_id uuid NOT NULL REFERENCES {vault}.subject ON DELETE CASCADE,
    sealed bytea NOT NULL,
    stored_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (document_id, kind)
);
CREATE INDEX ON {vault}.document (subject_id);
-- Every reading of personal data by staff.
CREATE TABLE {vault}.access_log (
    entry bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id uuid NOT NULL,
    role text NOT NULL,
    organisation text NOT NULL,
    purpose text NOT NULL,
    subject_ids uuid[] NOT NULL
);
GRANT USAGE ON SCHEMA {vault} TO {vault_app};
GRANT SELECT, INSERT, UPDATE, DELETE ON {vault}.subject, {vault}.blind_index, {vault}.document TO {vault_app};
GRANT SELECT, INSERT ON {vault}.access_log TO {vault_app};
