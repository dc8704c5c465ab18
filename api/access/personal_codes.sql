-- Whose printed code was replaced: a learner without a row has their first one.
create table {web}.personal_code (
    learner_id uuid primary key,
    edition integer not null check (edition between 2 and 65535),
    renewed_at timestamptz not null,
    renewed_by uuid not null
);
grant select, insert, update on {web}.personal_code to {app};
