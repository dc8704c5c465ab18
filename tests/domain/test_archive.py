"""What the archive of a term must hold by a moment, and what it has."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from domain.archive import (
    Completeness,
    Due,
    FiledExam,
    FiledSession,
    FiledSheet,
    Item,
    Progress,
    TermFile,
    completeness,
    due_in,
)
from domain.envelope import Role
from domain.standing import Standing

BEGINS = datetime(2026, 9, 18, 11, 0, tzinfo=UTC)
ENDS = BEGINS + timedelta(minutes=80)
LATER = datetime(2026, 12, 1, tzinfo=UTC)
CLOSES_FROM = date(2027, 3, 7)
BOTH = frozenset({Role.HOST, Role.COORDINATOR})
HELD = FiledSession(
    session_id=UUID(int=1), announced_at=BEGINS - timedelta(days=14), begins_at=BEGINS,
    ends_at=ENDS, standing=Standing.ATTESTED, recorded=12, pending=0, head_count=12,
    attested_as=BOTH,
)  # fmt: skip
FILE = TermFile(closes_from=CLOSES_FROM, is_closed=False, has_rules=True, sessions=(HELD,))


def missing(file: TermFile, at: datetime = LATER) -> set[Item]:
    return {due.item for due in due_in(file, at) if not due.is_there}


def due_items(file: TermFile, at: datetime = LATER) -> set[Item]:
    return {due.item for due in due_in(file, at)}


def of_session(**changes: object) -> TermFile:
    return replace(FILE, sessions=(replace(HELD, **changes),))  # type: ignore[arg-type]  # of many types


def test_a_school_that_did_everything_misses_nothing() -> None:
    assert missing(FILE) == set()
    assert completeness(due_in(FILE, LATER)) == Completeness(8, 8)
    assert completeness(due_in(FILE, LATER)).percent == 100


@pytest.mark.parametrize(
    ("changes", "items"),
    [
        ({"recorded": 0}, {Item.REGISTER}),
        ({"pending": 1}, {Item.REGISTER}),
        ({"recorded": 0, "head_count": 0}, set[Item]()),
        ({"head_count": None}, {Item.HEAD_COUNT}),
        ({"attested_as": frozenset({Role.HOST})}, {Item.COORDINATOR_ATTESTATION}),
        ({"attested_as": frozenset({Role.COORDINATOR})}, {Item.HOST_ATTESTATION}),
        ({"announced_at": BEGINS}, {Item.ANNOUNCEMENT}),
        ({"announced_at": BEGINS - timedelta(seconds=1)}, set[Item]()),
    ],
)
def test_what_a_session_lacks_is_named(changes: dict[str, object], items: set[Item]) -> None:
    file = of_session(**changes)

    assert missing(file) == items
    assert {due.about for due in due_in(file, LATER) if not due.is_there} <= {HELD.session_id}


def test_a_session_is_due_from_its_end_on() -> None:
    assert Item.REGISTER not in due_items(FILE, ENDS - timedelta(seconds=1))
    assert Item.REGISTER in due_items(FILE, ENDS)


def test_of_a_session_that_never_opened_only_what_became_of_it_is_missing() -> None:
    file = of_session(standing=Standing.SCHEDULED, recorded=0, head_count=None)

    assert missing(file) == {Item.OUTCOME}
    assert Item.HEAD_COUNT not in due_items(file)


@pytest.mark.parametrize("standing", [Standing.CANCELLED, Standing.VOIDED])
def test_a_session_that_is_off_asks_for_nothing_and_makes_no_plan(standing: Standing) -> None:
    paper = FiledSheet(uuid4(), HELD.session_id, 0, is_checked=False)
    file = replace(of_session(standing=standing, head_count=None), sheets=(paper,))

    assert due_items(file) == {Item.RULEBOOK, Item.TERM_PLAN}
    assert missing(file) == {Item.TERM_PLAN}


def test_a_used_sheet_needs_its_scan_and_its_second_person() -> None:
    key = HELD.session_id
    sheets = (
        FiledSheet(uuid4(), key, 0, is_checked=True),
        FiledSheet(uuid4(), key, 1, is_checked=False),
    )

    found = {(due.item, due.about) for due in due_in(replace(FILE, sheets=sheets), LATER)
             if not due.is_there}  # fmt: skip

    assert found == {
        (Item.SHEET_SCAN, sheets[0].sheet_id),
        (Item.SHEET_CHECK, sheets[1].sheet_id),
    }


@pytest.mark.parametrize(
    ("exam", "found"),
    [
        (FiledExam(UUID(int=9), is_over=False, entered=0, counted=0), []),
        (FiledExam(UUID(int=9), is_over=True, entered=0, counted=0), [(False, 0)]),
        (FiledExam(UUID(int=9), is_over=True, entered=3, counted=1), [(False, 2)]),
        (FiledExam(UUID(int=9), is_over=True, entered=3, counted=3), [(True, 0)]),
    ],
)
def test_an_exam_that_is_over_has_results_that_two_persons_confirmed(
    exam: FiledExam, found: list[tuple[bool, int]]
) -> None:
    dues = due_in(replace(FILE, exams=(exam,)), LATER)

    assert [(d.is_there, d.left) for d in dues if d.item is Item.EXAM_RESULTS] == found


def test_the_totals_are_due_from_the_day_on_which_the_school_may_close() -> None:
    eve = datetime(2027, 3, 6, 15, 59, tzinfo=UTC)  # 23:59 in Guangzhou

    assert Item.TERM_TOTALS not in due_items(FILE, eve)
    assert Item.TERM_TOTALS in missing(FILE, eve + timedelta(minutes=1))
    closed = replace(FILE, is_closed=True)
    assert Item.TERM_TOTALS in due_items(closed, eve) - missing(closed, eve)


@pytest.mark.parametrize(
    ("item", "name"),
    [(Item.CERTIFICATES, "certificates"), (Item.CORRECTIONS, "corrections")],
)
def test_certificates_and_corrections_are_due_where_there_are_any(item: Item, name: str) -> None:
    assert item not in due_items(FILE)
    assert missing(replace(FILE, **{name: Progress(5, 0)})) == set()  # type: ignore[arg-type]  # either
    waiting = due_in(replace(FILE, **{name: Progress(5, 2)}), LATER)  # type: ignore[arg-type]  # either
    assert [due for due in waiting if due.item is item] == [Due(item, is_there=False, left=2)]


def test_hours_of_teachers_are_due_where_teachers_are_registered() -> None:
    assert Item.TEACHER_HOURS in missing(replace(FILE, teachers=Progress(0, 3)))
    assert missing(replace(FILE, teachers=Progress(1, 2))) == set()


def test_without_rules_the_rules_are_missing() -> None:
    assert missing(replace(FILE, has_rules=False)) == {Item.RULEBOOK}


def test_the_items_come_in_the_order_of_the_file() -> None:
    items = [due.item for due in due_in(of_session(head_count=None), LATER)]

    assert items == sorted(items, key=list(Item).index)


def test_a_hundred_percent_says_that_nothing_is_missing() -> None:
    assert Completeness(299, 300).percent == 99
    assert Completeness(300, 300).percent == 100
    assert Completeness(0, 0).percent == 100
