-- The events table by hash of its streams, with everything that stands on it, in one transaction:
-- it is there whole or not at all. Run by the owner, in a marked migration, while nothing writes.
-- The position's own index is per partition and not unique: a unique one would have to hold the
-- stream. What keeps positions unique is that they are the database's alone (GENERATED ALWAYS).
LOCK TABLE {ledger}.{events} IN ACCESS EXCLUSIVE MODE;
CREATE TABLE {ledger}.{new} (
    LIKE {ledger}.{events} INCLUDING DEFAULTS INCLUDING IDENTITY,
    PRIMARY KEY (originator_id, originator_version)
) PARTITION BY HASH (originator_id);
CREATE INDEX ON {ledger}.{new} (notification_id);
DO $$
BEGIN
    FOR number IN 0 .. {parts} - 1 LOOP
        EXECUTE format('CREATE TABLE {ledger}.%I PARTITION OF {ledger}.{new}'
            ' FOR VALUES WITH (MODULUS %s, REMAINDER %s) WITH ('
            'autovacuum_vacuum_threshold = 100000000, autovacuum_vacuum_scale_factor = 0.5,'
            'autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.01)',
            {prefix} || number, {parts}, number);
    END LOOP;
END
$$;
INSERT INTO {ledger}.{new} OVERRIDING SYSTEM VALUE
SELECT * FROM {ledger}.{events} ORDER BY notification_id;
SELECT setval(pg_get_serial_sequence({new_name}, 'notification_id'),
              nextval(pg_get_serial_sequence({events_name}, 'notification_id')));
DROP TABLE {ledger}.{events};
ALTER TABLE {ledger}.{new} RENAME TO {events};
-- A unique index would refuse a position that is taken. Here every append must be the end of the feed.
CREATE FUNCTION {ledger}.refuse_position_again() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
    IF (SELECT count(*) FROM {ledger}.{events}
         WHERE notification_id >= (SELECT min(notification_id) FROM added))
       <> (SELECT count(*) FROM added) THEN
        RAISE EXCEPTION 'append-only: a position is taken' USING errcode = 'unique_violation';
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER refuse_position_again AFTER INSERT ON {ledger}.{events}
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION {ledger}.refuse_position_again();
ALTER TABLE {ledger}.{events} ENABLE ALWAYS TRIGGER refuse_position_again;
-- The locks of 0001 and 0009, on the table and on every part of it.
DO $$
DECLARE
    kept regclass;
BEGIN
    CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {ledger}.{events}
        FOR EACH ROW EXECUTE FUNCTION {ledger}.refuse_change();
    ALTER TABLE {ledger}.{events} ENABLE ALWAYS TRIGGER refuse_change;
    FOR kept IN SELECT relid FROM pg_partition_tree({events_name}) LOOP
        EXECUTE format('CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON %s'
            ' FOR EACH STATEMENT EXECUTE FUNCTION {ledger}.refuse_change()', kept);
        EXECUTE format('CREATE TRIGGER refuse_others BEFORE INSERT ON %s'
            ' FOR EACH STATEMENT EXECUTE FUNCTION {ledger}.refuse_others({app})', kept);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_change', kept);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_truncate', kept);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_others', kept);
    END LOOP;
END
$$;
REVOKE ALL ON {ledger}.{events} FROM PUBLIC;
GRANT SELECT ON {ledger}.{events} TO {app}, {log}, {reader};
GRANT INSERT (originator_id, originator_version, topic, state) ON {ledger}.{events} TO {app};
ANALYZE {ledger}.{events};
