"""The scanner of a session: a personal code is read or typed, or a name tapped, also offline."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.access.actions import Action
from api.access.personal_codes import canonical
from api.asking import Asking, InAsking
from api.language.catalogue import language_of
from api.pages.staff_class_list import called, children_called, classes_called, ids_of, one_each
from api.pages.staff_words import staff_page
from api.problems import status_of, text_of
from api.reaching import day_of, session_for
from api.rendering import static
from api.scanning import Answer, Answered, Scan, shift_of, take
from domain.envelope import Envelope
from domain.waiting_scan import Way
from projections.roster import Place
from projections.session_board import SessionOnBoard

router = APIRouter(include_in_schema=False)

PURPOSE, LIST_PURPOSE = "session_scan", "session_scan_list"
LIST_LIFE = timedelta(hours=24)
# The reader is WebAssembly where the browser has none of its own; nothing else may be compiled.
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; img-src 'self' data:;"
    " style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
SHELL = (
    "icon.svg", "ds.css", "pages.css", "staff.css", "scanner.css", "staff.js", "scan-store.js",
    "camera.js", "scanner.js",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """Whom the last scan was, and since when they are in or out."""

    name: str
    place: str
    checked_in_at: datetime
    checked_out_at: datetime | None


@router.get("/staff/scanner-worker.js")
def worker() -> Response:
    """The service worker, with the files it keeps: their addresses change with their content."""
    shell = json.dumps([static(name) for name in SHELL])
    script = (files("api.pages") / "static" / "scanner-worker.js").read_text(encoding="utf-8")
    kept = hashlib.sha256((shell + script).encode()).hexdigest()[:12]
    content = f"const SHELL = {shell};\nconst KEPT = 'scanner-{kept}';\n{script}"
    return Response(content, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


@router.get("/staff/sessions/{session_id}/scan")
def scanner(
    request: Request,
    asking: InAsking,
    session_id: UUID,
    way: Way = Way.IN,
    told: UUID | None = None,
) -> Response:
    session, by = session_for(asking, session_id, Action.ATTENDANCE_ENTER)
    return show(request, asking, session, way, told=told_of(asking, session, told, by))


@router.post("/staff/sessions/{session_id}/scan")
def scan(
    request: Request,
    asking: InAsking,
    session_id: UUID,
    scan_id: Annotated[UUID, Form()],
    code: Annotated[str, Form()] = "",
    way: Annotated[Way, Form()] = Way.IN,
) -> Response:
    """One code that was typed, or that a scanner on a wire typed with its Enter."""
    session, by = session_for(asking, session_id, Action.ATTENDANCE_ENTER)
    answered = take(asking.runtime, session_id, Scan(scan_id, way, by.at, code=code), by)
    if answered.position is not None:
        asking.runtime.settle(answered.position)
    if answered.answer in {Answer.TAKEN, Answer.ALREADY}:
        here = f"/staff/sessions/{session_id}/scan"
        return RedirectResponse(f"{here}?way={way}&told={answered.learner_id}", status_code=303)
    return show(request, asking, session, way, answered=answered, code=code)


@router.get("/staff/sessions/{session_id}/scan/list")
def scan_list(asking: InAsking, session_id: UUID) -> Response:
    """What the device keeps for this session: names, classes, digests of codes, who is in."""
    session, by = session_for(asking, session_id, Action.ATTENDANCE_ENTER)
    kept = {
        "now": by.at.isoformat(),
        "keep_seconds": LIST_LIFE.total_seconds(),
        "standing": session.standing,
        "shift": str(shift_of(session_id, by.actor.id)),
        "people": people_of(asking, session, by),
    }
    return JSONResponse(kept, headers={"Cache-Control": "no-store"})


def show(
    request: Request,
    asking: Asking,
    session: SessionOnBoard,
    way: Way,
    *,
    told: Told | None = None,
    answered: Answered | None = None,
    code: str = "",
) -> Response:
    refusal = answered.refusal if answered else None
    response = staff_page(
        request,
        "scan.html",
        status_of(refusal.code) if refusal else 200,
        session=session,
        way=way,
        told=told,
        code=code,
        scan_id=uuid4(),
        hours=int(LIST_LIFE.total_seconds() // 3600),
        waiting=asking.runtime.models.scan_inbox.waiting_in(session.session_id),
        refusal=text_of(refusal.code, language_of(request)) if refusal else None,
    )
    response.headers["Content-Security-Policy"] = POLICY
    return response


def told_of(
    asking: Asking, session: SessionOnBoard, learner_id: UUID | None, by: Envelope
) -> Told | None:
    """Only of somebody who is in: an address names nobody else."""
    models = asking.runtime.models
    lines = models.attendances.people_of(session.session_id)
    line = lines.get(learner_id) if learner_id else None
    if learner_id is None or line is None:
        return None
    names = asking.runtime.book.vault.show([learner_id], to=by.actor, purpose=PURPOSE, at=by.at)
    places = (
        place
        for place in models.roster.places_of(learner_id)
        if (place.school_code, place.school_year) == (session.school_code, session.school_year)
    )
    name = called(names, learner_id)
    return Told(name, classes_called(places), line.checked_in_at, line.checked_out_at)


def people_of(
    asking: Asking, session: SessionOnBoard, by: Envelope
) -> list[dict[str, str | bool | None]]:
    """Everybody the session is for, once, by class and child's name."""
    models, runtime = asking.runtime.models, asking.runtime
    places = places_of(asking, session)
    names = runtime.book.vault.show(ids_of(places), to=by.actor, purpose=LIST_PURPOSE, at=by.at)
    codes = runtime.personal_codes.of({place.learner_id for place in places})
    lines = models.attendances.people_of(session.session_id)
    own = models.staff.learner_of(by.actor.id)
    found: list[dict[str, str | bool | None]] = []
    for each in one_each(places):
        learner_id = each[0].learner_id
        line = lines.get(learner_id)
        found.append(
            {
                "id": str(learner_id),
                "name": called(names, learner_id),
                "child": children_called(names, each),
                "place": classes_called(each),
                "code": digest_of(codes[learner_id]),
                "own": learner_id == own,
                "in": line.checked_in_at.isoformat() if line else None,
                "out": line.checked_out_at.isoformat() if line and line.checked_out_at else None,
            }
        )
    return sorted(found, key=lambda each: (str(each["place"]), str(each["child"])))


def places_of(asking: Asking, session: SessionOnBoard) -> list[Place]:
    lists = asking.runtime.models.roster.places_by_class(
        session.school_code, session.school_year, session.grades, day_of(session)
    )
    return [place for places in lists.values() for place in places]


def digest_of(code: str) -> str:
    """A device knows a code it reads by this, and can make no code of it."""
    return hashlib.sha256(canonical(code).encode()).hexdigest()[:32]
