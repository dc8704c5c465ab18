"""Envelopes and a small school for tests: who acts, and what there is to act on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from domain.calendar import Term
from domain.envelope import Actor, Channel, Envelope, Role
from domain.rehearsal import Totals
from domain.rulebook import Rulebook
from ledger.book import Book
from ledger.plans import Filing, PlannedSession
from ledger.registry import NewSchool
from ledger.roster import Roster, RosterEntry
from ledger.rulebooks import default_rulebook

SCHOOL = "4401040001"
DISTRICT = "440104"
SET_UP = datetime(2026, 8, 20, 1, 0, tzinfo=UTC)
STARTS = datetime(2026, 9, 18, 11, 0, tzinfo=UTC)  # 19:00 in Guangzhou
ENDS = STARTS + timedelta(minutes=80)


def envelope(
    at: datetime = SET_UP,
    role: Role = Role.COORDINATOR,
    actor_id: UUID | None = None,
    channel: Channel = Channel.ONLINE,
) -> Envelope:
    return Envelope(
        command_id=uuid4(),
        actor=Actor(id=actor_id or uuid4(), role=role, organisation=SCHOOL),
        channel=channel,
        occurred_at=at,
    )


def rehearse(book: Book, version: str, place: str = "") -> None:
    """A dry run of a draft that changes nothing: it may be published now."""
    edition = book.rulebooks.edition(version, place)
    book.rulebooks.finish_dry_run(edition, uuid4(), "0" * 64, None, Totals(), envelope())


def entry(row: int, **changes: object) -> RosterEntry:
    """One invented family of class 2 in grade three."""
    values: dict[str, object] = {
        "row": row, "grade": "三年级", "stage": "primary", "class_group": "2班",
        "child_name": f"（示例）陈小{row}", "student_no": f"2023{row:04d}",
        "name": f"（示例）陈建{row}", "relation_code": "51", "phone": f"100{row:08d}",
        "is_guardian": True,
    }  # fmt: skip
    return RosterEntry(**(values | changes))  # type: ignore[arg-type]  # values of many types


def planned(title: str = "读懂孩子的情绪", **changes: object) -> PlannedSession:
    values: dict[str, object] = {
        "row": 2, "title": title, "family": "mental_health", "mode": "on_site",
        "carrier": "in_school", "grades": ("三年级",), "stage": "primary", "class_hours": 200,
        "begins_at": STARTS, "ends_at": ENDS, "place": "报告厅",
    }  # fmt: skip
    return PlannedSession(**(values | changes))  # type: ignore[arg-type]  # values of many types


@dataclass
class Pilot:
    """One school with its rulebook, term, roster and plan."""

    book: Book
    learners: list[UUID] = field(default_factory=list)
    session_id: UUID = field(default_factory=uuid4)
    rules: Rulebook = field(default_factory=default_rulebook)

    def set_up(self, families: int = 3) -> Pilot:
        book, by = self.book, envelope()
        book.rulebooks.publish_at_set_up(self.rules, by)
        book.registry.register_school(
            NewSchool(SCHOOL, "示例小学", ("primary",), DISTRICT, established_on=date(2020, 9, 1)),
            envelope(),
        )
        book.registry.open_classes(SCHOOL, 2026, [("三年级", "2班")], envelope())
        term = Term(school_year=2026, term_no=1, begins=date(2026, 9, 1), ends=date(2027, 2, 21))
        book.registry.open_term(term, envelope())
        rows = [entry(row) for row in range(2, families + 2)]
        results = book.rosters.take(Roster(SCHOOL, 2026), rows, envelope(), dry_run=False)
        self.learners = [result.id for result in results if result.id]
        [result] = book.plans.file(Filing(SCHOOL, 2026, 1), [planned()], envelope(), dry_run=False)
        assert result.id is not None
        self.session_id = result.id
        return self
