"""The class list of a session: one tap checks a learner in, a second one out again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Annotated, cast
from urllib.parse import urlencode
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.access.actions import Action
from api.asking import Asking, InAsking
from api.bootstrap import Runtime
from api.entering import Tap, enter, leave
from api.language.catalogue import Language, language_of, translate
from api.pages.staff_attesting import colleagues
from api.pages.staff_session_steps import rights_in
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import day_of, either, session_for
from api.rendering import local
from domain.attendance import AlreadyCheckedIn
from domain.envelope import Envelope
from domain.refusals import Refused
from ledger.vault import Subject
from projections.attendance_register import RegisterLine
from projections.roster import Place, Tie
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

PURPOSE = "session_class_list"

Class = tuple[str, str]
Own = list[Place]  # of one learner
Step = Callable[[Runtime, Tap, Envelope], object]


@dataclass(frozen=True)
class ListRow:
    """One learner of a class, with the child they come for. The scan id makes a double tap one."""

    learner_id: UUID
    scan_id: UUID
    grade: str
    group: str
    classes: str
    name: str
    child_name: str
    relation_code: str
    is_own: bool
    is_excused: bool
    checked_in_at: datetime | None
    checked_out_at: datetime | None


@router.get("/staff/sessions/{session_id}/list")
def class_list(
    request: Request, asking: InAsking, session_id: UUID, grade: str = "", group: str = ""
) -> Response:
    session, by = list_for(asking, session_id)
    return show(request, asking, session, by, (grade, group))


class Press(BaseModel):
    """A press of a button on the list, and the class of whoever it is about."""

    learner_id: UUID
    scan_id: UUID
    grade: str = ""
    group: str = ""


@router.post("/staff/sessions/{session_id}/check-in")
def check_in(
    request: Request, asking: InAsking, session_id: UUID, press: Annotated[Press, Form()]
) -> Response:
    return pressed(request, asking, session_id, press, enter)


@router.post("/staff/sessions/{session_id}/check-out")
def check_out(
    request: Request, asking: InAsking, session_id: UUID, press: Annotated[Press, Form()]
) -> Response:
    return pressed(request, asking, session_id, press, leave)


def pressed(
    request: Request, asking: Asking, session_id: UUID, press: Press, step: Step
) -> Response:
    session, by = session_for(asking, session_id, Action.ATTENDANCE_ENTER)
    try:
        step(asking.runtime, Tap(session_id, press.learner_id, press.scan_id), by)
    except Refused as refusal:
        return show(request, asking, session, by, (press.grade, press.group), refusal)
    where = urlencode({"grade": press.grade, "group": press.group})
    address = f"/staff/sessions/{session_id}/list?{where}#l-{press.learner_id}"
    return RedirectResponse(address, status_code=303)


def list_for(asking: Asking, session_id: UUID) -> tuple[SessionOnBoard, Envelope]:
    """Those on duty, and the class teachers: nobody else sees who is not there."""
    session, _ = session_for(asking, session_id, Action.SESSION_READ)
    either_right = (Action.ATTENDANCE_ENTER, Action.LEARNER_CONFIRM)
    return session, either(asking, either_right, session.school_code)


def show(
    request: Request,
    asking: Asking,
    session: SessionOnBoard,
    by: Envelope,
    chosen: Class,
    refusal: Refused | None = None,
) -> Response:
    classes = classes_of(asking, session)
    chosen = chosen if chosen in classes else (classes[0] if classes else ("", ""))
    people = people_in(asking, session, chosen)
    return list_page(request, asking, session, by, Shown(chosen, classes, people, refusal=refusal))


@dataclass(frozen=True)
class Shown:
    """What the page shows: a class, or those who were sought."""

    chosen: Class
    classes: Sequence[Class]
    people: Sequence[Own]
    sought: str = ""
    is_cut: bool = False
    refusal: Refused | None = None

    @property
    def grades(self) -> list[Class]:
        """The first class of each grade."""
        first = {grade: (grade, group) for grade, group in reversed(self.classes)}
        return list(reversed(first.values()))


def list_page(
    request: Request, asking: Asking, session: SessionOnBoard, by: Envelope, shown: Shown
) -> Response:
    refusal, rows = shown.refusal, rows_of(asking, session, shown.people, by)
    return staff_page(
        request,
        "class_list.html",
        status_of(refusal.code) if refusal else 200,
        session=session,
        shown=shown,
        state=state_of(asking, session, shown.people),
        rows=rows,
        others=colleagues(asking, session) if any(row.is_own for row in rows) else [],
        rights=rights_in(asking, session.school_code),
        said=said_of(refusal, language_of(request)) if refusal else None,
    )


def said_of(refusal: Refused, language: Language) -> str:
    """A refusal as it is told to the desk: what a parent is told speaks to the parent."""
    if isinstance(refusal, AlreadyCheckedIn):
        since = local(cast("datetime", refusal.facts["checked_in_at"]), "%H:%M")
        return translate(language, "这位家长 {time} 已经签到，不用再点。", time=since)
    return text_of(refusal.code, language)


def classes_of(asking: Asking, session: SessionOnBoard) -> list[Class]:
    """The classes a session is for, in their order."""
    classes = asking.runtime.models.roster.classes(
        session.school_code, session.school_year, session.grades
    )
    return [(each.grade, each.class_group) for each in classes]


def people_in(asking: Asking, session: SessionOnBoard, chosen: Class) -> list[Own]:
    roster = asking.runtime.models.roster
    where = session.school_code, session.school_year, *chosen
    return one_each(roster.class_list(*where, day_of(session)))


def rows_of(
    asking: Asking, session: SessionOnBoard, people: Sequence[Own], by: Envelope
) -> list[ListRow]:
    models, ids = asking.runtime.models, ids_of(place for each in people for place in each)
    names = asking.runtime.book.vault.show(ids, to=by.actor, purpose=PURPOSE, at=by.at)
    lines = lines_of(asking, session)
    own = models.staff.learner_of(by.actor.id)
    leaves = models.leaves.of_session(session.session_id)
    excused = {leave.learner_id for leave in leaves if leave.is_granted}
    rows = [row_of(each, names, lines.get(each[0].learner_id), own, excused) for each in people]
    return sorted(rows, key=lambda row: (row.child_name, row.name))


def state_of(asking: Asking, session: SessionOnBoard, people: Iterable[Own]) -> str:
    """Says, without a name, whether anybody of a class came or went since it was last shown."""
    lines = lines_of(asking, session)
    found = [lines.get(each[0].learner_id) for each in people]
    told = [(str(f.learner_id), f.checked_in_at, f.checked_out_at) for f in found if f]
    return sha256(repr(sorted(told)).encode()).hexdigest()[:12]


def lines_of(asking: Asking, session: SessionOnBoard) -> dict[UUID, RegisterLine]:
    return asking.runtime.models.attendances.people_of(session.session_id)


def ids_of(places: Iterable[Place]) -> set[UUID]:
    return {each for place in places for each in (place.learner_id, place.child_id)}


def one_each(places: Iterable[Place]) -> list[Own]:
    """Each learner once, with a place for every child of theirs among these."""
    found: dict[UUID, Own] = {}
    for place in places:
        found.setdefault(place.learner_id, []).append(place)
    return list(found.values())


def row_of(
    own_places: Own,
    names: dict[UUID, Subject],
    line: RegisterLine | None,
    own: UUID | None,
    excused: set[UUID],
) -> ListRow:
    place = own_places[0]
    return ListRow(
        learner_id=place.learner_id,
        scan_id=uuid4(),
        grade=place.grade,
        group=place.class_group,
        classes=classes_called(own_places),
        name=called(names, place.learner_id),
        child_name=children_called(names, own_places),
        relation_code=place.relation_code,
        is_own=place.learner_id == own,
        is_excused=place.learner_id in excused,
        checked_in_at=line.checked_in_at if line else None,
        checked_out_at=line.checked_out_at if line else None,
    )


def children_called(names: dict[UUID, Subject], places: Iterable[Place | Tie]) -> str:
    """The children of one learner, by name."""
    return "、".join(sorted({called(names, place.child_id) for place in places}))


def classes_called(places: Iterable[Place]) -> str:
    """The classes of one learner's children, each once."""
    return "、".join(dict.fromkeys(f"{each.grade}{each.class_group}" for each in places))


def called(names: dict[UUID, Subject], person: UUID) -> str:
    """A name, or a dash for somebody whose data were erased."""
    found = names.get(person)
    return found.name if found else "—"
