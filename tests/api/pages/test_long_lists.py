"""Lists that are longer than a page: all of them is there, counted, and in the file."""

from __future__ import annotations

from io import BytesIO
from typing import Any, LiteralString
from uuid import UUID

import pytest
from openpyxl import load_workbook

from api.archive import archive_of
from projections.database import Statement
from tests.acting import DISTRICT, SCHOOL, envelope
from tests.api.desk import Desk

MANY = 201
OLDEST_FIRST = {"lodged", "escalated"}
CORRECTIONS: LiteralString = """
INSERT INTO correction
SELECT lpad(to_hex(n), 32, '0')::uuid, 'session_void', %(school)s, '2026-1',
       jsonb_build_object('kind', 'session_void', 'reason_code', 'session_voided',
                          'session_id', gen_random_uuid()),
       'district', repeat('0', 64), '{}', %(stands)s,
       gen_random_uuid(), timestamptz '2026-09-20' + n * interval '1 minute'
  FROM generate_series(1, %(many)s) n
"""
CASES: LiteralString = """
INSERT INTO case_file
SELECT lpad(to_hex(n), 32, '0')::uuid, 'appeal', gen_random_uuid(), %(school)s, '2026-1',
       'attendance', gen_random_uuid(), NULL, 'not_listed', %(stands)s,
       timestamptz '2026-09-20' + n * interval '1 minute', date '2026-09-30', false, NULL,
       timestamptz '2026-09-21' + n * interval '1 minute', NULL, NULL, false, '{}'
  FROM generate_series(1, %(many)s) n
"""
IRREGULARITIES: LiteralString = """
INSERT INTO irregularity
SELECT lpad(to_hex(n), 32, '0')::uuid, 'many_at_once', 'v1', %(school)s, '2026-1', '{}', '{}', '{}',
       n, '{}', timestamptz '2026-09-20', date '2026-09-30', %(stands)s, '{}', NULL, NULL, NULL,
       NULL, timestamptz '2026-09-20' + n * interval '1 minute', '{}'
  FROM generate_series(1, %(many)s) n
"""
LISTS = [
    ("coordinator", f"/staff/corrections/{SCHOOL}", "/list.xlsx", CORRECTIONS, "applied",
     "corrections"),
    ("coordinator", "/staff/corrections", ".xlsx", CORRECTIONS, "waiting", "corrections"),
    ("district_officer", "/staff/corrections", ".xlsx", CORRECTIONS, "waiting", "corrections"),
    ("coordinator", f"/staff/cases/{SCHOOL}", "/list.xlsx", CASES, "decided", "cases"),
    ("head", f"/staff/cases/{SCHOOL}", "/list.xlsx", CASES, "lodged", "cases"),
    ("district_officer", f"/staff/districts/{DISTRICT}/cases", ".xlsx", CASES, "reviewed", "cases"),
    ("district_officer", f"/staff/districts/{DISTRICT}/cases", ".xlsx", CASES, "escalated",
     "cases"),
    ("head", f"/staff/irregularities/{SCHOOL}", "/list.xlsx", IRREGULARITIES, "flagged",
     "irregularities"),
    ("district_officer", f"/staff/districts/{DISTRICT}/irregularities", ".xlsx", IRREGULARITIES,
     "cleared", "irregularities"),
]  # fmt: skip


