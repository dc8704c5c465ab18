"""The passbook as a download: a parent's own, and a learner's that staff hand out on a stick."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter
from fastapi.responses import Response

from api.access.actions import Action
from api.access.record_codes import learner_code
from api.asking import InAsking, InParent
from api.facts import history_for
from api.passbook.file import Passbook
from api.passbook.making import passbook_of
from api.passbook.words import PURPOSE
from api.rendering import local

router = APIRouter(include_in_schema=False)


@router.get("/me/passbook.json")
def own_passbook(asking: InParent) -> Response:
    learner_id, _ = asking.own(Action.OWN_READ)
    return handed_out(passbook_of(asking.runtime, learner_id))


@router.get("/staff/learners/{learner_id}/passbook.json")
def passbook_for(asking: InAsking, learner_id: UUID) -> Response:
    """For a parent without a phone. The look is logged before anything is handed out."""
    reached = history_for(asking, learner_id)
    log, by = asking.runtime.book.vault.access_log, reached.by
    log.note([reached.learner_id], by.actor, PURPOSE, by.at)
    return handed_out(passbook_of(asking.runtime, reached.learner_id))


def handed_out(book: Passbook) -> Response:
    name = f"学时存折-{learner_code(book.learner_id)}-{local(book.as_of, '%Y-%m-%d')}.json"
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "Cache-Control": "private, no-store",
    }
    return Response(book.as_bytes(), media_type="application/json", headers=headers)
