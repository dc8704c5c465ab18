"""A parent's leave from a session to come: two taps, a category and nothing more."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form
from fastapi.responses import RedirectResponse, Response

from api.access.actions import Action
from api.asking import InParent
from domain.leave import LeaveCategory

router = APIRouter(include_in_schema=False)


@router.post("/me/sessions/{session_id}/leave")
def request(
    asking: InParent, session_id: UUID, category: Annotated[LeaveCategory, Form()]
) -> Response:
    learner_id, by = asking.own(Action.OWN_LEAVE)
    position = asking.runtime.book.leaves.request(session_id, learner_id, category, by)
    asking.runtime.settle(position)
    return RedirectResponse("/me", status_code=303)
