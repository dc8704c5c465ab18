"""Files in, end to end: read, map, compare and record, report. The rules are the ledger's."""
