"""What is stored about a parent: to read, to take away as a file, and the phones that are bound."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse, RedirectResponse, Response

from api import erasing
from api.access.actions import Action
from api.asking import InParent
from api.bootstrap import Runtime
from api.details import latest_of
from api.pages.details_words import DETAILS, REASONS
from api.pages.enrolment import NOTICE_VERSION
from api.pages.erasure_words import GROUNDS, WISHES
from api.pages.parent_home import children_of, phones_of
from api.pages.parent_words import parent_page
from domain.masking import mask_phone
from domain.transfer import TransferState, TransferUnknown
from ledger.details import CHANGED_BY
from ledger.records import spoken_for
from projections.sight import sight
from projections.transfers import TransferRow

router = APIRouter(include_in_schema=False)

# The salt would let others test a guessed name against the ledger; the other is no detail.
SECRET = frozenset({"salt", CHANGED_BY})


@router.get("/me/data")
def data_page(request: Request, asking: InParent) -> Response:
    learner_id, by = asking.own(Action.OWN_READ)
    runtime = asking.runtime
    own = fields_of(runtime, learner_id)
    return parent_page(
        request, "parent/data.html", "data",
        learner_id=learner_id,
        name=own.get("name", ""),
        phone=mask_phone(own["phone"]) if own.get("phone") else "",
        children=children_of(runtime, learner_id),
        consents=runtime.models.roster.consents_of(learner_id),
        attendances=len(runtime.models.attendances.attendances_of(learner_id)),
        lines=len(runtime.models.accounts.statement(learner_id)),
        certificates=len(runtime.models.certificates.certificates_of_learner(learner_id)),
        devices=phones_of(runtime, learner_id, by.at),
        wish=latest_of(runtime, learner_id), detail_words=DETAILS, refusal_words=REASONS,
        erasure=erasing.latest_of(runtime, learner_id),
        erasure_wishes=WISHES, erasure_grounds=GROUNDS,
        leaving=leaving_of(runtime, learner_id), notice_version=NOTICE_VERSION,
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
    for record in spoken_for(asking.runtime.book.ledger, learner_id):
        asking.runtime.logins.revoke(login_id, record)
    return RedirectResponse("/me/data", status_code=303)


@router.post("/me/transfers/{transfer_id}/code")
def transfer_code(request: Request, asking: InParent, transfer_id: UUID) -> Response:
    """A code for the new school of one's child; it is shown this once."""
    learner_id, by = asking.own(Action.OWN_TRANSFER)
    runtime = asking.runtime
    if transfer_id not in {row.transfer_id for row in leaving_of(runtime, learner_id)}:
        raise TransferUnknown
    code = runtime.transfer_codes.issue(transfer_id, by.at)
    return parent_page(request, "parent/transfer_code.html", "data", code=code)


def leaving_of(runtime: Runtime, learner_id: UUID) -> list[TransferRow]:
    """The transfers of the parent's own children that wait for a new school."""
    children = {place.child_id for place in runtime.models.roster.places_of(learner_id)}
    sight().add(learners=children)
    found = runtime.models.transfers.open_of(sorted(children))
    return [row for row in found if row.state == TransferState.ANNOUNCED]


def everything(runtime: Runtime, learner_id: UUID) -> dict[str, Any]:
    models = runtime.models
    return {
        "learner_id": learner_id,
        "details": fields_of(runtime, learner_id),
        "children": children_of(runtime, learner_id),
        "consents": models.roster.consents_of(learner_id),
        "link_requests": [
            {**link, "said": fields_of(runtime, link["link_id"])}
            for link in map(asdict, models.links.of_learner(learner_id))
        ],
        "attendances": models.attendances.attendances_of(learner_id),
        "leaves": list(models.leaves.of_learner(learner_id).values()),
        "make_ups": models.leaves.make_ups_of_learner(learner_id),
        "micro_classes": models.studies.micro_classes_for(learner_id, school_year=None),
        "statement": models.accounts.statement(learner_id),
        "exams": models.exams.results_of(learner_id),
        "stars": models.stars.progress_of(learner_id),
        "certificates": models.certificates.certificates_of_learner(learner_id),
    }


def fields_of(runtime: Runtime, learner_id: UUID) -> dict[str, str]:
    subjects = runtime.book.vault.open([learner_id]).values()
    return {n: value for s in subjects for n, value in s.fields.items() if n not in SECRET}
