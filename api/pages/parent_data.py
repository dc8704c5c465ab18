"""What is stored about a parent: to read, to take away as a file, and the phones that are bound."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api.access.rules import Action
from api.asking import InParent
from api.bootstrap import Runtime
from api.pages.enrolment import NOTICE_VERSION
from api.pages.parent_home import children_of
from api.pages.parent_words import parent_page
from domain.masking import mask_phone

router = APIRouter(include_in_schema=False)

SECRET = frozenset({"salt"})  # it would let others test a guessed name against the ledger


@router.get("/me/data")
def data_page(request: Request, asking: InParent) -> Response:
    learner_id, by = asking.own(Action.OWN_READ)
    runtime = asking.runtime
    own = fields_of(runtime, learner_id)
    return parent_page(
        request, "parent/data.html", "data",
        name=own.get("name", ""), phone=mask_phone(own["phone"]) if own.get("phone") else "",
        children=children_of(runtime, learner_id),
        consents=runtime.models.roster.consents_of(learner_id),
        attendances=len(runtime.models.attendances.attendances_of(learner_id)),
        lines=len(runtime.models.accounts.statement(learner_id)),
        certificates=len(runtime.models.certificates.certificates_of_learner(learner_id)),
        devices=runtime.logins.of_person(learner_id, by.at), notice_version=NOTICE_VERSION,
    )  # fmt: skip


@router.get("/me/data.json")
def data_file(asking: InParent) -> Response:
    """Everything, as a file that other programs read."""
    learner_id, by = asking.own(Action.OWN_READ)
    content = jsonable_encoder({"as_of": by.at, **everything(asking.runtime, learner_id)})
    headers = {
        "Content-Disposition": 'attachment; filename="parent-credits.json"',
        "Cache-Control": "no-store",
    }
    return JSONResponse(content, headers=headers)


@router.post("/me/devices/{login_id}/end")
def end_device(asking: InParent, login_id: UUID) -> Response:
    """Sign out a phone from afar."""
    learner_id, _ = asking.own(Action.OWN_DEVICES)
    asking.runtime.logins.revoke(login_id, learner_id)
    return RedirectResponse("/me/data", status_code=303)


def everything(runtime: Runtime, learner_id: UUID) -> dict[str, Any]:
    models = runtime.models
    return {
        "learner_id": learner_id,
        "details": fields_of(runtime, learner_id),
        "children": children_of(runtime, learner_id),
        "consents": models.roster.consents_of(learner_id),
        "attendances": models.attendances.attendances_of(learner_id),
        "statement": models.accounts.statement(learner_id),
        "exams": models.exams.results_of(learner_id),
        "stars": models.stars.progress_of(learner_id),
        "certificates": models.certificates.certificates_of_learner(learner_id),
    }


def fields_of(runtime: Runtime, learner_id: UUID) -> dict[str, str]:
    subjects = runtime.book.vault.open([learner_id]).values()
    return {n: value for s in subjects for n, value in s.fields.items() if n not in SECRET}
