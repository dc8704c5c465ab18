"""Every attack as every role on the oldest and the newest PostgreSQL; and what no refusal stops."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from tests.ledger.append_only.stands import TABLES, Stand

# What is a role's own duty, or no attack of its.
EXCEPT = {
    "owner": (),
    "ledger_app": ("facts", "alarms"),
    "ledger_vault_app": ("belongings",),
    "ledger_log": ("log", "alarms"),
    "second_app": ("belongings",),
    "superuser": ("belongings", "guard", "guard since 17"),
}


def attacks_of(role: str, version: int) -> Iterator[str]:
    """All that this role has to be refused."""
    left_out = {*EXCEPT[role], *(("guard since 17",) if version < 17 else ())}
    text = Path(__file__).with_name("attacks.sql").read_text(encoding="utf-8")
    for section in text.split("--: ")[1:]:
        name, *lines = section.splitlines()
        if name not in left_out:
            for line in lines:
                yield from each_table(line)


def each_table(line: str) -> list[str]:
    if not line or line.startswith("--"):
        return []
    tables = TABLES if "{table}" in line else ("",)
    names = (f"ledger.{table}" for table in tables)
    return [line.format(table=name, events="ledger.ledger_events") for name in names]


def refused(connection: psycopg.Connection, attack: str) -> bool:
    """With the right code. A grant or revocation by who has no say is a warning and no deed."""
    told: list[str | None] = []
    connection.add_notice_handler(lambda notice: told.append(notice.sqlstate))
    try:
        if attack.startswith("COPY"):
            with connection.cursor().copy(cast("Any", attack)) as copy:
                copy.write("")
        else:
            connection.execute(cast("Any", attack))
    except InsufficientPrivilege:
        return True
    return bool({"01006", "01007"} & {*told})


@pytest.mark.parametrize("role", EXCEPT)
def test_nobody_changes_facts_or_what_keeps_them(stand: Stand, role: str) -> None:
    content, definition = stand.content(), stand.definition()
    with psycopg.connect(stand.login(role), autocommit=True) as connection:
        if role == "superuser":  # ordinary triggers are off for them
            connection.execute("SET session_replication_role = replica")
        tried = [
            (attack, refused(connection, attack)) for attack in attacks_of(role, stand.version)
        ]

    assert [attack for attack, was_refused in tried if not was_refused] == []
    assert stand.content() == content
    assert stand.definition() == definition
