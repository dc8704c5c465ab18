"""Who may propose and who may sign each kind of correction, and at which school."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from api.access.actions import Action
from api.asking import Asking
from api.merging import refuse_stranger
from api.reaching import may_in, unknown
from domain.correction import (
    AttendanceOrder,
    ExamResultOrder,
    ExternalOrder,
    MergeOrder,
    Order,
    Second,
    SessionTimesOrder,
    SessionVoidOrder,
    UnknownCorrection,
    UnmergeOrder,
)
from domain.envelope import Envelope
from domain.exam import UnknownExam
from domain.external_refusals import UnknownExternalHours
from domain.session_refusals import UnknownSession
from ledger.corrections import Preview
from projections.correction_board import CorrectionRow

SchoolOf = Callable[[Asking, Order], str]


@dataclass(frozen=True)
class KindRights:
    """The right to propose a kind, to sign it as a colleague, and as the district."""

    propose: Action
    colleague: Action
    district: Action
    school_of: SchoolOf

    def second(self, second: str) -> Action:
        return self.district if second == Second.DISTRICT else self.colleague


def school_of_session(asking: Asking, order: Order) -> str:
    """Raises UnknownSession."""
    assert isinstance(order, AttendanceOrder | SessionTimesOrder | SessionVoidOrder)
    found = asking.runtime.models.sessions.session(order.session_id)
    if found is None:
        raise unknown(asking, Action.ATTENDANCE_CORRECT, UnknownSession(id=order.session_id))
    return found.school_code


def school_of_exam(asking: Asking, order: Order) -> str:
    """Raises UnknownExam."""
    assert isinstance(order, ExamResultOrder)
    found = asking.runtime.models.exams.exam(order.exam_id)
    if found is None:
        raise unknown(asking, Action.EXAM_CORRECT, UnknownExam(id=order.exam_id))
    return found.school_code


def school_of_external(asking: Asking, order: Order) -> str:
    """Raises UnknownExternalHours."""
    assert isinstance(order, ExternalOrder)
    found = asking.runtime.models.external_hours.line(order.external_id)
    if found is None:
        raise unknown(asking, Action.EXTERNAL_ENTER, UnknownExternalHours(id=order.external_id))
    return found.school_code


def school_of_people(_: Asking, order: Order) -> str:
    """Where somebody saw that two records are one person's, or are not."""
    assert isinstance(order, MergeOrder | UnmergeOrder)
    return order.school_code


_SESSIONS = KindRights(
    propose=Action.ATTENDANCE_CORRECT,
    colleague=Action.ATTENDANCE_CORRECT_SECOND,
    district=Action.SESSION_VOID_CONFIRM,
    school_of=school_of_session,
)
RIGHTS: dict[str, KindRights] = {
    "attendance": _SESSIONS,
    "session_times": _SESSIONS,
    "session_void": KindRights(
        propose=Action.SESSION_VOID_PROPOSE,
        colleague=Action.ATTENDANCE_CORRECT_SECOND,
        district=Action.SESSION_VOID_CONFIRM,
        school_of=school_of_session,
    ),
    "exam_result": KindRights(
        propose=Action.EXAM_CORRECT,
        colleague=Action.EXAM_CORRECT_SECOND,
        district=Action.SESSION_VOID_CONFIRM,
        school_of=school_of_exam,
    ),
    "external": KindRights(
        propose=Action.EXTERNAL_ENTER,
        colleague=Action.ATTENDANCE_CORRECT_SECOND,
        district=Action.EXTERNAL_CONFIRM,
        school_of=school_of_external,
    ),
    "merge": KindRights(
        propose=Action.MERGE_PROPOSE,
        colleague=Action.MERGE_APPROVE,
        district=Action.MERGE_ACROSS,
        school_of=school_of_people,
    ),
    "unmerge": KindRights(
        propose=Action.UNMERGE_PROPOSE,
        colleague=Action.MERGE_ACROSS,
        district=Action.MERGE_ACROSS,
        school_of=school_of_people,
    ),
}
READ = (
    Action.ATTENDANCE_CORRECT,
    Action.ATTENDANCE_CORRECT_SECOND,
    Action.SESSION_VOID_CONFIRM,
    Action.AUDIT_READ,
)


def proposer(asking: Asking, order: Order) -> Envelope:
    """The envelope under which an order is proposed.

    Raises Forbidden, LoginRequired; UnknownLearner for a record that nothing ties to the school.
    """
    rights = RIGHTS[order.kind]
    by = asking.may(rights.propose, rights.school_of(asking, order))
    if isinstance(order, MergeOrder):
        refuse_stranger(asking, order.school_code, (order.survivor_id, order.merged_id))
    return by


def proposing(asking: Asking, row: CorrectionRow) -> Envelope:
    """The envelope of those who propose such a correction: they take it back, and hear its person.

    Raises Forbidden, LoginRequired.
    """
    return asking.may(RIGHTS[row.kind].propose, row.school_code)


def previewed(asking: Asking, order: Order) -> Preview:
    """What an order would change, for those who may propose it."""
    return asking.runtime.book.corrections.preview(order, proposer(asking, order))


def correction_for(asking: Asking, correction_id: UUID) -> CorrectionRow:
    """A correction, for those who propose or sign in its school. Raises UnknownCorrection."""
    found = asking.runtime.models.corrections.correction(correction_id)
    if found is None:
        raise unknown(asking, Action.ATTENDANCE_CORRECT, UnknownCorrection(id=correction_id))
    may_read(asking, found.school_code)
    return found


def may_read(asking: Asking, school_code: str) -> Envelope:
    """Whoever may propose or sign something there, or audit it, may read it. Raises Forbidden."""
    organisation = asking.runtime.organisation_of(school_code)
    held = (action for action in READ if may_in(asking, action, organisation))
    return asking.may(next(held, Action.ATTENDANCE_CORRECT), school_code)


def signer(asking: Asking, row: CorrectionRow) -> Envelope:
    """The envelope under which a second person signs. Raises Forbidden, LoginRequired."""
    return asking.may(RIGHTS[row.kind].second(row.second), row.school_code)


def may_sign(asking: Asking, row: CorrectionRow) -> bool:
    """Whether the page offers the asker to sign: never to the proposer."""
    organisation = asking.runtime.organisation_of(row.school_code)
    is_proposer = asking.principal is not None and asking.principal.person_id == row.proposed_by
    action = RIGHTS[row.kind].second(row.second)
    return row.state == "waiting" and not is_proposer and may_in(asking, action, organisation)
