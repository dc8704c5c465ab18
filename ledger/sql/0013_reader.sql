-- Pages read as this role: it sees of the read models what their policies leave, and writes nothing.
GRANT USAGE ON SCHEMA {ledger} TO {reader};
GRANT SELECT ON {ledger}.{events}, {ledger}.follower TO {reader};
GRANT USAGE ON SCHEMA {views}, {shadow}, {old_views} TO {reader};
GRANT SELECT ON ALL TABLES IN SCHEMA {views}, {shadow}, {old_views} TO {reader};
ALTER DEFAULT PRIVILEGES FOR ROLE {app} IN SCHEMA {views}, {shadow}, {old_views}
    GRANT SELECT ON TABLES TO {reader};
