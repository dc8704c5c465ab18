-- The kinds of files are the program's to know: a new one needs no change here.
alter table {web}.upload drop constraint if exists upload_kind_check;
