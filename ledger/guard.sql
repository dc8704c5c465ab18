-- The guard of one ledger: nothing changes its definition outside a marked migration.
-- A superuser runs this; the owner cannot take it away. The function looks and refuses, no more.
DROP SCHEMA IF EXISTS {guard} CASCADE;
CREATE SCHEMA {guard};
CREATE FUNCTION {guard}.watch() RETURNS event_trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $guard$
DECLARE
    home oid;
    tables oid[];
    relations oid[];
    functions oid[];
    state text;
BEGIN
    SELECT oid INTO home FROM pg_namespace WHERE nspname = {ledger};
    SELECT array_agg(objid) FILTER (WHERE classid = 'pg_class'::regclass),
           array_agg(objid) FILTER (WHERE classid = 'pg_proc'::regclass)
      INTO tables, functions
      FROM pg_depend WHERE refclassid = 'pg_namespace'::regclass AND refobjid = home;
    relations := tables || ARRAY(SELECT indexrelid FROM pg_index WHERE indrelid = ANY (tables));
    -- A change of a definition moves its row in the catalogue; ANALYZE and VACUUM do not.
    SELECT sum(hashtidextended(place, kind << 32 | id::bigint)) INTO state FROM (
        SELECT 1::bigint, oid, ctid FROM pg_namespace WHERE oid = home
        UNION ALL SELECT 2, oid, ctid FROM pg_class WHERE oid = ANY (relations)
        UNION ALL SELECT 3, attrelid, ctid FROM pg_attribute WHERE attrelid = ANY (relations)
        UNION ALL SELECT 4, adrelid, ctid FROM pg_attrdef WHERE adrelid = ANY (tables)
        UNION ALL SELECT 5, conrelid, ctid FROM pg_constraint WHERE conrelid = ANY (tables)
        UNION ALL SELECT 6, indrelid, ctid FROM pg_index WHERE indrelid = ANY (tables)
        UNION ALL SELECT 7, tgrelid, ctid FROM pg_trigger WHERE tgrelid = ANY (tables)
        UNION ALL SELECT 8, ev_class, ctid FROM pg_rewrite WHERE ev_class = ANY (tables)
        UNION ALL SELECT 9, polrelid, ctid FROM pg_policy WHERE polrelid = ANY (tables)
        UNION ALL SELECT 10, inhparent, ctid FROM pg_inherits WHERE inhparent = ANY (tables)
        UNION ALL SELECT 11, oid, ctid FROM pg_proc WHERE oid = ANY (functions)
        UNION ALL SELECT 12, objid, ctid FROM pg_depend
         WHERE refclassid = 'pg_namespace'::regclass AND refobjid = home
    ) AS part (kind, id, place);
    IF tg_event = 'ddl_command_start' AND tg_tag = 'ALTER TABLE'
       AND current_query() ~* 'concurrently'
       AND EXISTS (SELECT FROM pg_class WHERE oid = ANY (tables) AND relkind = 'p') THEN
        -- Detaching a part is two transactions: the first would be over before its end is seen.
        RAISE EXCEPTION 'append-only: % concurrently in ledger % is refused', tg_tag, {ledger}
            USING errcode = 'insufficient_privilege';
    ELSIF tg_event = 'ddl_command_start' THEN
        PERFORM set_config({state}, coalesce(state, ''), false);
    ELSIF tg_tag <> 'REINDEX' AND coalesce(state, '') <> current_setting({state}) THEN
        IF current_setting({mark}, true) IS DISTINCT FROM pg_current_xact_id()::text THEN
            RAISE EXCEPTION 'append-only: % of ledger % is refused outside a migration',
                tg_tag, {ledger} USING errcode = 'insufficient_privilege';
        END IF;
        RAISE LOG 'append-only: % of ledger % by % in a migration', tg_tag, {ledger}, session_user;
    END IF;
END
$guard$;
REVOKE ALL ON FUNCTION {guard}.watch() FROM PUBLIC;
CREATE EVENT TRIGGER {before} ON ddl_command_start EXECUTE FUNCTION {guard}.watch();
CREATE EVENT TRIGGER {after} ON ddl_command_end EXECUTE FUNCTION {guard}.watch();
ALTER EVENT TRIGGER {before} ENABLE ALWAYS;
ALTER EVENT TRIGGER {after} ENABLE ALWAYS;
