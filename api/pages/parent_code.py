"""A parent's personal code, big: shown at the desk, it needs no network once it is loaded."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access.actions import Action
from api.asking import InParent
from api.pages.parent_home import own_name
from api.pages.parent_words import parent_page
from api.qr_path import qr_path

router = APIRouter(include_in_schema=False)


@router.get("/me/code")
def personal_code(request: Request, asking: InParent) -> Response:
    learner_id, _ = asking.own(Action.OWN_READ)
    code = asking.runtime.personal_codes.of([learner_id])[learner_id]
    name = own_name(asking.runtime, learner_id)
    return parent_page(request, "parent/code.html", "home", name=name, qr=qr_path(code))
