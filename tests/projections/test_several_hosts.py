"""A connection string of several hosts, of which one writes, serves readers as well."""

from __future__ import annotations

import pytest
from psycopg.conninfo import make_conninfo
from psycopg.errors import ReadOnlySqlTransaction

from projections.database import Views
from tests.database import TestDatabase


def test_readers_find_the_host_that_writes_though_they_never_do(database: TestDatabase) -> None:
    named = make_conninfo(database.app, target_session_attrs="read-write")
    with Views(named, database.names) as views:
        views.ask(5.0)
        with views.read() as reader, pytest.raises(ReadOnlySqlTransaction):
            reader.execute("CREATE TABLE nothing ()")
