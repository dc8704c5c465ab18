-- What proves a machine: the hash of a key's secret, and when it was last used. What a key may do is the ledger's.

create table {web}.machine_key (
    key_id uuid primary key,
    machine_id uuid not null,
    secret_hash bytea not null check (octet_length(secret_hash) = 32),
    made_at timestamptz not null,
    ends_at timestamptz not null,
    last_used_at timestamptz
);
create index machine_key_of_machine on {web}.machine_key (machine_id);

grant select, insert, update, delete on {web}.machine_key to {app};
