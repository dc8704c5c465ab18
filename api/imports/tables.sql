-- Files between their preview and their confirmation, sealed: they hold names. Gone within an hour.
create table {web}.upload (
    upload_id uuid primary key,
    person_id uuid not null,
    school_code text not null,
    kind text not null check (kind in ('roster', 'plan', 'exam')),
    checking boolean not null,
    school_year integer,  -- of a roster; null: the day decides
    sealed bytea not null,  -- the file until it is confirmed, then the report and the failed rows
    taken_at timestamptz,  -- null: not confirmed yet
    ends_at timestamptz not null
);
create index upload_end on {web}.upload (ends_at);
grant select, insert, update, delete on {web}.upload to {app};
