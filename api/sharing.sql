-- Links by which a holder shows a certificate to somebody: only the hash of the token is kept.
create table {web}.share_link (
    link_id uuid primary key,
    token_hash bytea not null unique check (octet_length(token_hash) = 32),
    certificate_id uuid not null,
    opened_by uuid not null,
    opened_at timestamptz not null,
    ends_at timestamptz not null check (ends_at > opened_at),
    closed_at timestamptz
);
create index share_link_of_certificate on {web}.share_link (certificate_id);
grant select, insert, update, delete on {web}.share_link to {app};
