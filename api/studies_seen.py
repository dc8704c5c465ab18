"""Micro-classes and pushes as somebody sees them: small numbers are the school's own alone."""

from __future__ import annotations

from dataclasses import replace

from api.access.actions import Action
from api.asking import Asking
from api.reaching import may_too
from domain.suppressing import shown
from projections.study_board import MicroClassOnBoard, PushOnBoard


def micro_classes_seen(asking: Asking, school_code: str) -> list[MicroClassOnBoard]:
    found = asking.runtime.models.studies.micro_classes_of(school_code)
    if is_exact(asking, school_code):
        return found
    return [replace(each, completed=shown(each.completed or 0)) for each in found]


def pushes_seen(asking: Asking, school_code: str) -> list[PushOnBoard]:
    found = asking.runtime.models.studies.pushes_of(school_code)
    if is_exact(asking, school_code):
        return found
    return [replace(each, answered=shown(each.answered or 0)) for each in found]


def is_exact(asking: Asking, school_code: str) -> bool:
    """Whoever may read the lists of attendances may count them."""
    return may_too(asking, Action.ATTENDANCE_READ, school_code)
