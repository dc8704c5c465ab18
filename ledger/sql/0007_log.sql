-- The transparency log: which logs there were, their tiles, heads, checkpoints and cosignatures.
-- Its role reads events and writes here; the app role reads here, and raises alarms.
CREATE TABLE {ledger}.log (
    number integer PRIMARY KEY,
    origin text NOT NULL UNIQUE,
    key text NOT NULL,
    continues text,  -- the last checkpoint of the log before this one, as it was published
    began_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE TABLE {ledger}.log_tile (
    log integer NOT NULL REFERENCES {ledger}.log,
    level smallint NOT NULL,
    index bigint NOT NULL,
    hashes bytea NOT NULL,
    positions bytea,  -- of leaves: the notification id of each, eight bytes
    first_position bigint,
    PRIMARY KEY (log, level, index)
);
ALTER TABLE {ledger}.log_tile ALTER hashes SET STORAGE EXTERNAL, ALTER positions SET STORAGE EXTERNAL;
CREATE INDEX log_tile_first_position ON {ledger}.log_tile (log, first_position) WHERE level = 0;
-- A tree is durable here before anybody signs it.
CREATE TABLE {ledger}.log_head (
    log integer NOT NULL REFERENCES {ledger}.log,
    size bigint NOT NULL,
    position bigint NOT NULL,
    root bytea NOT NULL,
    written_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (log, size)
);
CREATE TABLE {ledger}.log_checkpoint (
    log integer NOT NULL REFERENCES {ledger}.log,
    size bigint NOT NULL,
    note text NOT NULL,
    published_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (log, size)
);
CREATE TABLE {ledger}.log_cosignature (
    log integer NOT NULL,
    size bigint NOT NULL,
    witness text NOT NULL,
    line text NOT NULL,
    cosigned_at timestamptz NOT NULL,
    PRIMARY KEY (log, size, witness),
    FOREIGN KEY (log, size) REFERENCES {ledger}.log_checkpoint
);
CREATE TABLE {ledger}.log_alarm (
    alarm bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL,
    facts jsonb NOT NULL,
    raised_at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- A tile grows at its end and is never written otherwise.
CREATE FUNCTION {ledger}.refuse_other_tile() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
BEGIN
    IF (new.log, new.level, new.index) IS DISTINCT FROM (old.log, old.level, old.index)
       OR substr(new.hashes, 1, length(old.hashes)) <> old.hashes
       OR substr(new.positions, 1, length(old.positions)) IS DISTINCT FROM old.positions
       OR new.first_position IS DISTINCT FROM old.first_position THEN
        RAISE EXCEPTION 'append-only: a tile only grows'
            USING errcode = 'insufficient_privilege';
    END IF;
    RETURN new;
END
$$;
CREATE TRIGGER refuse_other_tile BEFORE UPDATE ON {ledger}.log_tile
    FOR EACH ROW EXECUTE FUNCTION {ledger}.refuse_other_tile();
CREATE TRIGGER refuse_change BEFORE DELETE ON {ledger}.log_tile
    FOR EACH ROW EXECUTE FUNCTION {ledger}.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {ledger}.log_tile
    FOR EACH STATEMENT EXECUTE FUNCTION {ledger}.refuse_change();
ALTER TABLE {ledger}.log_tile ENABLE ALWAYS TRIGGER refuse_other_tile;
ALTER TABLE {ledger}.log_tile ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE {ledger}.log_tile ENABLE ALWAYS TRIGGER refuse_truncate;
DO $$
DECLARE
    kept regclass;
BEGIN
    FOREACH kept IN ARRAY ARRAY['{ledger}.log', '{ledger}.log_head', '{ledger}.log_checkpoint',
        '{ledger}.log_cosignature', '{ledger}.log_alarm']::regclass[] LOOP
        EXECUTE format('CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON %s'
            ' FOR EACH ROW EXECUTE FUNCTION {ledger}.refuse_change()', kept);
        EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s'
            ' FOR EACH STATEMENT EXECUTE FUNCTION {ledger}.refuse_change()', kept);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_change', kept);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_truncate', kept);
    END LOOP;
END
$$;

REVOKE ALL ON FUNCTION {ledger}.refuse_other_tile() FROM PUBLIC;
GRANT SELECT ON {ledger}.log, {ledger}.log_tile, {ledger}.log_head, {ledger}.log_checkpoint,
    {ledger}.log_cosignature, {ledger}.log_alarm TO {app};
GRANT INSERT (code, facts) ON {ledger}.log_alarm TO {app};
GRANT USAGE ON SCHEMA {ledger} TO {log};
GRANT SELECT ON {ledger}.{events}, {ledger}.log, {ledger}.log_tile, {ledger}.log_head,
    {ledger}.log_checkpoint, {ledger}.log_cosignature, {ledger}.log_alarm TO {log};
GRANT INSERT ON {ledger}.log, {ledger}.log_tile, {ledger}.log_head, {ledger}.log_checkpoint,
    {ledger}.log_cosignature TO {log};
GRANT UPDATE (hashes, positions) ON {ledger}.log_tile TO {log};
GRANT INSERT (code, facts) ON {ledger}.log_alarm TO {log};
