"""Objects that staff reach by id: the object names its organisation, the request never does."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from api.access.actions import Action
from api.access.policy import Forbidden, Organisation, allowed
from api.asking import Asking
from domain.calendar import CITY_ZONE, local_day
from domain.envelope import Envelope
from domain.exam import UnknownExam
from domain.learner import UnknownLearner
from domain.refusals import Refused
from domain.session_refusals import UnknownSession
from projections.exam_board import ExamOnBoard
from projections.roster import Place
from projections.session_board import SessionOnBoard

READS_ACCOUNTS = (Action.HISTORY_READ, Action.LEARNER_READ)


@dataclass(frozen=True)
class ReachedLearner:
    """A learner, the places where they belong, and what else the asker may see."""

    learner_id: UUID
    places: tuple[Place, ...]
    by: Envelope
    may_see_history: bool
    may_see_name: bool


def session_for(
    asking: Asking, session_id: UUID, action: Action
) -> tuple[SessionOnBoard, Envelope]:
    """Raises UnknownSession, Forbidden, LoginRequired."""
    found = asking.runtime.models.sessions.session(session_id)
    if found is None:
        raise unknown(asking, action, UnknownSession(id=session_id))
    return found, asking.may(action, found.school_code)


def exam_for(asking: Asking, exam_id: UUID, action: Action) -> tuple[ExamOnBoard, Envelope]:
    """Raises UnknownExam, Forbidden, LoginRequired."""
    found = asking.runtime.models.exams.exam(exam_id)
    if found is None:
        raise unknown(asking, action, UnknownExam(id=exam_id))
    return found, asking.may(action, found.school_code)


def exam_readable(asking: Asking, exam_id: UUID) -> tuple[ExamOnBoard, Envelope]:
    """An exam for those who enter its results and those who check them."""
    found = asking.runtime.models.exams.exam(exam_id)
    may_enter = found is not None and may_too(asking, Action.EXAM_ENTER, found.school_code)
    return exam_for(asking, exam_id, Action.EXAM_ENTER if may_enter else Action.EXAM_CHECK)


def enrolled_in(
    asking: Asking, learner_id: UUID, school_code: str, school_year: int, on: date
) -> None:
    """Raises UnknownLearner for somebody whom this school did not have any more on a day."""
    if learner_id not in asking.runtime.models.roster.learners_of(school_code, school_year, on):
        raise UnknownLearner(id=learner_id)


def day_of(session: SessionOnBoard) -> date:
    """The day whose places and ties say who a session is for."""
    return local_day(session.begins_at, CITY_ZONE)


def either(asking: Asking, actions: tuple[Action, Action], school_code: str) -> Envelope:
    """Under the first right or, without it, under the second. Raises Forbidden, LoginRequired."""
    first, second = actions
    return asking.may(first if may_too(asking, first, school_code) else second, school_code)


def learner_for(asking: Asking, learner_id: UUID) -> ReachedLearner:
    """Whoever may read a learner's history or the learner, in a school where they belong.

    Somebody whose last tie has ended belongs where they had their last place, and nowhere else.
    The id of a record that was merged leads to the one that speaks for the person.
    Raises UnknownLearner, Forbidden, LoginRequired.
    """
    learner_id = asking.runtime.book.learners.survivor_of(learner_id)
    places = tuple(asking.runtime.models.roster.last_places_of(learner_id))
    for action in READS_ACCOUNTS:
        for school_code in sorted({place.school_code for place in places}):
            if may_too(asking, action, school_code):
                return reached(asking, learner_id, places, asking.may(action, school_code))
    raise unknown(asking, Action.HISTORY_READ, UnknownLearner(id=learner_id), is_there=bool(places))


def may_read_accounts(asking: Asking, school_code: str) -> bool:
    """Whether a page may lead to the accounts of a school's learners."""
    return any(may_too(asking, each, school_code) for each in READS_ACCOUNTS)


def reached(
    asking: Asking, learner_id: UUID, places: tuple[Place, ...], by: Envelope
) -> ReachedLearner:
    schools = {place.school_code for place in places}
    return ReachedLearner(
        learner_id,
        places,
        by,
        may_see_history=any(may_too(asking, Action.HISTORY_READ, code) for code in schools),
        may_see_name=any(may_too(asking, Action.LEARNER_READ, code) for code in schools),
    )


def may_too(asking: Asking, action: Action, school_code: str) -> bool:
    """Whether a page may offer something; doing it is asked again by its own route."""
    return may_in(asking, action, asking.runtime.organisation_of(school_code))


def may_in(asking: Asking, action: Action, organisation: Organisation) -> bool:
    """The same where the organisation is known already: a page asks for many rights at once."""
    if asking.principal is None:
        return False
    return allowed(asking.principal, action, organisation, asking.runtime.now()) is not None


def unknown(asking: Asking, action: Action, refusal: Refused, *, is_there: bool = False) -> Refused:
    """What is not there looks like what is foreign, except to those who may see everything."""
    asking.may_in(action, Organisation())
    return Forbidden(action=action.value) if is_there else refusal
