"""The steps of the schema that belong to the ways in: login sessions, codes, limits."""

from __future__ import annotations

from importlib.resources import files

from ledger.migrations import Step


def steps() -> tuple[Step, ...]:
    """In order; a released one is never edited."""
    tables = (files("api") / "access" / "tables.sql").read_text(encoding="utf-8")
    return (Step("0100_access.sql", tables),)
