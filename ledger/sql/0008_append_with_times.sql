-- The append function tells the times of recording, too; before this text it was made anew.
REVOKE ALL ON FUNCTION {ledger}.{append}(int[], uuid[], bigint[], text[], bytea[], boolean) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {ledger}.{append}(int[], uuid[], bigint[], text[], bytea[], boolean) TO {app};
