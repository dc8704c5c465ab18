-- What a file would do, worked out once and sealed as the file is; which sheet is meant; how far it is.
alter table {web}.upload
    add column sheet text not null default '',
    add column preview bytea,
    add column rows_done integer not null default 0,
    add column rows_in_all integer not null default 0;
