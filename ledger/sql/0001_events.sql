-- Append-only: the app role inserts four columns and reads; nobody updates, deletes or truncates.
CREATE FUNCTION {ledger}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append-only: % on % is refused', tg_op, tg_table_name
        USING errcode = 'insufficient_privilege';
END
$$;
CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON {ledger}.{events}
    FOR EACH ROW EXECUTE FUNCTION {ledger}.refuse_change();
CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {ledger}.{events}
    FOR EACH STATEMENT EXECUTE FUNCTION {ledger}.refuse_change();
ALTER TABLE {ledger}.{events} ENABLE ALWAYS TRIGGER refuse_change;
ALTER TABLE {ledger}.{events} ENABLE ALWAYS TRIGGER refuse_truncate;

REVOKE ALL ON ALL TABLES IN SCHEMA {ledger} FROM PUBLIC;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA {ledger} FROM PUBLIC;
GRANT USAGE ON SCHEMA {ledger} TO {app};
GRANT SELECT ON ALL TABLES IN SCHEMA {ledger} TO {app};
GRANT INSERT (originator_id, originator_version, topic, state) ON {ledger}.{events} TO {app};
GRANT EXECUTE ON FUNCTION {ledger}.{append}(int[], uuid[], bigint[], text[], bytea[], boolean) TO {app};

-- Read models: the app role's own, dropped and rebuilt at will; the shadow is where a rebuild grows.
CREATE SCHEMA {views} AUTHORIZATION {app};
CREATE SCHEMA {shadow} AUTHORIZATION {app};
-- Login sessions, codes, limits.
CREATE SCHEMA {web};
GRANT USAGE ON SCHEMA {web} TO {app};
