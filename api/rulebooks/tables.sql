-- Runs of rules on their way: dry runs of drafts, dry runs backwards, and better rules applied backwards.
-- What they end with is a fact of the ledger; a run that is forgotten here is asked for again.

create table {web}.rule_run (
    run_id uuid primary key,
    kind text not null check (kind in ('dry_run', 'backwards', 'apply')),
    place text not null,  -- a district or school; empty for the city
    version text not null,
    from_version text,
    since date,
    follows uuid,  -- the dry run that is applied
    asked_by uuid not null,
    asked_at timestamptz not null,
    state text not null default 'waiting'
        check (state in ('waiting', 'running', 'finished', 'cancelled', 'failed')),
    total bigint not null default 0,
    done bigint not null default 0,
    after_learner uuid,
    beat_at timestamptz,
    finished_at timestamptz,
    sha256 text,
    result jsonb,
    error text
);
create index rule_run_of_edition on {web}.rule_run (place, version);

create table {web}.rule_run_effect (
    run_id uuid not null references {web}.rule_run on delete cascade,
    learner_id uuid not null,
    school_code text not null,
    sha256 text not null,
    effects jsonb not null,
    outcome text,
    primary key (run_id, learner_id)
);

grant select, insert, update, delete on {web}.rule_run, {web}.rule_run_effect to {app};
