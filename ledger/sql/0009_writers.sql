-- The app role alone writes facts and the log's role alone the log: neither their owner nor a
-- superuser, who could choose position and time. A restore copies rows in before this is there.
CREATE FUNCTION {ledger}.refuse_others() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF current_user::text <> ALL (tg_argv) THEN
        RAISE EXCEPTION 'append-only: % on % by % is refused', tg_op, tg_table_name, current_user
            USING errcode = 'insufficient_privilege';
    END IF;
    RETURN NULL;
END
$$;
REVOKE ALL ON FUNCTION {ledger}.refuse_others() FROM PUBLIC;
DO $$
DECLARE
    kept regclass;
    writers text;
BEGIN
    FOR kept, writers IN VALUES
        ('{ledger}.{events}'::regclass, '{app}'),
        ('{ledger}.log', '{log}'), ('{ledger}.log_tile', '{log}'), ('{ledger}.log_head', '{log}'),
        ('{ledger}.log_checkpoint', '{log}'), ('{ledger}.log_cosignature', '{log}'),
        ('{ledger}.log_alarm', '{log}, {app}')
    LOOP
        EXECUTE format('CREATE TRIGGER refuse_others BEFORE INSERT ON %s'
            ' FOR EACH STATEMENT EXECUTE FUNCTION {ledger}.refuse_others(%s)', kept, writers);
        EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER refuse_others', kept);
    END LOOP;
END
$$;
