-- Who looked at whom: read by the person themself and, by time, by whoever answers for the log.
CREATE INDEX ON {vault}.access_log USING gin (subject_ids);
CREATE INDEX ON {vault}.access_log (organisation, entry);
