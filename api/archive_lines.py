"""The archive of a term line by line: how much of each item is there, what is missing, whose it is.

No names: sessions, sheets and exams are named by their titles, codes and days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Final
from uuid import UUID

from api.access.actions import Action
from api.access.rules import RULES
from api.archive import Archive
from domain.archive import Due, Item
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Role


@dataclass(frozen=True, slots=True)
class Place:
    """Where something missing is added, and the right that it takes; None: it cannot be added."""

    path: str
    action: Action | None


PLACES: Final[Mapping[Item, Place]] = MappingProxyType(
    {
        Item.RULEBOOK: Place("/staff/rules", Action.RULEBOOK_PUBLISH),
        Item.TEACHER_HOURS: Place("/staff/teachers/{school}", Action.TEACHER_HOURS_ENTER),
        Item.TERM_PLAN: Place("/staff/plans/{school}/{term}", Action.PLAN_IMPORT),
        Item.ANNOUNCEMENT: Place("/staff/sessions/{id}", None),
        Item.REGISTER: Place("/staff/sessions/{id}/register", Action.ATTENDANCE_ENTER),
        Item.SHEET_SCAN: Place("/staff/sheets/{id}", Action.SHEET_ENTER),
        Item.SHEET_CHECK: Place("/staff/sheets/{id}", Action.SHEET_CHECK),
        Item.OUTCOME: Place("/staff/sessions/{id}", Action.SESSION_CANCEL),
        Item.HEAD_COUNT: Place("/staff/sessions/{id}", Action.SESSION_HEAD_COUNT),
        Item.HOST_ATTESTATION: Place("/staff/sessions/{id}", Action.SESSION_ATTEST_AS_HOST),
        Item.COORDINATOR_ATTESTATION: Place(
            "/staff/sessions/{id}", Action.SESSION_ATTEST_AS_COORDINATOR
        ),
        Item.EXAM_RESULTS: Place("/staff/exams/of/{id}", Action.EXAM_CHECK),
        Item.CERTIFICATES: Place(
            "/staff/schools/{school}/certificates", Action.CERTIFICATE_AUTHORISE
        ),
        Item.TERM_TOTALS: Place(
            "/staff/schools/{school}/compliance?term={term}", Action.TERM_CLOSE
        ),
        Item.CORRECTIONS: Place("/staff/corrections/{school}", Action.ATTENDANCE_CORRECT_SECOND),
    }
)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is not there: of which session, sheet or exam, and where it is added."""

    address: str
    id: UUID | None = None
    title: str = ""
    day: date | None = None
    code: str = ""
    left: int = 0


@dataclass(frozen=True, slots=True)
class ItemLine:
    item: Item
    there: int
    due: int
    missing: list[Missing]

    @property
    def action(self) -> Action | None:
        return PLACES[self.item].action

    @property
    def roles(self) -> tuple[Role, ...]:
        """Who can add what is missing; nobody, where it is too late."""
        return tuple(RULES[self.action]) if self.action else ()


def lines_of(archive: Archive) -> list[ItemLine]:
    """Each item of which anything is due, in the order of the file."""
    found: dict[Item, list[Due]] = {}
    for due in archive.due:
        found.setdefault(due.item, []).append(due)
    known = named(archive)
    return [
        ItemLine(
            item,
            sum(due.is_there for due in dues),
            len(dues),
            [missing(archive, due, known) for due in dues if not due.is_there],
        )
        for item, dues in found.items()
    ]


def missing(archive: Archive, due: Due, known: Mapping[UUID, Missing]) -> Missing:
    values = {"id": due.about, "school": archive.school.school_code, "term": archive.term.code}
    address = PLACES[due.item].path.format(**values)
    about = known[due.about] if due.about else Missing("")
    return replace(about, address=address, id=due.about, left=due.left)


def named(archive: Archive) -> dict[UUID, Missing]:
    """What an item may be about, by its id."""
    found = {
        each.session_id: Missing("", title=each.title, day=local_day(each.begins_at, CITY_ZONE))
        for each in archive.sessions
    }
    sheets = {
        each.sheet_id: replace(found[each.session_id], code=each.code) for each in archive.sheets
    }
    exams = {
        each.exam_id: Missing("", title=each.title, day=each.held_on) for each in archive.exams
    }
    return {**found, **sheets, **exams}
