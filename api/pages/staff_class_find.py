"""Seeking a name in a session's class lists, and whether a list has changed since it was shown."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field

from api.asking import Asking, InAsking
from api.pages.staff_class_list import (
    Own,
    Shown,
    called,
    classes_of,
    ids_of,
    list_for,
    list_page,
    one_each,
    people_in,
    show,
    state_of,
)
from api.reaching import day_of
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

MOST_LETTERS, MOST_FOUND = 40, 40


class Sought(BaseModel):
    """Letters of a name, in the body: names do not stand in addresses. And the class shown."""

    name: str = Field("", max_length=MOST_LETTERS)
    grade: str = ""
    group: str = ""


@router.post("/staff/sessions/{session_id}/find")
def find(
    request: Request, asking: InAsking, session_id: UUID, sought: Annotated[Sought, Form()]
) -> Response:
    """Everybody in the session's classes with these letters in their name or their child's."""
    session, by = list_for(asking, session_id)
    chosen, name = (sought.grade, sought.group), sought.name.strip()
    if not name:
        return show(request, asking, session, by, chosen)
    found = people_named(asking, session, name)
    shown = Shown(
        chosen,
        classes_of(asking, session),
        found[:MOST_FOUND],
        sought=name,
        is_cut=len(found) > MOST_FOUND,
    )
    return list_page(request, asking, session, by, shown)


@router.get("/staff/sessions/{session_id}/list/state")
def list_state(asking: InAsking, session_id: UUID, grade: str = "", group: str = "") -> Response:
    """Asked for by the page's script: what others tapped renews the list, and nothing else does."""
    session, _ = list_for(asking, session_id)
    state = state_of(asking, session, people_in(asking, session, (grade, group)))
    return JSONResponse({"state": state}, headers={"Cache-Control": "no-store"})


def people_named(asking: Asking, session: SessionOnBoard, sought: str) -> list[Own]:
    """Those whose name, or whose child's, holds these letters; nothing is shown by this alone."""
    roster = asking.runtime.models.roster
    places = [
        place
        for place in roster.places_in(session.school_code, session.school_year, day_of(session))
        if not session.grades or place.grade in session.grades
    ]
    names = asking.runtime.book.vault.open(ids_of(places))
    wanted = sought.casefold()
    return [
        own
        for own in one_each(places)
        if any(wanted in called(names, each).casefold() for each in ids_of(own))
    ]
