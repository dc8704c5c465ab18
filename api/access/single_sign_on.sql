-- Single sign-on: which person a provider's subject is, and sign-ins that have begun and not come back yet.

create table {web}.staff_subject (
    issuer text not null,
    subject text not null,
    staff_id uuid not null references {web}.staff_account (staff_id) on delete cascade,
    linked_at timestamptz not null,
    primary key (issuer, subject),
    unique (staff_id, issuer)
);

create table {web}.sign_on (
    state_hash bytea primary key check (octet_length(state_hash) = 32),
    browser_hash bytea not null check (octet_length(browser_hash) = 32),
    nonce text not null,
    verifier text not null,
    after text not null,
    ends_at timestamptz not null
);
create index sign_on_end on {web}.sign_on (ends_at);

grant select, insert, update, delete on {web}.staff_subject, {web}.sign_on to {app};