def most_read(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many rows the database gives at once, question by question."""
    counts, rows = list[int](), desk.runtime.views.rows

    def counted(kind: type[Any], statement: Statement, **values: object) -> list[Any]:
        found = rows(kind, statement, **values)
        counts.append(len(found))
        return found

    monkeypatch.setattr(desk.runtime.views, "rows", counted)
    return counts


@pytest.mark.parametrize(("asker", "page", "file", "rows", "stands", "of"), LISTS)
def test_a_long_list_says_how_much_there_is_and_leads_to_the_rest(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    asker: str,
    page: str,
    file: str,
    rows: LiteralString,
    stands: str,
    of: str,
) -> None:
    monkeypatch.setattr("projections.parts.AT_ONCE", 100)
    with desk.runtime.views.transaction() as tx:
        tx.execute(rows, {"school": SCHOOL, "many": MANY, "stands": stands})
    browser = desk.browser(asker)
    name = {"cleared": "decided", "decided": "ended", "reviewed": "ended"}.get(stands, "page")
    most = most_read(desk, monkeypatch)

    first, last = browser.get(page).text, browser.get(f"{page}?{name}=3").text

    assert f"共 {MANY} 条" in first
    assert f"?{name}=3" in first
    link = f"/staff/{of}/of/{UUID(int=MANY if stands in OLDEST_FIRST else 1)}"
    assert (first.count(f"/staff/{of}/of/"), link in first, link in last) == (100, False, True)
    sheet = load_workbook(BytesIO(browser.get(f"{page}{file}").content)).worksheets[0]
    assert len({row[-1] for row in sheet.values} - {None, "账本编号"}) == MANY
    assert max(most) == 100


def test_what_corrections_are_about_is_asked_of_the_database(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with desk.runtime.views.transaction() as tx:
        tx.execute(CORRECTIONS, {"school": SCHOOL, "many": MANY, "stands": "applied"})
        tx.execute("UPDATE correction SET effective_term = '2025-2'")
        tx.execute(CASES, {"school": SCHOOL, "many": 1, "stands": "lodged"})
        tx.execute("UPDATE case_file SET session_id = %s", (desk.pilot.session_id,))
    browser, most = desk.browser("head"), most_read(desk, monkeypatch)

    assert browser.get(f"/staff/cases/of/{UUID(int=1)}").status_code == 200
    assert archive_of(desk.runtime, SCHOOL, "2026-1").corrections == []

    assert max(most) < MANY


def decided_between_parts(desk: Desk, monkeypatch: pytest.MonkeyPatch, decide: Statement) -> None:
    """While a list is read, somebody decides what its first part told last."""
    rows = desk.runtime.views.rows

    def read(kind: type[Any], statement: Statement, **values: object) -> list[Any]:
        found = rows(kind, statement, **values)
        if values.get("limit") == 100 and values.get("after") is None:
            with desk.runtime.views.transaction() as tx:
                tx.execute(decide)
        return found

    monkeypatch.setattr(desk.runtime.views, "rows", read)


def test_a_file_is_of_one_moment_whatever_is_decided_between_its_parts(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("projections.parts.AT_ONCE", 100)
    with desk.runtime.views.transaction() as tx:
        tx.execute(IRREGULARITIES, {"school": SCHOOL, "many": MANY, "stands": "flagged"})
    browser = desk.browser("head")
    decided_between_parts(
        desk, monkeypatch, "UPDATE irregularity SET stands = 'cleared' WHERE score IN (102, 150)"
    )

    file = browser.get(f"/staff/irregularities/{SCHOOL}/list.xlsx").content

    sheet = load_workbook(BytesIO(file)).worksheets[0]
    told = [(row[1], row[7]) for row in sheet.iter_rows(min_row=4, values_only=True)]
    assert told == [(MANY - n, "等待核对") for n in range(MANY)]


def test_what_waits_is_counted_whole(desk: Desk) -> None:
    values = {"school": SCHOOL, "many": MANY, "stands": "escalated"}
    with desk.runtime.views.transaction() as tx:
        tx.execute(CASES, values)
        tx.execute(IRREGULARITIES, values | {"stands": "flagged"})
        tx.execute(CORRECTIONS, values | {"stands": "waiting"})

    home = desk.browser("district_officer").get("/staff").text

    assert home.count(f">{MANY}<") == 3


def test_a_file_of_looks_says_that_it_ends_before_the_oldest(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    by, log = envelope(), desk.runtime.book.vault.access_log
    for learner in desk.pilot.learners[:2]:
        log.note([learner], by.actor, "archive_pack", by.at)
    officer = desk.browser("data_protection_officer")
    whole = load_workbook(BytesIO(officer.get("/staff/access-log.xlsx").content)).worksheets[0]
    monkeypatch.setattr("api.exports.auditing.MOST_LOOKS", 1)
    cut = load_workbook(BytesIO(officer.get("/staff/access-log.xlsx").content)).worksheets[0]

    assert "只有最近" not in str(whole["A2"].value)
    assert "只有最近的 1 条" in str(cut["A2"].value)
    assert cut.max_row < whole.max_row
