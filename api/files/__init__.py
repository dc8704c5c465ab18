"""The files that schools bring: read into rows and rejections. No ledger, no database, no clock."""
