"""Which fact of a history took back or replaced which: the brackets of a timeline."""

from __future__ import annotations

from collections.abc import Iterable

from domain.account import Account
from domain.aggregate import LedgerEvent
from domain.attendance import Attendance
from domain.certificate import Certificate
from domain.evaluation import Evaluation
from domain.exam_attempt import Attempt
from projections.history import HistoryLine

Key = tuple[object, ...]

RESULTS = (
    Attempt.Marked,
    Attempt.PaperResultChecked,
    Attempt.OralResultWitnessed,
    Attempt.ResultCorrected,
)


def reversals(lines: Iterable[HistoryLine]) -> dict[int, int]:
    """By the position of what no longer stands: the position of the fact that ended it."""
    standing: dict[Key, int] = {}
    found: dict[int, int] = {}
    for line in lines:
        ended, made = ends(line.event), makes(line.event)
        if ended in standing:
            found[standing.pop(ended)] = line.position
        if made is not None:
            standing[made] = line.position
    return found


def makes(event: LedgerEvent) -> Key | None:
    """What stands by a fact."""
    stream = event.originator_id
    match event:
        case Account.CreditAwarded(credit=credit):
            return ("credit", credit.entry_id)
        case Attendance.Assessed() | Certificate.Issued():
            return ("itself", stream)
        case Evaluation.CompletionReached(kind=kind, period=period):
            return ("completion", stream, kind, period)
        case Certificate.RevocationProposed():
            return ("revocation", stream)
        case event if isinstance(event, RESULTS):
            return ("result", stream)
        case _:
            return None


def ends(event: LedgerEvent) -> Key | None:
    """What stands no longer by a fact."""
    stream = event.originator_id
    match event:
        case Account.CreditReversed(entry_id=entry_id):
            return ("credit", entry_id)
        case Attendance.Corrected() | Certificate.Revoked() | Certificate.Reissued():
            return ("itself", stream)
        case Evaluation.CompletionWithdrawn(kind=kind, period=period):
            return ("completion", stream, kind, period)
        case Certificate.RevocationDropped():
            return ("revocation", stream)
        case Attempt.ResultCorrected() | Attempt.ResultVoided():
            return ("result", stream)
        case _:
            return None
