-- What is to be unmoved is looked at and appended in one question; before this text the function was made.
REVOKE ALL ON FUNCTION {ledger}.{append_unmoved}(
    int[], uuid[], bigint[], text[], bytea[], boolean, bigint, uuid[], text[]
) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION {ledger}.{append_unmoved}(
    int[], uuid[], bigint[], text[], bytea[], boolean, bigint, uuid[], text[]
) TO {app};
