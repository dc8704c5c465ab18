-- Logins that came from a provider, by what it calls them, and the logout tokens that were used.

create table {web}.sign_on_login (
    login_id uuid primary key references {web}.login (login_id) on delete cascade,
    issuer text not null,
    subject text not null,
    session text  -- the provider's own, where it told one
);
create index sign_on_login_subject on {web}.sign_on_login (issuer, subject);
create index sign_on_login_session on {web}.sign_on_login (issuer, session);

create table {web}.logout_token (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    ends_at timestamptz not null
);
create index logout_token_end on {web}.logout_token (ends_at);

grant select, insert, update, delete on {web}.sign_on_login, {web}.logout_token to {app};
