-- How far somebody is in a micro-class: no fact of the ledger, forgotten after 90 days.
create table {web}.micro_class_progress (
    learner_id uuid not null,
    micro_class_id uuid not null,
    segment integer not null,
    opened_at timestamptz not null,
    finished_at timestamptz,
    check_right boolean,
    primary key (learner_id, micro_class_id, segment)
);
create index micro_class_progress_opened on {web}.micro_class_progress (opened_at);
grant select, insert, update, delete on {web}.micro_class_progress to {app};
