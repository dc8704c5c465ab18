-- Version 2 of the enrolment codes: the phone that used a code may repeat that, others may not.

alter table {web}.enrolment_code
    add column used_by bytea check (octet_length(used_by) = 32);  -- hash of the phone's number
