"""Sheets as people read them: rows with names and classes, and the codes that stand on paper."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from uuid import UUID

from api.asking import Asking
from api.bootstrap import Runtime
from api.pages.staff_register import places_of
from api.qr_path import QrPath, qr_path, small_qr_path
from api.sheet_codes import row_code
from api.sheets import called, shown
from certificates.districts import formal_name
from domain.envelope import Envelope, Role
from domain.masking import mask_name
from domain.sheet import ListedRow, PaperRow, Sheet, code_of
from projections.roster import Place
from projections.session_board import SessionOnBoard


@dataclass(frozen=True)
class RowShown:
    """A row of a sheet with its people. `said`: what was typed of it; `qr` stands on paper."""

    number: int
    grade: str = ""
    class_group: str = ""
    child_name: str = ""
    name: str = ""
    relation_code: str = ""
    learner_id: UUID | None = None
    said: PaperRow | None = None
    qr: QrPath | None = None


@dataclass(frozen=True)
class SheetShown:
    """A sheet for the printer, with the code that leads to its page."""

    sheet: Sheet
    code: str
    rows: list[RowShown]
    qr: QrPath


class People:
    """Names and places of whoever may stand on a session's sheets; an auditor sees masks."""

    def __init__(self, asking: Asking, session: SessionOnBoard, by: Envelope) -> None:
        self._asking = asking
        self._by = by
        self._places = places_of(asking, session)
        self._first = {place.learner_id: place for place in reversed(self._places.values())}

    def rows(self, people: Iterable[tuple[int, UUID, UUID | None]]) -> list[RowShown]:
        """Of (row, adult, child) the rows with names; a guest's child is found in the roster."""
        found = [(number, *self._known(learner, child)) for number, learner, child in people]
        adults = {learner for _, learner, _, _ in found}
        names = self._names(adults | {child for _, _, _, child in found if child})
        return [
            RowShown(
                number,
                place.grade if place else "",
                place.class_group if place else "",
                names[child] if child else "—",
                names[learner],
                place.relation_code if place else "",
                learner,
            )
            for number, learner, place, child in found
        ]

    def _known(self, learner: UUID, child: UUID | None) -> tuple[UUID, Place | None, UUID | None]:
        """An adult with their place, and with the child that they come for."""
        known = self._places.get((learner, child)) if child else None
        place = known or self._first.get(learner)
        return learner, place, child or (place.child_id if place else None)

    def _names(self, ids: set[UUID]) -> dict[UUID, str]:
        subjects = shown(self._asking, ids, self._by)
        names = {key: called(subjects, key) for key in ids}
        if self._by.actor.role is Role.AUDITOR:
            return {key: mask_name(name) for key, name in names.items()}
        return names


def rows_listed(sheet: Sheet, people: People) -> list[RowShown]:
    """Every row as it is printed, the blank ones too."""
    listed = people.rows(numbered(sheet.listed))
    return [*listed, *(RowShown(n) for n in range(len(listed) + 1, sheet.last_row + 1))]


def numbered(listed: Iterable[ListedRow]) -> Iterable[tuple[int, UUID, UUID | None]]:
    return ((n, row.learner_id, row.child_id) for n, row in enumerate(listed, start=1))


def rows_said(sheet: Sheet, people: People) -> list[RowShown]:
    """The rows that say somebody came, in their order."""
    children = dict(enumerate((row.child_id for row in sheet.listed), start=1))
    said = sorted(sheet.rows, key=lambda each: each.row)
    rows = people.rows((each.row, each.learner_id, children.get(each.row)) for each in said)
    return [replace(row, said=each) for row, each in zip(rows, said, strict=True)]


def on_paper(runtime: Runtime, sheet: Sheet, people: People) -> SheetShown:
    address = f"{runtime.settings.public_url}/staff/sheets/{sheet.id}"
    rows = [
        replace(row, qr=small_qr_path(row_code(runtime, sheet.id, row.number)))
        for row in rows_listed(sheet, people)
    ]
    return SheetShown(sheet, code_of(sheet.id), rows, qr_path(address))


def title_of(runtime: Runtime, session: SessionOnBoard) -> str:
    """The school's name in full, as papers bear it."""
    school = runtime.models.schools.school(session.school_code)
    return formal_name(school.name, school.district_code) if school else ""
