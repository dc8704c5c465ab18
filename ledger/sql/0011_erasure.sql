-- An erased person's row stays, empty: nothing brings the same id back under another key.
ALTER TABLE {vault}.subject ADD COLUMN erased_at timestamptz,
    ADD CONSTRAINT subject_erased_whole
    CHECK (erased_at IS NULL OR (octet_length(wrapped_key) = 0 AND octet_length(sealed) = 0));
