"""Who of the staff looked at a parent's data: role, school, day and why. Nobody's name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import InParent
from api.pages.access_words import PURPOSES
from api.pages.organisations import organisation_names
from api.pages.parent_words import parent_page
from ledger.access_log import Wanted
from ledger.records import spoken_for

router = APIRouter(include_in_schema=False)

LOOKS_ON_A_PAGE = 30


@router.get("/me/looks")
def looks(
    request: Request, asking: InParent, before: Annotated[int | None, Query(ge=1)] = None
) -> Response:
    learner_id, _ = asking.own(Action.OWN_READ)
    runtime = asking.runtime
    wanted = Wanted(subjects=spoken_for(runtime.book.ledger, learner_id), before=before)
    found = runtime.book.vault.access_log.looks(wanted, LOOKS_ON_A_PAGE + 1)
    shown = found[:LOOKS_ON_A_PAGE]
    return parent_page(
        request,
        "parent/looks.html",
        "data",
        looks=shown,
        older=shown[-1].entry if len(found) > LOOKS_ON_A_PAGE else None,
        names=organisation_names(runtime, (look.organisation for look in shown)),
        purposes=PURPOSES,
    )
