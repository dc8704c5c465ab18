-- How far each follower of the feed has acted. Not a read model: lost, all of history is acted on again.
CREATE TABLE {ledger}.follower (
    follower text PRIMARY KEY,
    version integer NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    moved_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    looked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    stopped_reason text
);
GRANT SELECT, INSERT, UPDATE ON {ledger}.follower TO {app};
-- Where the read models kept it before, it goes on from there.
DO $$
BEGIN
    IF to_regclass('{views}.checkpoint') IS NOT NULL THEN
        INSERT INTO {ledger}.follower (follower, version, position)
        SELECT projection, version, position FROM {views}.checkpoint WHERE cardinality(tables) = 0;
        DELETE FROM {views}.checkpoint WHERE cardinality(tables) = 0;
    END IF;
END
$$;
