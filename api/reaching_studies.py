"""What earns beside sessions, reached by its id: the object names its school, the request never."""

from __future__ import annotations

from uuid import UUID

from api.access.actions import Action
from api.asking import Asking
from api.reaching import unknown
from domain.course import UnknownCourse
from domain.envelope import Envelope
from domain.external_refusals import UnknownExternalHours
from domain.micro_class import UnknownMicroClass
from domain.push import UnknownPush
from projections.course_register import CourseRow
from projections.external_book import ExternalLine
from projections.study_board import MicroClassOnBoard, PushOnBoard


def course_for(asking: Asking, course_id: UUID, action: Action) -> tuple[CourseRow, Envelope]:
    """Raises UnknownCourse, Forbidden, LoginRequired."""
    found = asking.runtime.models.courses.course(course_id)
    if found is None:
        raise unknown(asking, action, UnknownCourse(id=course_id))
    return found, asking.may(action, found.school_code)


def micro_class_for(
    asking: Asking, micro_class_id: UUID, action: Action
) -> tuple[MicroClassOnBoard, Envelope]:
    """Raises UnknownMicroClass, Forbidden, LoginRequired."""
    found = asking.runtime.models.studies.micro_class(micro_class_id)
    if found is None:
        raise unknown(asking, action, UnknownMicroClass(id=micro_class_id))
    return found, asking.may(action, found.school_code)


def push_for(asking: Asking, item_id: UUID, action: Action) -> tuple[PushOnBoard, Envelope]:
    """Raises UnknownPush, Forbidden, LoginRequired."""
    found = asking.runtime.models.studies.push(item_id)
    if found is None:
        raise unknown(asking, action, UnknownPush(id=item_id))
    return found, asking.may(action, found.school_code)


def external_for(
    asking: Asking, external_id: UUID, action: Action
) -> tuple[ExternalLine, Envelope]:
    """Raises UnknownExternalHours, Forbidden, LoginRequired."""
    found = asking.runtime.models.external_hours.line(external_id)
    if found is None:
        raise unknown(asking, action, UnknownExternalHours(id=external_id))
    return found, asking.may(action, found.school_code)
