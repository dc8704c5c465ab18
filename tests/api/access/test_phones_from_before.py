"""Phones that were bound under a shorter limit are known as long as those bound now."""

from __future__ import annotations

from datetime import datetime, timedelta

import psycopg

from api.access.logins import DEVICE_IDLE
from api.migrations import steps as web_steps
from ledger.migrations import migrate
from tests.database import NAMES, PASSWORDS, TestDatabase

STEP = "0310_phones_kept_longer.sql"
BOUND = """
insert into ledger_web.login (login_id, token_hash, kind, person_id, confirmed, began_at,
    last_seen_at, idle_limit, ends_at)
select gen_random_uuid(), sha256(kind::bytea), kind, gen_random_uuid(), true, %(at)s,
    %(at)s, '30 days', %(at)s + interval '180 days' from unnest(array['device', 'staff']) kind
"""


def test_todays_phones_are_not_forgotten(database: TestDatabase, at: datetime) -> None:
    with psycopg.connect(database.owner) as connection:
        connection.execute(BOUND, {"at": at})
        connection.execute("DELETE FROM ledger.schema_version WHERE step = %s", (STEP,))
    assert migrate(database.owner, NAMES, PASSWORDS, web_steps()) == [STEP]
    with psycopg.connect(database.app) as connection:
        rows = connection.execute(
            "select kind, idle_limit, ends_at from ledger_web.login order by 1"
        )
        assert rows.fetchall() == [
            ("device", DEVICE_IDLE, at + DEVICE_IDLE),
            ("staff", timedelta(days=30), at + timedelta(days=180)),
        ]
