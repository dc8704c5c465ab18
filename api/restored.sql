-- A ledger that was restored and still waits for its list of erasures: until then nobody is shown.

create table {web}.restored (at timestamptz not null default clock_timestamp());

grant select on {web}.restored to {app};
