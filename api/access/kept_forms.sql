-- A form that met an ended login: sealed for whoever sent it, for half an hour.
create table {web}.kept_form (
    form_id uuid primary key,
    sealed bytea not null,
    ends_at timestamptz not null
);
create index kept_form_end on {web}.kept_form (ends_at);
grant select, insert, delete on {web}.kept_form to {app};
