-- Files of more kinds wait for their confirmation; the program itself says which there are.
alter table {web}.upload drop constraint if exists upload_kind_check;
