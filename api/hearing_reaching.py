"""Hearings that staff reach by the id of what is proposed: who tells and hears, who signs it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from api.access.actions import Action
from api.asking import Asking
from api.correcting import RIGHTS
from api.proposed import Proposed, is_waiting, of_certificate, of_correction, of_training
from api.reaching import may_too, unknown
from domain.correction import UnknownCorrection
from domain.envelope import Envelope
from domain.hearing import NoHearingNeeded
from projections.certificate_register import RegisteredCertificate
from projections.correction_board import CorrectionRow
from projections.teacher_corrections import CorrectionLine

Row = CorrectionRow | CorrectionLine | RegisteredCertificate


@dataclass(frozen=True)
class Matter:
    """Something proposed that says of one person that they cheated; `page` shows it whole."""

    id: UUID
    row: Row
    tells: Action
    signs: Action
    page: str

    @property
    def school_code(self) -> str:
        return self.row.school_code


def matter_for(asking: Asking, matter_id: UUID) -> tuple[Matter, Envelope]:
    """A matter, for those who tell and hear its person: who propose such a thing.

    Raises UnknownCorrection, Forbidden, LoginRequired.
    """
    found = _found(asking, matter_id)
    return found, asking.may(found.tells, found.school_code)


def matter_shown(asking: Asking, matter_id: UUID) -> tuple[Matter, Envelope]:
    """The same for those who sign it as well. Raises as `matter_for`."""
    found = _found(asking, matter_id)
    may_tell = may_too(asking, found.tells, found.school_code)
    return found, asking.may(found.tells if may_tell else found.signs, found.school_code)


def described(asking: Asking, matter: Matter, by: Envelope) -> Proposed:
    """As its person is told it. Raises NoHearingNeeded once it is decided, or is no fraud."""
    if not is_waiting(matter.row):
        raise NoHearingNeeded
    match matter.row:
        case CorrectionRow() as row:
            return of_correction(asking.runtime, row, by)
        case CorrectionLine() as line:
            return of_training(asking.runtime, line)
        case certificate:
            return of_certificate(asking.runtime, certificate)


def _found(asking: Asking, matter_id: UUID) -> Matter:
    models = asking.runtime.models
    if (row := models.corrections.correction(matter_id)) is not None:
        rights = RIGHTS[row.kind]
        page = f"/staff/corrections/of/{matter_id}"
        return Matter(matter_id, row, rights.propose, rights.second(row.second), page)
    if (line := models.teacher_corrections.correction(matter_id)) is not None:
        tells, signs = Action.TEACHER_HOURS_CORRECT, Action.TEACHER_HOURS_CORRECT_SECOND
        return Matter(matter_id, line, tells, signs, f"/staff/teachers/{line.school_code}")
    if (held := models.certificates.by_id(matter_id)) is not None:
        tells, signs = Action.CERTIFICATE_REVOKE_PROPOSE, Action.CERTIFICATE_REVOKE_CONFIRM
        return Matter(matter_id, held, tells, signs, f"/staff/certificates/{held.number}")
    raise unknown(asking, Action.ATTENDANCE_CORRECT, UnknownCorrection(id=matter_id))
