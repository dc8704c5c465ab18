"""The rights of the app role on the web schema, and that importing has no effect."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from tests.database import TestDatabase


@pytest.mark.parametrize(
    "statement",
    [
        "drop table ledger_web.login",
        "truncate ledger_web.login",
        "alter table ledger_web.login add column more text",
        "create table ledger_web.more (a int)",
    ],
)
def test_the_app_role_changes_rows_and_not_tables(database: TestDatabase, statement: str) -> None:
    with psycopg.connect(database.app) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute(statement)


def test_the_vault_role_sees_no_login(database: TestDatabase) -> None:
    with psycopg.connect(database.vault) as connection, pytest.raises(InsufficientPrivilege):
        connection.execute("select * from ledger_web.login")
