"""What waits for somebody: what they look after, what they may sign, and nothing else."""

from __future__ import annotations

from typing import LiteralString
from uuid import uuid4

import pytest

from tests.acting import SCHOOL
from tests.api.desk import ELSEWHERE, Desk

WAITING: LiteralString = """
INSERT INTO correction (correction_id, kind, school_code, effective_term, "order", second, sha256,
    counts, state, proposed_by, proposed_at)
VALUES (gen_random_uuid(), %(kind)s, %(school)s, '2026-1', '{}', %(second)s, repeat('0', 64), '{}',
        %(state)s, %(by)s, now())
"""
ROWS = [
    ("attendance", SCHOOL, "colleague", "waiting"),
    ("attendance", SCHOOL, "district", "waiting"),
    ("external", SCHOOL, "district", "waiting"),
    ("unmerge", ELSEWHERE, "colleague", "waiting"),
    ("session_void", ELSEWHERE, "district", "applied"),
]


def kinds(desk: Desk, asker: str) -> set[tuple[str, str]]:
    found = desk.browser(asker).get("/api/v1/corrections").json()["corrections"]
    return {(each["kind"], each["second"]) for each in found}


@pytest.mark.parametrize(
    ("asker", "seen"),
    [
        ("coordinator", ROWS[:3]), ("head", ROWS[:3]), ("host", []), ("auditor", []),
        ("district_officer", ROWS[1:4]), ("head_elsewhere", [ROWS[3]]),
        ("district_officer_elsewhere", []), ("city_administrator", []),
    ],
)  # fmt: skip
def test_each_sees_what_they_look_after_or_may_sign(
    desk: Desk, asker: str, seen: list[tuple[str, str, str, str]]
) -> None:
    with desk.runtime.views.transaction() as tx:
        for kind, school, second, state in ROWS:
            values = {"kind": kind, "school": school, "second": second, "state": state}
            tx.execute(WAITING, values | {"by": uuid4()})

    assert kinds(desk, asker) == {(kind, second) for kind, _, second, _ in seen}


def test_nobody_is_asked_to_sign_what_they_proposed(desk: Desk) -> None:
    officer = desk.browser("district_officer")
    values = {"kind": "merge", "school": SCHOOL, "second": "district", "state": "waiting"}
    with desk.runtime.views.transaction() as tx:
        tx.execute(WAITING, values | {"by": desk.people["district_officer"]})

    assert officer.get("/api/v1/corrections").json()["corrections"] == []
    assert "更正等您复核签字" not in officer.get("/staff").text
    assert kinds(desk, "coordinator") == {("merge", "district")}
