"""Teachers that staff reach by id: the teacher's school decides, the request never does."""

from __future__ import annotations

from uuid import UUID

from api.access.actions import Action
from api.access.policy import LoginRequired, PrincipalKind
from api.access.staff_accounts import UnknownAccount
from api.asking import Asking
from api.bootstrap import Runtime
from api.reaching import unknown
from domain.envelope import Envelope
from domain.teacher import UnknownTeacher
from domain.teacher_correction import UnknownTeacherCorrection
from ledger.registry import UnknownStaff
from projections.teacher_corrections import CorrectionLine
from projections.teachers import TeacherRow


def teacher_for(asking: Asking, teacher_id: UUID, action: Action) -> tuple[TeacherRow, Envelope]:
    """Raises UnknownTeacher, Forbidden, LoginRequired."""
    found = asking.runtime.models.teachers.teacher(teacher_id)
    if found is None:
        raise unknown(asking, action, UnknownTeacher(id=teacher_id))
    return found, asking.may(action, found.school_code)


def correction_for(asking: Asking, correction_id: UUID) -> tuple[CorrectionLine, Envelope]:
    """For the second person, at the teacher's school of the day of the proposal.

    Raises UnknownTeacherCorrection, Forbidden, LoginRequired.
    """
    action = Action.TEACHER_HOURS_CORRECT_SECOND
    found = asking.runtime.models.teacher_corrections.correction(correction_id)
    if found is None:
        raise unknown(asking, action, UnknownTeacherCorrection(id=correction_id))
    return found, asking.may(action, found.school_code)


def own_teacher(asking: Asking) -> TeacherRow | None:
    """Who is asking, as a teacher, where they are one. Raises LoginRequired."""
    principal = asking.principal
    if principal is None or principal.kind is not PrincipalKind.STAFF:
        raise LoginRequired
    return asking.runtime.models.teachers.of_staff(principal.person_id)


def colleague_called(runtime: Runtime, user: str, school_code: str) -> UUID:
    """The member of staff of that user name, at that school alone. Raises UnknownStaff."""
    try:
        staff_id = runtime.accounts.owner_of(user)
    except UnknownAccount as unknown_account:
        raise UnknownStaff from unknown_account
    now = runtime.now()
    grants = runtime.grants_of(staff_id)
    if not any(grant.organisation == school_code and grant.holds(now) for grant in grants):
        raise UnknownStaff
    return staff_id
