-- Version 1 of the web schema: logins, passwords, codes, counters, kept answers. No facts of the ledger.
-- Run once by the owner role. The schema and the role exist already; both names are filled in by psycopg.

create table {web}.staff_account (
    staff_id uuid primary key,
    user_name text not null unique check (user_name ~ '^[a-z0-9][a-z0-9._-]+$'),
    password_hash text not null,
    totp_secret bytea not null,  -- AES-GCM: nonce, then ciphertext and tag
    totp_last_step bigint not null default 0,
    opened_at timestamptz not null
);

create table {web}.login (
    login_id uuid primary key,
    token_hash bytea not null unique check (octet_length(token_hash) = 32),
    kind text not null check (kind in ('staff', 'device')),
    person_id uuid not null,
    confirmed boolean not null,
    label text not null default '',
    began_at timestamptz not null,
    last_seen_at timestamptz not null,
    idle_limit interval not null,
    ends_at timestamptz not null
);
create index login_of_person on {web}.login (person_id);
create index login_end on {web}.login (ends_at);

create table {web}.enrolment_code (
    code_hmac bytea primary key check (octet_length(code_hmac) = 32),
    learner_id uuid not null,
    issued_at timestamptz not null,
    ends_at timestamptz not null,
    used_at timestamptz
);
create index enrolment_code_of_learner on {web}.enrolment_code (learner_id);

-- One row per limit and subject: the tries are paid for up to full_at.
create table {web}.tries (
    subject_hmac bytea primary key check (octet_length(subject_hmac) = 32),
    full_at timestamptz not null
);
create index tries_end on {web}.tries (full_at);

create table {web}.kept_answer (
    entry bytea primary key check (octet_length(entry) = 32),
    fingerprint bytea not null check (octet_length(fingerprint) = 32),
    claim uuid not null,
    claimed_at timestamptz not null,
    status integer,  -- null: still in flight
    headers jsonb,
    body bytea,  -- sealed: it may name people
    check ((status is null) = (headers is null) and (status is null) = (body is null))
);
create index kept_answer_claimed on {web}.kept_answer (claimed_at);

grant usage on schema {web} to {app};
grant select, insert, update, delete
    on {web}.staff_account, {web}.login, {web}.enrolment_code, {web}.tries, {web}.kept_answer
    to {app};
