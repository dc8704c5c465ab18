-- The account of whoever left is closed, not deleted: under its user name comes back the same person.

alter table {web}.staff_account add column closed_at timestamptz;
