-- What a scan id was first used for. Not a record: after a crash only the misuse check starts anew.
CREATE UNLOGGED TABLE {ledger}.scan (
    scan_id uuid PRIMARY KEY,
    meaning uuid NOT NULL,
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
GRANT SELECT, INSERT, DELETE ON {ledger}.scan TO {app};
