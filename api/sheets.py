"""Sign-in sheets on paper for every way in: who may reach one, who stands on it, what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from api.access.actions import Action
from api.asking import Asking
from api.bootstrap import Runtime
from api.reaching import may_in, unknown
from domain.envelope import Envelope
from domain.sheet import ListedRow, Sheet
from domain.sheet_refusals import UnknownSheet
from ledger.vault import Subject
from projections.roster import Place
from projections.session_board import SessionOnBoard

PURPOSE = "sign_in_sheet"


@dataclass(frozen=True)
class ReachedSheet:
    """A sheet, its session, and under whose envelope it is looked at or changed."""

    sheet: Sheet
    session: SessionOnBoard
    by: Envelope


def sheet_for(asking: Asking, sheet_id: UUID, action: Action) -> ReachedSheet:
    """Raises UnknownSheet, Forbidden, LoginRequired."""
    found = asking.runtime.models.sheets.sheet(sheet_id)
    session = asking.runtime.models.sessions.session(found.session_id) if found else None
    if found is None or session is None:
        raise unknown(asking, action, UnknownSheet(id=sheet_id))
    by = reader(asking, session) if action is Action.SHEET_READ else None
    by = by or asking.may(action, session.school_code)
    return ReachedSheet(asking.runtime.book.sheets.get(sheet_id), session, by)


def reader(asking: Asking, session: SessionOnBoard) -> Envelope | None:
    """The district, where an appeal about the session lies before it."""
    organisation = asking.runtime.organisation_of(session.school_code)
    if not may_in(asking, Action.APPEAL_REVIEW, organisation):
        return None
    waiting = asking.runtime.models.cases.escalated_to(organisation.district or "")
    if session.session_id not in {case.session_id for case in waiting}:
        return None
    return asking.may(Action.APPEAL_REVIEW, session.school_code)


def print_sheets(asking: Asking, session: SessionOnBoard, by: Envelope) -> int:
    """Put every invited adult on a sheet who is on none. Raises what the ledger refuses."""
    classes = [
        in_order_of_names(asking, places, by)
        for places in places_by_class(asking.runtime, session).values()
    ]
    position = asking.runtime.book.sheets.print(session.session_id, classes, by)
    return asking.runtime.settle(position)


def places_by_class(
    runtime: Runtime, session: SessionOnBoard
) -> dict[tuple[str, str], list[Place]]:
    """The classes that a session is for, in their order, each with its adults."""
    lists = runtime.models.roster.places_by_class(
        session.school_code, session.school_year, session.grades
    )
    return {(each.grade, each.class_group): places for each, places in lists.items()}


def in_order_of_names(asking: Asking, places: Sequence[Place], by: Envelope) -> list[ListedRow]:
    ids = {each for place in places for each in (place.learner_id, place.child_id)}
    names = shown(asking, ids, by)
    ordered = sorted(places, key=lambda p: (called(names, p.child_id), called(names, p.learner_id)))
    return [ListedRow(learner_id=each.learner_id, child_id=each.child_id) for each in ordered]


def shown(asking: Asking, ids: set[UUID], by: Envelope) -> Mapping[UUID, Subject]:
    """Names for somebody to read; it is noted that they were."""
    return asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)


def called(names: Mapping[UUID, Subject], person: UUID | None) -> str:
    """A name, or a dash for somebody whose data were erased."""
    found = names.get(person) if person else None
    return found.name if found else "—"


def usual_stay(session: SessionOnBoard) -> tuple[datetime, datetime]:
    """What a row without times says: here from the beginning, here to the end."""
    assert session.opened_at is not None
    assert session.closed_at is not None
    begins = min(max(session.begins_at, session.opened_at), session.closed_at)
    return begins, min(session.ends_at, session.closed_at)
